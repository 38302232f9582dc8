/// A text file in memory, with the place of every byte for messages.
package struct TextFile {
  /// The file's path, for messages.
  package let path: String
  /// UTF-8 without byte-order mark; lines end with LF or CR LF.
  package let bytes: [UInt8]

  /// What stands between the whole part of a number and its fraction.
  package var decimalMark = Byte.point

  /// Reads the file at `path`, which messages call a `what` file; one that gzip has packed is unpacked.
  ///
  /// - Throws: `LabError` of kind `data` for an empty file and for one that is no text of the encoding.
  package init(
    contentsOf path: String, what: String, encoding: TextEncoding = .utf8
  ) throws(LabError) {
    var bytes = try FileBytes.read(path, what: what)
    if Gzip.isPacked(bytes) { bytes = try Gzip.unpacked(bytes, path: path) }
    bytes = try encoding.utf8(bytes, path: path, what: what)
    try self.init(bytes, path: path, what: what)
  }

  /// Takes the bytes of a file.
  package init(_ bytes: [UInt8], path: String, what: String) throws(LabError) {
    self.path = path
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    self.bytes = hasMark ? Array(bytes.dropFirst(3)) : bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw LabError(
        .data, "the \(what) file is UTF-16 text", where: path, next: "save it as UTF-8")
    }
    guard self.bytes.contains(where: { !Self.isSpace($0) && !Self.isLineEnd($0) }) else {
      throw LabError(
        .data, "the \(what) file is empty", where: path,
        next: "check that it was written or downloaded whole")
    }
    let lineEnd = self.bytes.firstIndex(where: Self.isLineEnd)
    if let lineEnd, self.bytes[lineEnd] == Self.carriageReturn,
      !self.bytes.contains(Byte.lineFeed)
    {
      throw LabError(
        .data, "the lines of the \(what) file end with a bare carriage return", where: path,
        next: "convert it, for example with: tr '\\r' '\\n'")
    }
    // Read as something else, two names could become one without a word.
    if let bad = UTF8Text.firstBadByte(in: self.bytes) {
      throw error(
        UTF8Text.complaint(self.bytes[bad]), at: bad,
        next: UTF8Text.advice + ", for example with: iconv -f WINDOWS-1252 -t UTF-8")
    }
  }

  static let carriageReturn = UInt8(ascii: "\r")

  /// Tells whether a byte is a space or a tab.
  package static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  static func isLineEnd(_ byte: UInt8) -> Bool { byte == Byte.lineFeed || byte == carriageReturn }

  /// The place as `path:line:column`.
  package func place(_ offset: Int) -> String { "\(path):\(JSONPosition(of: offset, in: bytes))" }

  /// The text of `range`.
  package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The text of `range` as a message shows it; a field may be as long as the file.
  package func shown(_ range: Range<Int>) -> String {
    let beginning = beginning(range)
    let text = Visible.line(text(beginning))
    return Visible.shortened(beginning == range ? text : text + "…", to: Self.shownCharacters)
  }

  /// The most characters of a text that a message shows.
  private static let shownCharacters = 40

  /// Where `range` ends, or after so many of its characters that no message shows more.
  package func beginning(_ range: Range<Int>) -> Range<Int> {
    var end = min(range.upperBound, range.lowerBound + 16 * Self.shownCharacters)
    guard end < range.upperBound else { return range }
    while end > range.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return range.lowerBound..<end
  }

  /// Returns `range` without the spaces and tabs at its ends.
  package func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, Self.isSpace(bytes[start]) { start += 1 }
    while start < end, Self.isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Returns the line from `start` on, without its end, and the start of the next one.
  package func line(from start: Int) -> (range: Range<Int>, next: Int) {
    var end = start
    while end < bytes.count, bytes[end] != Byte.lineFeed { end += 1 }
    let next = min(end + 1, bytes.count)
    if end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
    return (start..<end, next)
  }

  /// The error for what stands at `offset`.
  package func error(_ what: String, at offset: Int, next: String = "") -> LabError {
    LabError(.data, what, where: place(offset), next: next)
  }
}
