package import LabFormats
import LabStore

/// Whether two runs are the same to the bit, and if not, where they part.
package struct BitComparison: Answer {
  /// The two runs.
  let a, b: StoredRun
  /// What they were not given alike: settings, parts of the data, initial weights.
  let differences: [String]
  /// The number of epochs that both have.
  let common: Int
  /// The first and last epoch that both have.
  let range: ClosedRange<Int>
  /// The first epoch whose hash differs; nil where all are the same.
  let firstEpoch: Int?
  /// The first epoch from there on of which both have weights that differ, and the first differing
  /// tensor in canonical order; nil where no such weights are stored.
  let firstTensor: (epoch: Int, name: String)?
  /// The option that names the database in an advised command.
  private let option: String

  /// Whether any common epoch differs.
  package var isDifferent: Bool { firstEpoch != nil }

  /// Compares the hashes of all epochs that both have, then the weights of the first that differ.
  init(
    _ a: StoredRun, _ b: StoredRun, _ differences: [String], in database: LabDatabase
  ) throws {
    self.a = a
    self.b = b
    self.differences = differences
    option = database.option
    let hashes = try database.commonHashes(a.runID, b.runID)
    guard let first = hashes.first, let last = hashes.last else {
      throw LabError(
        .notFound, "runs \(a.runID) and \(b.runID) have no epoch in common",
        where: database.path,
        next: "see which they have with: lstm-lab show \(a.runID) --all\(database.option)")
    }
    common = hashes.count
    range = first.epoch...last.epoch
    firstEpoch = hashes.first { $0.a != $0.b }?.epoch
    firstTensor = try firstEpoch.flatMap { try Self.firstTensor(a, b, from: $0, in: database) }
  }

  private static func firstTensor(
    _ a: StoredRun, _ b: StoredRun, from epoch: Int, in database: LabDatabase
  ) throws -> (epoch: Int, name: String)? {
    let tensors = (try database.tensors(of: a.runID), try database.tensors(of: b.runID))
    let stored = Set(try database.epochs(of: b.runID, storing: .weights))
    let epochs = try database.epochs(of: a.runID, storing: .weights).filter {
      $0 >= epoch && stored.contains($0)
    }
    for epoch in epochs {
      let weights = (
        try OpenedRun(a, in: database).state(at: epoch, with: .weights).weights,
        try OpenedRun(b, in: database).state(at: epoch, with: .weights).weights
      )
      for index in 0..<max(tensors.0.count, tensors.1.count) {
        guard index < tensors.0.count, index < tensors.1.count,
          tensors.0[index] == tensors.1[index], weights.0[index] == weights.1[index]
        else {
          let tensor = index < tensors.0.count ? tensors.0[index] : tensors.1[index]
          return (epoch, tensor.path)
        }
      }
    }
    return nil
  }

  /// One row: the runs, the epochs they share, and where they part.
  package var table: Table {
    Table(
      columns: [
        .init("run_a", .integer), .init("run_b", .integer), .init("identical", .text),
        .init("epochs", .integer), .init("from_epoch", .integer), .init("to_epoch", .integer),
        .init("first_epoch", .integer), .init("weights_epoch", .integer), .init("tensor", .text),
        .init("differences", .text),
      ],
      rows: [
        [
          .integer(Int(a.runID)), .integer(Int(b.runID)), .text(isDifferent ? "false" : "true"),
          .integer(common), .integer(range.lowerBound), .integer(range.upperBound),
          firstEpoch.map(Table.Cell.integer) ?? .null,
          (firstTensor?.epoch).map(Table.Cell.integer) ?? .null,
          (firstTensor?.name).map(Table.Cell.text) ?? .null,
          .text(differences.joined(separator: ", ")),
        ]
      ])
  }

  /// Says it in words.
  package func text(on screen: Screen) -> String {
    sentences.split(separator: "\n").map {
      WrappedText.lines(String($0), width: screen.columns)
    }.joined()
  }

  private var sentences: String {
    let pair = "Runs \(a.runID) and \(b.runID)"
    guard let firstEpoch else {
      let epochs =
        common == 1
        ? "in epoch \(range.lowerBound), the only one that both have"
        : "in all \(common) epochs that both have, \(range.lowerBound) to \(range.upperBound)"
      return "\(pair) are bit-identical \(epochs): weights and optimizer state.\n" + lengths
        + causes
    }
    let part = "\(pair) part in epoch \(firstEpoch)"
    guard let firstTensor else {
      return part + ". No stored weights differ from there on: the optimizer's state does, or the "
        + "weights of that epoch were not stored.\n" + causes
    }
    let tensor = Visible.line(firstTensor.name)
    let place = "\(a.runID)@\(firstTensor.epoch) \(b.runID)@\(firstTensor.epoch)"
    let found =
      firstTensor.epoch == firstEpoch
      ? "; the first tensor that differs is \(tensor)"
      : ". The first stored weights that differ are \(tensor) in epoch \(firstTensor.epoch)"
    return part + found + ".\n\(causes)See every weight with: lstm-lab diff \(place)\(option)\n"
  }

  /// What the two were not given alike; of runs that part though they were, that is said.
  private var causes: String {
    guard !differences.isEmpty else {
      return isDifferent ? "They have the same settings, seed, data and initial weights.\n" : ""
    }
    return "They differ in: \(Visible.line(differences.joined(separator: ", "))).\n"
  }

  private var lengths: String {
    guard a.epochs != b.epochs else { return "" }
    let longer = a.epochs > b.epochs ? a : b
    return "Run \(longer.runID) goes on to epoch \(longer.epochs).\n"
  }
}
