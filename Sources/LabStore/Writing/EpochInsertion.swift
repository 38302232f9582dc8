import Foundation
import GRDB

/// Inserts one epoch with all that belongs to it; the transaction has begun.
struct EpochInsertion {
  /// Stores a Double of seconds since 1970 in the form of every time in the file.
  static let timestamp = timestamp(of: "?")

  /// The same for a named argument.
  static func timestamp(of argument: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(argument), 'unixepoch')"
  }

  let db: Database
  let run: Int64
  let tensors: [TensorDescription]
  let record: EpochRecord

  /// Inserts everything.
  func insert() throws {
    try insertEpoch()
    try insertMetrics()
    try insertGateStats()
    var vectors = try VectorWriter(db)
    if let weights = record.weights { try insert(weights, &vectors) }
    for slot in record.optimizer ?? [] { try insert(slot, &vectors) }
    try insertActivations(&vectors)
    for prediction in record.predictions {
      try insertRecording(.predictions, prediction.split.rawValue, &vectors) { vectors in
        try vectors.append(prediction.values, length: VectorLayout.predictionValues)
      }
    }
  }

  /// Adds the weights and the optimizer's state to an epoch that was stored without one of them, or both.
  func complete() throws {
    let stored = try String.fetchSet(
      db, sql: "SELECT part FROM recording WHERE run_id = ? AND epoch = ?",
      arguments: [run, record.epoch])
    var vectors = try VectorWriter(db)
    if let weights = record.weights, !stored.contains(RecordedPart.weights.rawValue) {
      try insert(weights, &vectors)
    }
    if !stored.contains(RecordedPart.optimizer.rawValue) {
      for slot in record.optimizer ?? [] { try insert(slot, &vectors) }
    }
    try db.execute(
      sql: "UPDATE epoch SET resumable = 1 WHERE run_id = ? AND epoch = ?",
      arguments: [run, record.epoch])
  }

  private func insert(_ weights: [Data], _ vectors: inout VectorWriter) throws {
    precondition(
      weights.count == tensors.count, "\(weights.count) of \(tensors.count) weight tensors")
    try insertRecording(.weights, "", &vectors) { vectors in
      for (tensor, values) in zip(tensors, weights) { try vectors.append(rowsOf: values, tensor) }
    }
  }

  /// Each value of a step is cut into pieces of its own, so that a row of the view finds its piece.
  private func insertActivations(_ vectors: inout VectorWriter) throws {
    guard !record.activations.isEmpty else { return }
    let units: [Int] = try db.values(
      "units", of: "activation", "run \(run)",
      "SELECT units FROM activation WHERE run_id = ? ORDER BY position", [run])
    let step = 4 * units.reduce(0, +)
    for sample in record.activations {
      precondition(
        step > 0 && sample.values.count % step == 0,
        "\(sample.values.count) bytes of activations in steps of \(step)")
      try insertRecording(.activations, String(sample.sample), &vectors) { vectors in
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

  private func insert(_ slot: OptimizerSlot, _ vectors: inout VectorWriter) throws {
    precondition(
      slot.tensors.count == tensors.count,
      "\(slot.tensors.count) of \(tensors.count) tensors in the optimizer's \(slot.name)")
    try insertRecording(.optimizer, slot.name, &vectors) { vectors in
      for (tensor, values) in zip(tensors, slot.tensors) {
        precondition(
          values.count == 4 * tensor.count,
          "\(values.count) bytes for \(tensor.count) values of the optimizer's \(slot.name)")
        try vectors.append(values, length: VectorLayout.optimizerValues)
      }
    }
  }

  private func insertEpoch() throws {
    let shown = record.metrics
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO epoch (
          run_id, epoch, recorded_at, seconds, learning_rate,
          loss, accuracy, val_loss, val_accuracy, hash, resumable, state)
        VALUES (?, ?, \(Self.timestamp), ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      run, record.epoch, record.recordedAt.timeIntervalSince1970, record.seconds,
      record.learningRate, shown.value(.train, "loss"), shown.value(.train, "accuracy"),
      shown.value(.validation, "loss"), shown.value(.validation, "accuracy"), Data(record.hash),
      record.weights != nil && record.optimizer != nil, record.state,
    ])
  }

  private func insertMetrics() throws {
    for metric in record.metrics where !metric.hasColumn {
      try db.cachedStatement(
        sql: "INSERT INTO metric (run_id, epoch, split, name, value) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [
        run, record.epoch, metric.split.rawValue, metric.name, metric.value,
      ])
    }
  }

  private func insertGateStats() throws {
    for (position, stat) in record.gateStats.enumerated() {
      try db.cachedStatement(
        sql: """
          INSERT INTO gate_stat (
            run_id, epoch, position, layer, direction, gate, weight_norm, update_norm,
            gradient_norm)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        run, record.epoch, position, stat.layer, stat.part.direction?.rawValue,
        stat.part.name, stat.weightNorm,
        stat.updateNorm, stat.gradientNorm,
      ])
    }
  }

  private func insertRecording(
    _ part: RecordedPart, _ name: String, _ vectors: inout VectorWriter,
    append: (inout VectorWriter) throws -> Void
  ) throws {
    try vectors.append(part, name, of: run, at: record.epoch, append)
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
