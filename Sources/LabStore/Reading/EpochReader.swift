import Foundation
import GRDB

/// Reads back what an epoch stored.
struct EpochReader {
  let db: Database
  let run: Int64
  let tensors: [TensorDescription]
  let epoch: Int

  /// What messages call it.
  private var place: String { "run \(run), epoch \(epoch)" }

  /// The weights in canonical order; nil if the epoch did not store them.
  func weights() throws -> [Data]? {
    guard let bytes = try bytes(.weights, "") else { return nil }
    return try split(bytes, tensors.map(\.count))
  }

  /// The optimizer's slots in the order of writing.
  func optimizer() throws -> [OptimizerSlot] {
    let names: [String] = try db.values(
      "name", of: "recording", place,
      """
      SELECT name FROM recording WHERE run_id = ? AND epoch = ? AND part = 'optimizer'
      ORDER BY first_vector
      """, [run, epoch])
    return try names.map { name in
      let bytes = try bytes(.optimizer, name) ?? Data()
      let own = try Self.foreignSlot(name, of: run, db)
      return OptimizerSlot(
        name: name, tensors: try split(bytes, own?.tensors.map(\.count) ?? tensors.map(\.count)))
    }
  }

  /// The shapes of a slot of a foreign run; nil where they are those of the weights.
  static func foreignSlot(_ name: String, of run: Int64, _ db: Database) throws -> ForeignSlot? {
    let tensors = try db.rows(
      of: "slot", "run \(run)",
      "SELECT tensor_position, shape FROM slot WHERE run_id = ? AND name = ? ORDER BY position",
      [run, name]
    ) { row in
      ForeignSlot.Tensor(weights: try row["tensor_position"], shape: try row.shape("shape"))
    }
    return tensors.isEmpty ? nil : ForeignSlot(name: name, tensors: tensors)
  }

  /// Whether the epoch holds a record, byte for byte.
  func equals(_ record: EpochRecord) throws -> Bool {
    let isSame = try db.row(
      of: "epoch", place, "SELECT hash, state FROM epoch WHERE run_id = ? AND epoch = ?",
      [run, epoch]
    ) { try $0["hash"] == Data(record.hash) && $0["state"] == record.state }
    guard isSame == true else { return false }
    guard try weights() == record.weights, try optimizer() == record.optimizer ?? [] else {
      return false
    }
    guard try activations() == record.activations else { return false }
    return try record.predictions.allSatisfy { prediction in
      try bytes(.predictions, prediction.split.rawValue) == prediction.values
    }
  }

  /// The bytes of a part, end to end; nil if the epoch did not store it.
  func bytes(_ part: RecordedPart, _ name: String) throws -> Data? {
    try db.row(
      of: "recording", place,
      """
      SELECT first_vector, vectors FROM recording
      WHERE run_id = ? AND epoch = ? AND part = ? AND name = ?
      """, [run, epoch, part.rawValue, name]
    ) { try Self.vectors(from: $0["first_vector"], count: $0["vectors"], db) }
  }

  /// The gates and states of every sample that the epoch stored some of, in their order.
  func activations() throws -> [Activations] {
    try db.rows(
      of: "recording", place,
      """
      SELECT name, first_vector, vectors FROM recording
      WHERE run_id = ? AND epoch = ? AND part = 'activations' ORDER BY first_vector
      """, [run, epoch]
    ) { row in
      guard let sample = Int(try row["name"] as String), sample >= 0 else {
        throw row.damaged("name", "not the number of a sample")
      }
      return Activations(
        sample: sample,
        values: try Self.vectors(from: row["first_vector"], count: row["vectors"], db))
    }
  }

  /// The predictions of a part of the data; nil where the epoch stored none.
  func predictions(_ split: DataSplit) throws -> Data? { try bytes(.predictions, split.rawValue) }

  /// The bytes of consecutive vectors, end to end; of a place beyond all numbers, which only a
  /// damaged database names, there are none.
  static func vectors(from first: Int64, count: Int64, _ db: Database) throws -> Data {
    let vectors = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT data FROM vector WHERE id >= ? AND id < ? ORDER BY id"),
      arguments: [first, first &+ count])
    var bytes = Data()
    while let vector = try vectors.next() {
      try vector.withUnsafeData(atIndex: 0) { bytes.append($0 ?? Data()) }
    }
    return bytes
  }

  /// Cuts bytes into tensors of these numbers of values.
  private func split(_ bytes: Data, _ counts: [Int]) throws -> [Data] {
    guard bytes.count == counts.reduce(0, { $0 + 4 * $1 }) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT,
        message: "\(place): \(bytes.count) bytes do not fit the model")
    }
    var start = 0
    return counts.map { count in
      defer { start += 4 * count }
      return bytes.subdata(in: start..<start + 4 * count)
    }
  }
}
