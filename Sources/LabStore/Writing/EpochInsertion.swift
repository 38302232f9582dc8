import Foundation
import GRDB

/// Inserts epochs of one run with all that belongs to them; the transaction has begun.
struct EpochInsertion {
  /// Stores a Double of seconds since 1970 in the form of every time in the file.
  static let timestamp = timestamp(of: "?")

  /// The same for a named argument.
  static func timestamp(of argument: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(argument), 'unixepoch')"
  }

  private let db: Database
  private let run: Int64
  private let tensors: [TensorDescription]
  /// How an epoch's weights are cut into BLOBs.
  private let cuts: [Int]
  private var vectors: VectorWriter
  /// As many numbers as the views are known to find.
  private var numbers = 0
  private let epochs: RepeatedStatement
  private let metrics: RepeatedStatement
  private let gateStats: RepeatedStatement

  /// Adds to a run that is there, with nobody else adding meanwhile.
  init(_ db: Database, run: Int64, tensors: [TensorDescription]) throws {
    self.db = db
    self.run = run
    self.tensors = tensors
    cuts = VectorLayout.cuts(of: tensors, at: try LabDatabase.places(of: run, db))
    vectors = try VectorWriter(db)
    epochs = try RepeatedStatement(
      db,
      """
      INSERT INTO epoch (
        run_id, epoch, recorded_at, seconds, learning_rate,
        loss, accuracy, val_loss, val_accuracy, hash, resumable, state)
      VALUES (?, ?, \(Self.timestamp), ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    metrics = try RepeatedStatement(
      db, "INSERT INTO metric (run_id, epoch, split, name, value) VALUES (?, ?, ?, ?, ?)")
    gateStats = try RepeatedStatement(
      db,
      """
      INSERT INTO gate_stat (
        run_id, epoch, position, layer, direction, gate, weight_norm, update_norm, gradient_norm)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
  }

  /// Inserts everything of an epoch.
  mutating func insert(_ record: EpochRecord) throws {
    let epoch = record.epoch
    try insertRow(of: record)
    try insert(record.metrics, epoch)
    try insert(record.gateStats, epoch)
    if let weights = record.weights { try insert(weights, epoch) }
    for slot in record.optimizer ?? [] { try insert(slot, epoch) }
    try insert(record.activations, epoch)
    for prediction in record.predictions {
      try vectors.append(.predictions, prediction.split.rawValue, of: run, at: epoch) { vectors in
        try vectors.append(prediction.values, length: VectorLayout.predictionValues)
      }
    }
  }

  /// Adds the weights and the optimizer's state to an epoch that was stored without one of them, or both.
  mutating func complete(_ record: EpochRecord) throws {
    let stored = try String.fetchSet(
      db, sql: "SELECT part FROM recording WHERE run_id = ? AND epoch = ?",
      arguments: [run, record.epoch])
    if let weights = record.weights, !stored.contains(RecordedPart.weights.rawValue) {
      try insert(weights, record.epoch)
    }
    if !stored.contains(RecordedPart.optimizer.rawValue) {
      for slot in record.optimizer ?? [] { try insert(slot, record.epoch) }
    }
    try db.execute(
      sql: "UPDATE epoch SET resumable = 1 WHERE run_id = ? AND epoch = ?",
      arguments: [run, record.epoch])
  }

  private mutating func insert(_ weights: [Data], _ epoch: Int) throws {
    precondition(
      weights.count == tensors.count, "\(weights.count) of \(tensors.count) weight tensors")
    check(weights, "the weights")
    try vectors.append(.weights, "", of: run, at: epoch) { [cuts] vectors in
      try vectors.append(weights, cuts: cuts)
    }
  }

  /// Each value of a step is cut into pieces of its own, so that a row of the view finds its piece.
  private mutating func insert(_ activations: [Activations], _ epoch: Int) throws {
    guard !activations.isEmpty else { return }
    let units: [Int] = try db.values(
      "units", of: "activation", "run \(run)",
      "SELECT units FROM activation WHERE run_id = ? ORDER BY position", [run])
    let step = 4 * units.reduce(0, +)
    let steps = activations.map { $0.values.count / max(step, 1) }.max() ?? 0
    if steps > numbers {
      try RunInsertion.provideNumbers(below: steps, db)
      numbers = steps
    }
    for sample in activations {
      precondition(
        step > 0 && sample.values.count % step == 0,
        "\(sample.values.count) bytes of activations in steps of \(step)")
      let name = String(sample.sample)
      try vectors.append(.activations, name, of: run, at: epoch) { vectors in
        var start = sample.values.startIndex
        while start < sample.values.endIndex {
          for count in units {
            try vectors.append(
              sample.values[start..<start + 4 * count], length: VectorLayout.predictionValues)
            start += 4 * count
          }
        }
      }
    }
  }

  private mutating func insert(_ slot: OptimizerSlot, _ epoch: Int) throws {
    if slot.tensors.map(\.count) != tensors.map({ 4 * $0.count }) {
      let own = try EpochReader.foreignSlot(slot.name, of: run, db)
      precondition(
        own?.tensors.map({ 4 * $0.count }) == slot.tensors.map(\.count),
        "\(slot.tensors.map(\.count)) bytes are not those of the optimizer's \(slot.name)")
    }
    guard slot.tensors.contains(where: { !$0.isEmpty }) else { return }
    try vectors.append(.optimizer, slot.name, of: run, at: epoch) { vectors in
      try vectors.append(slot.tensors, length: VectorLayout.stateValues)
    }
  }

  private func check(_ values: [Data], _ what: String) {
    for (tensor, values) in zip(tensors, values) {
      precondition(
        values.count == 4 * tensor.count,
        "\(values.count) bytes for \(tensor.count) values of \(what), \(tensor.path)")
    }
  }

  private func insertRow(of record: EpochRecord) throws {
    let shown = record.metrics
    let isResumable = record.weights != nil && record.optimizer != nil
    try epochs.execute([
      .integer(run), .integer(Int64(record.epoch)),
      .real(record.recordedAt.timeIntervalSince1970), .real(record.seconds),
      SQLValue(record.learningRate), SQLValue(shown.value(.train, "loss")),
      SQLValue(shown.value(.train, "accuracy")), SQLValue(shown.value(.validation, "loss")),
      SQLValue(shown.value(.validation, "accuracy")), .blob(Data(record.hash)),
      .integer(isResumable ? 1 : 0), .text(record.state),
    ])
  }

  private func insert(_ values: [MetricValue], _ epoch: Int) throws {
    for metric in values where !metric.hasColumn {
      try metrics.execute([
        .integer(run), .integer(Int64(epoch)), .text(metric.split.rawValue), .text(metric.name),
        .real(metric.value),
      ])
    }
  }

  private func insert(_ stats: [GateStat], _ epoch: Int) throws {
    for (position, stat) in stats.enumerated() {
      try gateStats.execute([
        .integer(run), .integer(Int64(epoch)), .integer(Int64(position)), .text(stat.layer),
        SQLValue(stat.part.direction?.rawValue), SQLValue(stat.part.name),
        .real(stat.weightNorm), SQLValue(stat.updateNorm), SQLValue(stat.gradientNorm),
      ])
    }
  }
}

/// What an epoch can store as vectors.
enum RecordedPart: String {
  case weights, optimizer, predictions, activations
}

extension MetricValue {
  /// Whether the table `epoch` has a column for it.
  fileprivate var hasColumn: Bool { split != .test && (name == "loss" || name == "accuracy") }
}

extension [MetricValue] {
  fileprivate func value(_ split: DataSplit, _ name: String) -> Double? {
    first { $0.split == split && $0.name == name }?.value
  }
}
