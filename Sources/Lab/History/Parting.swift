import LSTMEngine
package import LabFormats
import LabStore

/// Where two runs with a common start parted: the first epoch that differs, and by which gates and samples.
package struct Parting: Answer {
  /// Two states of one epoch, a run's each.
  struct Pair {
    let epoch: Int
    /// The Euclidean distance of their weights.
    let distance: Double
    /// The mean loss of the samples with each.
    let losses: (a: Double, b: Double)
  }

  /// A sample's loss with the weights of each run.
  struct SampleLoss {
    let first: (a: Double, b: Double)
    let last: (a: Double, b: Double)
  }

  private let heading: String
  private let facts: [Fact]
  let pairs: [Pair]
  /// The gates at the first epoch that differs, and at the last that both have.
  private let gates: (first: WeightDifference, last: WeightDifference)?
  private let samples: [SampleLoss]
  private let identity: SampleIdentity
  private let common: Int
  /// What of the settings of the first became what of the second.
  private let changes: [ConfigChange]
  private let ids: (a: Int64, b: Int64)
  /// The most rows of each list that people are shown.
  package var top = 10

  /// Whether they parted at all.
  package var isDifferent: Bool { !pairs.isEmpty }

  /// As many epochs are measured, evenly spread, the first that differs and the last among them.
  private static let mostPairs = 100

  init(
    _ a: OpenedRun, _ b: OpenedRun, applied: AppliedEpoch, resources: TrainingSession.Resources
  ) throws {
    ids = (a.id, b.id)
    let last = min(a.run.epochs, b.run.epochs)
    let first = max(try a.firstKnownEpoch, try b.firstKnownEpoch)
    common = try Self.lastCommonEpoch(a, b, from: first, upTo: last)
    changes = try ConfigChange.between(
      a.run.config, b.run.config, in: ["data", "model", "training"])
    var facts = [
      Fact("common", "epochs \(first) to \(common), to the bit"),
      Fact(
        "settings",
        changes.isEmpty
          ? "the same data, model and training"
          : changes.map { change in
            let value = Visible.shortened(Visible.line(change.value), to: 60)
            return "\(Visible.line(change.path)) became \(value)"
          }.joined(separator: "; ")),
    ]
    identity = try SampleIdentity(applied, label: nil)
    heading =
      "Run \(a.id), \(Visible.line(a.run.name)), and run \(b.id), \(Visible.line(b.run.name)): "
      + applied.description
    guard common < last else {
      facts.append(Fact("parted", "not up to epoch \(last), which is the last that both have"))
      self.facts = facts
      (pairs, samples, gates) = ([], [], nil)
      return
    }
    facts.append(Fact("parted", "in epoch \(common + 1)"))
    self.facts = facts
    let measured = try Self.measured(
      a, b, Self.thinned(Array(common + 1...last)), applied, resources)
    (pairs, samples) = (measured.pairs, measured.samples)
    func difference(_ epoch: Int) throws -> WeightDifference {
      WeightDifference(
        try StoredWeights(a.holding(epoch), at: epoch),
        try StoredWeights(b.holding(epoch), at: epoch))
    }
    gates = (try difference(common + 1), try difference(last))
  }

  private static func thinned(_ epochs: [Int]) -> [Int] {
    guard epochs.count > mostPairs else { return epochs }
    return (0..<mostPairs).map { epochs[$0 * (epochs.count - 1) / (mostPairs - 1)] }
  }

  /// The last epoch whose state has the same hash in both; hashes are chained, so all before are the same.
  private static func lastCommonEpoch(
    _ a: OpenedRun, _ b: OpenedRun, from first: Int, upTo last: Int
  ) throws -> Int {
    func isCommon(_ epoch: Int) throws -> Bool {
      // That of an epoch is what the next one is chained to.
      let hashes = try (a.hash(before: epoch + 1), b.hash(before: epoch + 1))
      return hashes.0 != nil && hashes.0 == hashes.1
    }
    guard try first <= last && isCommon(first) else {
      let reason =
        first == 0
        ? "their first weights differ"
        : "epoch \(first) differs, and what was before it is gone with a run that was deleted"
      throw LabError(
        .usage, "runs \(a.id) and \(b.id) have no common start: \(reason)",
        where: a.database.path,
        next: "compare two of their epochs: lstm-lab diff \(a.id) \(b.id)\(a.database.option)")
    }
    var (known, open) = (first, last + 1)
    while open - known > 1 {
      let middle = (known + open) / 2
      if try isCommon(middle) { known = middle } else { open = middle }
    }
    return known
  }

  private static func measured(
    _ a: OpenedRun, _ b: OpenedRun, _ epochs: [Int], _ applied: AppliedEpoch,
    _ resources: TrainingSession.Resources
  ) throws -> (pairs: [Pair], samples: [SampleLoss]) {
    let network = resources.network(applied.network.forLooking(at: applied.samples))
    let all = Array(0..<applied.samples.count)
    func look(_ run: OpenedRun, _ epoch: Int) throws -> (weights: [[Float]], losses: [Double]) {
      let weights = try run.holding(epoch).weights(at: epoch, for: applied.network)
      network.restore(weights: weights, slots: nil, iterations: 0)
      return (weights, network.losses(of: all, in: applied.samples))
    }
    func mean(_ losses: [Double]) -> Double { losses.reduce(0, +) / Double(losses.count) }
    var pairs: [Pair] = []
    var first: (a: [Double], b: [Double])?
    var last: (a: [Double], b: [Double]) = ([], [])
    for epoch in epochs {
      let (own, other) = (try look(a, epoch), try look(b, epoch))
      let squares = zip(own.weights.joined(), other.weights.joined()).reduce(0.0) {
        let change = Double($1.1) - Double($1.0)
        return $0 + change * change
      }
      pairs.append(
        Pair(
          epoch: epoch, distance: squares.squareRoot(),
          losses: (mean(own.losses), mean(other.losses))))
      last = (own.losses, other.losses)
      if first == nil { first = last }
    }
    let samples = all.map { sample in
      SampleLoss(
        first: (first?.a[sample] ?? .nan, first?.b[sample] ?? .nan),
        last: (last.a[sample], last.b[sample]))
    }
    return (pairs, samples)
  }
}

