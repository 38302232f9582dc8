extension Dataset {
  /// The fold that each sample is validated with in, (N): scikit-learn's `KFold`, or its `StratifiedKFold`,
  /// without shuffling.
  func places(inFoldsOf folds: ValidationFolds) -> [Int] {
    guard folds.kind == .stratified else { return Self.blocks(of: samples, in: folds.count) }
    let (ofSample, counts) = targetGroups
    return Self.stratified(ofSample, counts: counts, in: folds.count)
  }

  /// Returns samples in their order; the first n mod K folds have one more than the others.
  static func blocks(of samples: Int, in folds: Int) -> [Int] {
    (0..<folds).flatMap { fold in
      [Int](repeating: fold, count: samples / folds + (fold < samples % folds ? 1 : 0))
    }
  }

  /// Returns the samples of each class by themselves, in their order.
  ///
  /// Samples sorted by class are dealt out like cards, which says how many of a class each fold has:
  /// of a class, and of all, the numbers differ by one at most.
  /// - Parameters:
  ///   - classes: Of each sample; they are numbered by their first samples.
  ///   - counts: How many samples each class has.
  static func stratified(_ classes: [Int], counts: [Int], in folds: Int) -> [Int] {
    var first = 0
    let ofClasses = counts.map { count in
      defer { first += count }
      return (first..<first + count).map { $0 % folds }.sorted()
    }
    var seen = [Int](repeating: 0, count: counts.count)
    return classes.map { number in
      defer { seen[number] += 1 }
      return ofClasses[number][seen[number]]
    }
  }
}

extension SeriesTable {
  /// Cuts each series in time, as scikit-learn's `TimeSeriesSplit` does: with n rows the last K · ⌊n / (K + 1)⌋
  /// are K folds; one is validated with, the rows before it are trained on.
  func cut(_ folds: ValidationFolds) -> (first: SeriesTable, last: SeriesTable) {
    let blocks = lengths.map { $0 / (folds.count + 1) }
    let head = upTo(folds)
    let firsts = zip(head.lengths, blocks).map { $0 - $1 }
    return (head.part(firsts, fromEnd: false), head.part(blocks, fromEnd: true))
  }

  /// The rows of each series up to the end of the fold that is validated with.
  func upTo(_ folds: ValidationFolds) -> SeriesTable {
    let later = folds.count - folds.fold - 1
    return part(lengths.map { $0 - later * ($0 / (folds.count + 1)) }, fromEnd: false)
  }
}
