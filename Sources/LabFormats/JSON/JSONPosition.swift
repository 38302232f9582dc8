/// A place in a text: line and column, both counted from 1, columns in Unicode scalars.
package struct JSONPosition: Equatable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  package var line: Int
  /// The column, from 1.
  package var column: Int

  /// Counts the lines and columns of `bytes` before `offset`.
  ///
  /// - Complexity: O(`offset`); positions are only computed for messages.
  package init(of offset: Int, in bytes: [UInt8]) {
    var lines = 1
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
      lines += 1
      lineStart = index + 1
    }
    line = lines
    let end = min(offset, bytes.count)
    column = 1 + bytes[lineStart..<max(end, lineStart)].count { $0 & 0xC0 != 0x80 }
  }

  /// The position as `line:column`.
  package var description: String { "\(line):\(column)" }
}
