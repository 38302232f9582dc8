import Foundation
import GRDB

/// Appends vectors in one transaction and numbers them.
struct VectorWriter {
  private let insertion: RepeatedStatement
  private let recording: RepeatedStatement
  private(set) var next: Int64

  /// More numbers than any file has room for.
  private static let greatest: Int64 = 1 << 50

  /// Starts after the last vector in the database; the transaction has begun.
  init(_ db: Database) throws {
    insertion = try RepeatedStatement(db, "INSERT INTO vector (id, data) VALUES (?, ?)")
    recording = try RepeatedStatement(
      db,
      """
      INSERT INTO recording (run_id, epoch, part, name, first_vector, vectors)
      VALUES (?, ?, ?, ?, ?, ?)
      """)
    let last: Int64? = try db.value(
      "id", of: "vector", "the database", "SELECT max(id) AS id FROM vector")
    guard last ?? 0 < Self.greatest else {
      throw DamagedCell(column: "vector.id", place: "the database", what: "\(last ?? 0), no count")
    }
    next = (last ?? 0) + 1
  }

  /// Appends what `body` appends, and stores it as a part of an epoch.
  mutating func append(
    _ part: RecordedPart, _ name: String, of run: Int64, at epoch: Int,
    _ body: (inout VectorWriter) throws -> Void
  ) throws {
    let first = next
    try body(&self)
    try recording.execute([
      .integer(run), .integer(Int64(epoch)), .text(part.rawValue), .text(name), .integer(first),
      .integer(next - first),
    ])
  }

  /// Appends the rows of a matrix, each in the pieces its layout asks for.
  mutating func append(rowsOf matrix: Data, _ tensor: TensorDescription) throws {
    precondition(
      matrix.count == 4 * tensor.count,
      "\(matrix.count) bytes for the \(tensor.count) values of \(tensor.layer)/\(tensor.tensor)")
    try unsafe matrix.withUnsafeBytes { bytes in
      for row in 0..<tensor.rows {
        let start = 4 * row * tensor.cols
        let values = unsafe UnsafeRawBufferPointer(
          rebasing: bytes[start..<start + 4 * tensor.cols])
        try unsafe append(piecesOf: values, length: tensor.pieceColumns)
      }
    }
  }

  /// Appends values in pieces of at most `length`.
  mutating func append(_ values: Data, length: Int) throws {
    try unsafe values.withUnsafeBytes { try unsafe append(piecesOf: $0, length: length) }
  }

  private mutating func append(piecesOf values: UnsafeRawBufferPointer, length: Int) throws {
    var start = 0
    while start < values.count {
      let end = min(start + 4 * length, values.count)
      try unsafe append(UnsafeRawBufferPointer(rebasing: values[start..<end]))
      start = end
    }
  }

  private mutating func append(_ piece: UnsafeRawBufferPointer) throws {
    try unsafe insertion.execute(next, piece)
    next += 1
  }
}
