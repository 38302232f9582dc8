package import LabFormats

/// The runs of one configuration that are to be trained: each fold, and of each fold all seeds.
package struct RepeatList: Sendable {
  /// How the samples are cut, and the folds that are trained; nil for no folds.
  package let folds: (of: ValidationFolds, numbers: SeedList)?
  /// The seeds; nil for that of the configuration.
  package let seeds: SeedList?

  /// Lists runs of seeds, or the one of the configuration's own seed.
  package init(seedsOrNone seeds: SeedList?) { self.init(nil, seeds) }

  /// Lists runs of seeds alone.
  package init(seeds: SeedList) { self.init(nil, seeds) }

  /// Lists runs of folds.
  ///
  /// - Parameters:
  ///   - option: What the number of folds was given to.
  ///   - numbers: The folds that are wanted; nil for all.
  package init(
    _ kind: ValidationFolds.Kind, _ count: Int, option: String, only numbers: String?,
    seeds: SeedList?
  ) throws(LabError) {
    guard (2...SeedList.limit).contains(count) else {
      throw LabError(
        .usage, "there cannot be \(count) fold\(count == 1 ? "" : "s")", where: option,
        next: "allowed: 2 to \(SeedList.limit)")
    }
    let wanted = try numbers.map { text throws(LabError) in
      try SeedList(text, of: "fold", where: "--fold")
    }
    if let unknown = wanted?.seeds.first(where: { $0 >= count }) {
      throw LabError(
        .usage, "there is no fold \(unknown) of \(count)", where: "--fold",
        next: "allowed: 0 to \(count - 1)")
    }
    let all = SeedList(Array(0..<count))
    self.init((ValidationFolds(count, fold: 0, kind), wanted ?? all), seeds)
    guard runs.count <= SeedList.limit else {
      throw LabError(
        .usage, "folds and seeds make \(runs.count) runs", where: "\(option), --seeds",
        next: "name fewer at a time: at most \(SeedList.limit) runs")
    }
  }

  private init(_ folds: (of: ValidationFolds, numbers: SeedList)?, _ seeds: SeedList?) {
    self.folds = folds
    self.seeds = seeds
  }

  /// All runs in their order.
  package var runs: [RepeatedRun] {
    let seeds: [Int?] = seeds?.seeds ?? [nil]
    let numbers: [Int?] = folds?.numbers.seeds ?? [nil]
    return numbers.flatMap { fold in seeds.map { RepeatedRun(fold: fold, seed: $0) } }
  }

  /// `seeds 1..3`, `folds 0..4`, `folds 0..4, seeds 1..3`.
  package var text: String {
    let lists = [("fold", folds?.numbers), ("seed", seeds)]
    return lists.compactMap { noun, list in
      list.map { "\(noun)\($0.seeds.count == 1 ? "" : "s") \($0)" }
    }.joined(separator: ", ")
  }

  /// The options of the command that trains them.
  package var options: String {
    let kinds: [ValidationFolds.Kind: String] = [
      .blocks: "--folds ", .stratified: "--stratify --folds ", .rolling: "--rolling ",
    ]
    let cut = folds.map { folds, numbers in
      let areAll = numbers.seeds == Array(0..<folds.count)
      return (kinds[folds.kind] ?? "") + "\(folds.count)" + (areAll ? "" : " --fold \(numbers)")
    }
    return [cut, seeds.map { "--seeds \($0)" }].compactMap(\.self).joined(separator: " ")
  }

  /// Returns the configuration of a run.
  func config(_ config: Config, of run: RepeatedRun) throws(LabError) -> Config {
    guard let number = run.fold, var folds = folds?.of else { return config }
    folds.fold = number
    return try config.validating(with: folds)
  }

  /// What is left when so many are begun: the other seeds of the fold that was begun last, and the other
  /// folds.
  package func left(after count: Int) -> [RepeatList] {
    guard let (kind, numbers) = folds else {
      let left = SeedList(Array((seeds?.seeds ?? []).dropFirst(count)))
      return left.seeds.isEmpty ? [] : [RepeatList(nil, left)]
    }
    let (whole, rest) = count.quotientAndRemainder(dividingBy: seeds?.seeds.count ?? 1)
    var others = numbers.seeds.dropFirst(whole)
    var lists: [RepeatList] = []
    if rest > 0, let seeds, let first = others.popFirst() {
      let left = SeedList(Array(seeds.seeds.dropFirst(rest)))
      lists.append(RepeatList((kind, SeedList([first])), left))
    }
    if !others.isEmpty { lists.append(RepeatList((kind, SeedList(Array(others))), seeds)) }
    return lists
  }
}
