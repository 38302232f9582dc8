package import Foundation
import GRDBSQLite
import LabFormats

/// One value of a row that a query returns.
package enum SQLValue: Equatable, Sendable {
  /// No value, or not a number.
  case null
  /// A whole number.
  case integer(Int64)
  /// A double, which may be infinite.
  case real(Double)
  /// Text.
  case text(String)
  /// Bytes.
  case blob(Data)
}

extension SQLValue {
  /// A BLOB as SQL writes it: x'…' in lowercase hexadecimal.
  package static func literal(_ blob: Data) -> String { "x'\(blob.hexadecimal)'" }
}

extension SQLValue {
  /// The number, or NULL where there is none.
  init(_ number: Double?) { self = number.map(SQLValue.real) ?? .null }

  /// The text, or NULL where there is none.
  init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }

  /// The first columns of the row that a statement stands at.
  ///
  /// A long text that the row before has, too, is not made again: most runs have their data, their
  /// notes, their host in common.
  static func row(
    of statement: OpaquePointer, columns: CInt, after before: [SQLValue] = []
  ) -> [SQLValue] {
    (0..<columns).map { column in
      if before.indices.contains(Int(column)),
        unsafe before[Int(column)].isText(of: statement, column: column)
      {
        return before[Int(column)]
      }
      return unsafe SQLValue(statement, column: column)
    }
  }

  /// Whether this is a text that needs memory of its own and stands in a column of the row.
  private func isText(of statement: OpaquePointer, column: CInt) -> Bool {
    guard case .text(let text) = self, text.utf8.count > 15,
      unsafe sqlite3_column_type(statement, column) == SQLITE_TEXT,
      text.utf8.count == Int(unsafe sqlite3_column_bytes(statement, column)),
      let bytes = unsafe sqlite3_column_text(statement, column)
    else { return false }
    return unsafe text.utf8.withContiguousStorageIfAvailable {
      unsafe $0.elementsEqual(UnsafeBufferPointer(start: bytes, count: $0.count))
    } ?? false
  }

  /// Reads a column of the row that a statement stands at.
  init(_ statement: OpaquePointer, column: CInt) {
    switch unsafe sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: self = .integer(unsafe sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: self = .real(unsafe sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      let count = Int(unsafe sqlite3_column_bytes(statement, column))
      let bytes = unsafe UnsafeBufferPointer(
        start: sqlite3_column_text(statement, column), count: count)
      self = .text(unsafe String(decoding: bytes, as: UTF8.self))
    case SQLITE_BLOB:
      let count = Int(unsafe sqlite3_column_bytes(statement, column))
      let bytes = unsafe UnsafeRawBufferPointer(
        start: sqlite3_column_blob(statement, column), count: count)
      self = .blob(unsafe Data(bytes))
    default: self = .null
    }
  }
}
