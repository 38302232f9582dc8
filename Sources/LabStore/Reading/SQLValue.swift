package import Foundation
import GRDBSQLite

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
  package static func literal(_ blob: Data) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = Array("x'".utf8)
    for byte in blob { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text + [39], as: UTF8.self)
  }
}

extension SQLValue {
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
