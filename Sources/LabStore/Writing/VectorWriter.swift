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
    next = try Self.next(in: db)
  }

  /// The number behind that of the last vector in the database.
  static func next(in db: Database) throws -> Int64 {
    let last: Int64 =
      try db.value("id", of: "vector", "the database", "SELECT max(id) AS id FROM main.vector") ?? 0
    guard last < greatest else {
      throw DamagedCell(column: "vector.id", place: "the database", what: "\(last), no count")
    }
    return last + 1
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

  /// Appends the values of tensors end to end, in pieces of these lengths.
  mutating func append(_ tensors: [Data], cuts: [Int]) throws {
    var piece = Data()
    var next = 0
    for values in tensors {
      try unsafe values.withUnsafeBytes { bytes in
        var start = 0
        while start < bytes.count {
          let end = min(start + 4 * cuts[next] - piece.count, bytes.count)
          let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end])
          start = end
          if piece.isEmpty, part.count == 4 * cuts[next] {
            try unsafe append(part)
          } else {
            unsafe piece.append(contentsOf: part)
            guard piece.count == 4 * cuts[next] else { continue }
            try unsafe piece.withUnsafeBytes { try unsafe append($0) }
            piece.removeAll(keepingCapacity: true)
          }
          next += 1
        }
      }
    }
    precondition(next == cuts.count && piece.isEmpty, "the cuts do not fit the tensors")
  }

  /// Appends the values of tensors end to end, in pieces of at most `length`.
  mutating func append(_ tensors: [Data], length: Int) throws {
    let count = tensors.reduce(0) { $0 + $1.count } / 4
    try append(
      tensors, cuts: stride(from: 0, to: count, by: length).map { min(length, count - $0) })
  }

  /// Appends values in pieces of at most `length`.
  mutating func append(_ values: Data, length: Int) throws {
    try append([values], length: length)
  }

  private mutating func append(_ piece: UnsafeRawBufferPointer) throws {
    try unsafe insertion.execute(next, piece)
    next += 1
  }
}
