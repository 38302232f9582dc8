import Foundation
import GRDB
import LabFormats

/// A row of the file, whose cells may be anything: the file may be damaged, or written by anybody.
///
/// GRDB's own `Row` ends the program where a cell is not of the type that is asked for.
struct StoredRow {
  private let row: Row
  private let table: String
  private let place: String

  fileprivate init(_ row: Row, table: String, place: String) {
    self.row = row
    self.table = table
    self.place = place
  }

  /// Reads a cell.
  ///
  /// - Throws: ``DamagedCell`` where it holds something else.
  subscript<Value: StoredValue>(column: String) -> Value {
    get throws(DamagedCell) {
      let cell: DatabaseValue = row[column]
      guard let value = Value(cell: cell) else { throw damaged(column, "not \(Value.kind)") }
      return value
    }
  }

  /// Says that a cell holds what it cannot: `not 12`.
  func damaged(_ column: String, _ why: String) -> DamagedCell {
    let hasEpoch = column != "epoch" && row.hasColumn("epoch")
    let epoch = hasEpoch ? Int(cell: row["epoch"]) : nil
    return DamagedCell(
      column: "\(table).\(column)", place: place + (epoch.map { ", epoch \($0)" } ?? ""),
      what: "\(Self.shown(row[column])), \(why)")
  }

  private static func shown(_ cell: DatabaseValue) -> String {
    switch cell.storage {
    case .null: "NULL"
    case .int64(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let text): "the text `\(Visible.shortened(Visible.line(text), to: 40))`"
    case .blob(let bytes): "a BLOB of \(bytes.count) bytes"
    }
  }
}

/// A cell that holds something that it never was given.
struct DamagedCell: Error {
  /// `tensor.rows`.
  let column: String
  /// `run 3, epoch 5`.
  let place: String
  /// `NULL, not a text`.
  let what: String
}

// MARK: What a cell may hold

/// What can be read from a cell.
protocol StoredValue {
  /// What it is called in a message.
  static var kind: String { get }
  /// Reads a cell; nil where it holds something else.
  init?(cell: DatabaseValue)
}

/// A count: of epochs, rows, samples. More than 2⁴⁰ is none, so that a product of two fits an Int.
extension Int: StoredValue {
  static var kind: String { "a count" }

  private static let greatest: Int64 = 1 << 40

  init?(cell: DatabaseValue) {
    guard case .int64(let value) = cell.storage, (0...Self.greatest).contains(value) else {
      return nil
    }
    self.init(value)
  }
}

/// Any whole number: of a run, of a vector, a seed.
extension Int64: StoredValue {
  static var kind: String { "a whole number" }

  init?(cell: DatabaseValue) {
    guard case .int64(let value) = cell.storage else { return nil }
    self = value
  }
}

extension Double: StoredValue {
  static var kind: String { "a number" }

  init?(cell: DatabaseValue) {
    switch cell.storage {
    case .double(let value): self = value
    case .int64(let value): self.init(value)
    default: return nil
    }
  }
}

extension Bool: StoredValue {
  static var kind: String { "0 or 1" }

  init?(cell: DatabaseValue) {
    guard case .int64(let value) = cell.storage, (0...1).contains(value) else { return nil }
    self = value == 1
  }
}

extension String: StoredValue {
  static var kind: String { "a text" }

  init?(cell: DatabaseValue) {
    guard case .string(let text) = cell.storage else { return nil }
    self = text
  }
}

extension Data: StoredValue {
  static var kind: String { "a BLOB" }

  init?(cell: DatabaseValue) {
    guard case .blob(let bytes) = cell.storage else { return nil }
    self = bytes
  }
}

extension Optional: StoredValue where Wrapped: StoredValue {
  static var kind: String { "\(Wrapped.kind) or NULL" }

  init?(cell: DatabaseValue) {
    if cell.isNull {
      self = .none
    } else if let value = Wrapped(cell: cell) {
      self = value
    } else {
      return nil
    }
  }
}

extension StoredValue where Self: RawRepresentable, RawValue == String {
  static var kind: String { "one of its words" }

  init?(cell: DatabaseValue) {
    guard let text = String(cell: cell), let value = Self(rawValue: text) else { return nil }
    self = value
  }
}

extension DataSplit: StoredValue {}
extension TensorDescription.Source: StoredValue {}

// MARK: Questions

extension Database {
  /// The rows of an answer, each made into a value.
  ///
  /// - Parameters:
  ///   - table: The table or view that the columns are of, and `place` the run: for messages.
  func rows<Value>(
    of table: String, _ place: String, _ sql: String, _ arguments: StatementArguments = [],
    _ make: (StoredRow) throws -> Value
  ) throws -> [Value] {
    let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
    var values: [Value] = []
    while let row = try rows.next() {
      values.append(try make(StoredRow(row, table: table, place: place)))
    }
    return values
  }

  /// The first row of an answer, likewise; nil where there is none.
  func row<Value>(
    of table: String, _ place: String, _ sql: String, _ arguments: StatementArguments = [],
    _ make: (StoredRow) throws -> Value
  ) throws -> Value? {
    let row = try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    return try row.map { try make(StoredRow($0, table: table, place: place)) }
  }

  /// One column of an answer.
  func values<Value: StoredValue>(
    _ column: String, of table: String, _ place: String, _ sql: String,
    _ arguments: StatementArguments = []
  ) throws -> [Value] {
    try rows(of: table, place, sql, arguments) { try $0[column] }
  }

  /// One cell of an answer; nil where there is no row, or NULL in it.
  func value<Value: StoredValue>(
    _ column: String, of table: String, _ place: String, _ sql: String,
    _ arguments: StatementArguments = []
  ) throws -> Value? {
    try row(of: table, place, sql, arguments) { try $0[column] as Value? } ?? nil
  }
}

extension StoredRow {
  /// Reads the lengths of axes: a JSON array, whose product is a count: bytes of many such can be added up.
  func shape(_ column: String) throws(DamagedCell) -> [Int] {
    let text: String = try self[column]
    var product = 1
    var lengths: [Int] = []
    for element in (try? JSONDocument(text, source: ""))?.root.elements.map(\.integer) ?? [nil] {
      guard let length = element, (0...1 << 30).contains(length), product <= 1 << 30,
        product * length <= 1 << 40
      else { throw damaged(column, "not the lengths of axes") }
      product *= length
      lengths.append(length)
    }
    return lengths
  }
}