extension OpenedRun {
  /// The first epoch whose state is known: 0, or where a run that this one descends from was deleted, the
  /// one that was taken over from it.
  fileprivate var firstKnownEpoch: Int {
    get throws {
      var run = run
      var line: Set<Int64> = []
      while let first = run.parentEpoch {
        guard let parent = run.parentRunID, line.insert(run.runID).inserted else { return first }
        run = try database.run(parent)
      }
      return 0
    }
  }

  /// The run in which this one's epoch was trained: itself, or one that it descends from.
  fileprivate func holding(_ epoch: Int) throws -> OpenedRun {
    var run = run
    var line: Set<Int64> = []
    while let first = run.parentEpoch, epoch < first, let parent = run.parentRunID,
      line.insert(run.runID).inserted
    { run = try database.run(parent) }
    return run.runID == id
      ? self : OpenedRun(run, in: database, dataFolder: dataFolder)
  }
}

// MARK: Forms

extension Parting {
  /// A row an epoch that both have after the common ones.
  package var table: Table {
    Table(
      columns: [
        .init("epoch", .integer), .init("distance", .number), .init("loss_a", .metric),
        .init("loss_b", .metric),
      ],
      rows: pairs.map {
        [.integer($0.epoch), .real($0.distance), .real($0.losses.a), .real($0.losses.b)]
      })
  }

  /// A row a sample: its loss in the first epoch that differs and in the last.
  private func sampleTable(_ numbers: [Int]) -> Table {
    var titles = ColumnTitles()
    let columns =
      identity.columns(&titles)
      + ["first_a", "first_b", "last_a", "last_b"].map {
        Table.Column(titles.add($0, as: "loss"), .metric)
      }
    return Table(
      columns: columns,
      rows: numbers.map { number in
        let sample = samples[number]
        return identity.cells(of: number) + [
          .real(sample.first.a), .real(sample.first.b), .real(sample.last.a), .real(sample.last.b),
        ]
      })
  }

