import LSTMEngine
package import LabFormats
import LabStore

/// When each sample was learnt, and how sure the model was of it meanwhile, from the stored weights of every
/// epoch.
///
/// Forgetting events: Toneva and others, "An Empirical Study of Example Forgetting during Deep Neural Network
/// Learning", ICLR 2019. Confidence, variability, correctness: Swayamdipta and others, "Dataset Cartography", EMNLP
/// 2020.
package struct LearnedSamples: Answer {
  /// What a sample was to the model over the epochs.
  struct LearnedSample {
    let number: Int
    /// What it should be, as predictions have it.
    let target: Table.Cell
    /// The first epoch from which it stays right; nil where it is wrong at the end.
    var learned: Int?
    /// How often it was right in an epoch and wrong in the next one that is looked at.
    var forgotten = 0
    /// Mean over the epochs of the probability of what it should be.
    var confidence = 0.0
    /// Standard deviation of that over the epochs.
    var variability = 0.0
    /// The share of epochs in which it was right.
    var correctness = 0.0
    /// `easy`, `ambiguous` or `hard`.
    var region = ""
  }

  private let heading: String
  private let counted: CountedEpochs
  private var epochs: [Int] { counted.numbers }
  private let identity: SampleIdentity
  let samples: [LearnedSample]
  /// What the rows are sorted by.
  private let sort: Sort
  /// The most rows that people are shown.
  private let limit: Int

  /// What rows can be sorted by.
  package enum Sort: String, CaseIterable, Sendable {
    case sample, learned, forgotten, confidence, variability, correctness
  }

  /// Computes every sample with the weights of every epoch from 1 on that has some.
  ///
  /// - Throws: `LabError` where the model predicts numbers, of which none is right or wrong.
  init(_ opened: OpenedRun, _ model: MeasuredModel, sort: Sort, limit: Int) throws {
    let applied = model.applied
    guard model.kind != .numbers else {
      throw LabError(
        .usage, "run \(opened.id) predicts numbers, of which none is right or wrong",
        where: opened.place,
        next: "see how far off each is: lstm-lab predict \(opened.id)\(opened.database.option)")
    }
    let counted = try CountedEpochs(opened, command: "learned")
    let epochs = counted.numbers
    var tallies = [Tally](repeating: Tally(), count: applied.samples.count)
    for epoch in epochs {
      let outputs = model.measured(with: try opened.weights(at: epoch, for: applied.network))
        .outputs
      for sample in tallies.indices {
        tallies[sample].add(Self.look(at: sample, outputs, model), epoch: epoch)
      }
    }
    samples = Self.placed(
      tallies.enumerated().map { number, tally in
        tally.sample(number, target: applied.target(of: number), epochs: epochs.count)
      })
    self.counted = counted
    identity = try SampleIdentity(applied, label: nil)
    heading = "\(applied.weights.heading): \(applied.description)"
    self.sort = sort
    self.limit = limit
  }

  /// Whether a sample is right, and how likely what it should be was, over its rows.
  private static func look(
    at sample: Int, _ outputs: [Float], _ model: MeasuredModel
  ) -> (isRight: Bool, confidence: Double) {
    let applied = model.applied
    let rows =
      applied.network.outputHasSteps ? applied.samples.rows(of: sample) : sample..<sample + 1
    let width = applied.network.outputs
    let targets = applied.samples.outputTargets
    var isRight = true
    var confidence = 0.0
    for row in rows {
      let own = outputs[row * width..<(row + 1) * width]
      if model.kind == .labels, case .values(let values, _) = targets {
        for (output, target) in zip(own, values[row * width..<(row + 1) * width]) {
          isRight = isRight && (output > 0.5) == (target > 0.5)
          confidence += Double(target > 0.5 ? output : 1 - output) / Double(width)
        }
        continue
      }
      let target = model.kind.target(targets, row: row)
      isRight = isRight && target == model.kind.predicted(own)
      switch (model.kind, target) {
      case (.second, let target?):
        confidence += Double(target == 1 ? own[own.startIndex] : 1 - own[own.startIndex])
      case (_, let target?): confidence += Double(own[own.startIndex + target])
      case (_, nil): break
      }
    }
    return (isRight, confidence / Double(max(1, rows.count)))
  }

  /// Names each sample's region: the third with the greatest variability is ambiguous, of the rest those are easy
  /// whose mean probability is at least ½.
  private static func placed(_ samples: [LearnedSample]) -> [LearnedSample] {
    let order = samples.map(\.variability).sorted(by: >)
    let least = order.isEmpty ? 0 : order[min(order.count - 1, order.count / 3)]
    return samples.map { sample in
      var sample = sample
      let isAmbiguous = sample.variability > least
      sample.region = isAmbiguous ? "ambiguous" : sample.confidence >= 0.5 ? "easy" : "hard"
      return sample
    }
  }
}