  /// Everything.
  package var jsonText: JSONText {
    .lines(
      [
        "a": .integer(Int(ids.a)), "b": .integer(Int(ids.b)), "common": .integer(common),
        "parted": isDifferent ? .integer(common + 1) : .null,
      ],
      [
        "settings": .array(
          changes.map { .object(["path": .string($0.path), "value": .string($0.value)]) })
      ],
      ["epochs": .table(table)],
      ["gates_first": gates.map { .table($0.first.partTable) } ?? .array([])],
      ["gates_last": gates.map { .table($0.last.partTable) } ?? .array([])],
      ["samples": .table(sampleTable(Array(samples.indices)))])
  }

  /// Returns the facts and all tables in Markdown.
  package func markdown() -> String {
    let tables =
      [gates?.first.partTable, gates?.last.partTable].compactMap(\.self)
      + (isDifferent ? [sampleTable(Array(samples.indices)), table] : [])
    return "\(Table.paragraph(heading))\n\n"
      + facts.map { "* \($0.name): \(Table.paragraph($0.value))\n" }.joined() + "\n"
      + tables.map { $0.markdown() }.joined(separator: "\n")
  }

  /// Returns where they parted, by which gates, by which samples, and how far they came apart.
  package func text(on screen: Screen) -> String {
    var parts = [
      WrappedText.lines(heading, width: screen.columns) + "\n" + facts.text(width: screen.columns)
    ]
    if let gates, let first = pairs.first, let last = pairs.last {
      for (difference, epoch) in [(gates.first, first.epoch), (gates.last, last.epoch)]
      where epoch == first.epoch || last.epoch > first.epoch {
        parts.append(
          "Gates in epoch \(epoch):\n"
            + difference.partTable.dropping(["norm_a", "norm_b"])
            .text(fitting: screen.columns, WeightDifference.partFit))
        if first.epoch == last.epoch { break }
      }
      let order = samples.indices.sorted { x, y in
        func change(_ index: Int) -> Double {
          abs(samples[index].first.b - samples[index].first.a)
        }
        return (-change(x), x) < (-change(y), y)
      }
      parts.append(
        WrappedText.lines(
          "Samples whose losses parted most in epoch \(first.epoch), and what became of them by epoch \(last.epoch):",
          width: screen.columns)
          + sampleTable(Array(order.prefix(top))).text(fitting: screen.columns))
      let shown = pairs.count <= top ? pairs.indices.map(\.self) : spread(top)
      let table = table
      parts.append(
        WrappedText.lines(
          "How far they came apart\(shown.count < pairs.count ? "; --csv has every epoch" : ""):",
          width: screen.columns)
          + Table(columns: table.columns, rows: shown.map { table.rows[$0] })
          .text(fitting: screen.columns))
    }
    return parts.joined(separator: "\n")
  }

  /// So many places among the pairs, evenly spread.
  private func spread(_ count: Int) -> [Int] {
    guard count > 1 else { return Array(pairs.indices.suffix(count)) }
    return (0..<count).map { $0 * (pairs.count - 1) / (count - 1) }
  }
}

extension Laboratory {
  /// Finds where two runs with a common start parted.
  ///
  /// - Parameter split: The part of the first run's data whose losses are compared; by default that which it
  ///   was trained with.
  package func parting(
    _ a: String, _ b: String, split: String?, resources: TrainingSession.Resources
  ) throws -> Parting {
    let database = try reading()
    let runs = try [a, b].map { text in
      try open(whole: text, in: database, "a parting is looked for in all epochs of a run") {
        run, _ in "name the run alone: lstm-lab diff \(run) … --since-fork"
      }
    }
    for run in runs {
      try run.requireOwn(
        toDo: "its hashes are not chained to a common start",
        next: "compare two of its epochs: lstm-lab diff \(a) \(b)\(database.option)")
    }
    let tensors = try runs.map { try database.tensors(of: $0.id) }
    guard tensors[0] == tensors[1] else {
      throw LabError(
        .usage, "the weights of runs \(runs[0].id) and \(runs[1].id) are not the same tensors",
        where: path, next: "name two runs of one model")
    }
    return try Parting(
      runs[0], runs[1],
      applied: applied(runs[0], nil, split: split ?? DataSplit.train.rawValue, targets: .required),
      resources: resources)
  }
}