/// What is counted of a sample from epoch to epoch.
private struct Tally {
  private var wasRight = false
  private var rights = 0
  private var forgotten = 0
  private var learned: Int?
  private var probabilities: [Double] = []

  mutating func add(_ look: (isRight: Bool, confidence: Double), epoch: Int) {
    if look.isRight {
      rights += 1
      if !wasRight { learned = epoch }
    } else {
      if wasRight { forgotten += 1 }
      learned = nil
    }
    wasRight = look.isRight
    probabilities.append(look.confidence)
  }

  func sample(_ number: Int, target: Table.Cell, epochs: Int) -> LearnedSamples.LearnedSample {
    let count = Double(epochs)
    let mean = probabilities.reduce(0, +) / count
    let squares = probabilities.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return LearnedSamples.LearnedSample(
      number: number, target: target, learned: learned, forgotten: forgotten, confidence: mean,
      variability: (squares / count).squareRoot(), correctness: Double(rights) / count)
  }
}

// MARK: Forms

extension LearnedSamples {
  private var sorted: [LearnedSample] {
    let last = epochs.last ?? 0
    func key(_ sample: LearnedSample) -> Double {
      switch sort {
      case .sample: Double(sample.number)
      case .learned: -Double(sample.learned ?? last + 1)
      case .forgotten: -Double(sample.forgotten)
      case .confidence: sample.confidence
      case .variability: -sample.variability
      case .correctness: sample.correctness
      }
    }
    return samples.sorted { (key($0), $0.number) < (key($1), $1.number) }
  }

  /// A row a sample, those first that the model found hardest.
  package var table: Table { table(of: sorted) }

  /// A row each of the samples that were hardest to learn.
  var hardest: Table { table(of: Array(sorted.prefix(limit))).droppingEmptyColumns() }

  private func table(of samples: [LearnedSample]) -> Table {
    var titles = ColumnTitles()
    let own: [Table.Column] = [
      .init(titles.add("learned", as: "column"), .integer),
      .init(titles.add("forgotten", as: "column"), .integer),
      .init(titles.add("confidence", as: "column"), .number),
      .init(titles.add("variability", as: "column"), .number),
      .init(titles.add("correctness", as: "column"), .number),
      .init(titles.add("region", as: "column"), .text),
      .init(titles.add("target", as: "column"), .text),
    ]
    return Table(
      columns: identity.columns(&titles) + own,
      rows: samples.map { sample in
        identity.cells(of: sample.number) + [
          sample.learned.map(Table.Cell.integer) ?? .null, .integer(sample.forgotten),
          .real(sample.confidence), .real(sample.variability), .real(sample.correctness),
          .text(sample.region), sample.target,
        ]
      })
  }

  /// Everything, and the epochs that were looked at.
  package var jsonText: JSONText {
    .lines(["epochs": .array(epochs.map(JSONText.integer))], ["samples": .table(table)])
  }

  /// Returns how many samples are what, and the hardest.
  package func text(on screen: Screen) -> String {
    let learned = samples.count { $0.learned != nil }
    let forgotten = samples.count { $0.forgotten > 0 }
    func count(_ region: String) -> String {
      NumberText.count(samples.count { $0.region == region })
    }
    let facts = [
      Fact("epochs", "\(epochs.count), \(counted.range)\(counted.missing)"),
      Fact("learned", "\(NumberText.count(learned)) of \(NumberText.count(samples.count))"),
      Fact("forgotten", "\(NumberText.count(forgotten)) at least once"),
      Fact(
        "regions", "\(count("easy")) easy, \(count("ambiguous")) ambiguous, \(count("hard")) hard"),
    ]
    let shown = sorted.prefix(limit)
    let rest =
      shown.count < samples.count
      ? "\n"
        + WrappedText.lines(
          "The first \(shown.count) by \(sort.rawValue); --limit shows more, --csv has every one.",
          width: screen.columns) : "\n"
    let fit = TableFit(important: ["learned", "forgotten", "confidence"], mostTurned: 0)
    return WrappedText.lines(heading, width: screen.columns) + "\n"
      + facts.text(width: screen.columns) + rest
      + table(of: Array(shown)).droppingEmptyColumns().text(fitting: screen.columns, fit)
  }
}

extension OpenedRun {
  /// The weights of an epoch as the engine's tensors have them.
  func weights(at epoch: Int, for network: NetworkDescription) throws -> [[Float]] {
    let layout = ParameterLayout(network.layers, features: network.features)
    return StoredWeights.values(try weights(at: epoch), for: layout)
  }
}
