/// The records of a CSV file (RFC 4180): fields between commas or other delimiters, in quotes where
/// they hold delimiters, quotes or line ends. Any number of spaces is one delimiter.
package struct CSVRecords {
  /// One field of a record.
  package struct Field {
    /// The bytes between the commas, or between the quotes.
    package var range: Range<Int>
    /// Whether quotes are written twice inside.
    package var hasEscapes = false
  }

  /// The file that the records are of.
  package let file: TextFile
  var next = 0
  /// The fields of the current record; none before the first.
  package private(set) var fields: [Field] = []
  /// Where the current record begins.
  package private(set) var start = 0

  /// The most fields of a record: what has more is no table, and would take many times its size.
  private static let mostFields = 100_000

  /// What stands between two fields.
  let delimiter: UInt8

  /// Starts at the first record of a file.
  package init(_ file: TextFile, delimiter: UInt8 = Byte.comma) {
    self.file = file
    self.delimiter = delimiter
  }

  /// A space or a tab that is no delimiter.
  private func isPadding(_ byte: UInt8) -> Bool { TextFile.isSpace(byte) && byte != delimiter }

  /// Goes on to the next record that is no empty line; false at the end of the file.
  package mutating func advance() throws(LabError) -> Bool {
    let bytes = file.bytes
    while next < bytes.count, TextFile.isLineEnd(bytes[next]) { next += 1 }
    guard next < bytes.count else { return false }
    fields.removeAll(keepingCapacity: true)
    start = next
    if takePlain() { return true }
    if delimiter == Byte.space { skipSpaces() }
    var isLast = false
    while !isLast {
      var index = next
      while index < bytes.count, isPadding(bytes[index]) { index += 1 }
      let isQuoted = index < bytes.count && bytes[index] == Byte.quote
      let end = isQuoted ? try appendQuoted(from: index) : appendPlain(from: next)
      isLast = end >= bytes.count || bytes[end] != delimiter
      if fields.count > Self.mostFields {
        throw file.error(
          "the row has more than \(Self.mostFields) fields", at: start,
          next: "check the delimiter, and that lines end where rows do")
      }
      next = end + 1
      if !isLast, delimiter == Byte.space {
        skipSpaces()
        isLast = next >= bytes.count || TextFile.isLineEnd(bytes[next])
        if isLast { next = file.line(from: next).next }
      }
    }
    return true
  }

  /// Takes the record that begins at `next` in one pass, as most can be: one without quotes and padding,
  /// whose delimiter is no space; false for any other, of which nothing is taken.
  private mutating func takePlain() -> Bool {
    let bytes = file.bytes
    var (first, index) = (next, next)
    var isPlain = delimiter != Byte.space
    while isPlain, index < bytes.count, bytes[index] != Byte.lineFeed {
      let byte = bytes[index]
      if byte == delimiter {
        fields.append(Field(range: first..<index))
        first = index + 1
        isPlain = fields.count < Self.mostFields
      } else if byte <= Byte.quote {
        isPlain = byte != Byte.quote && !TextFile.isSpace(byte)
      }
      index += 1
    }
    guard isPlain else {
      fields.removeAll(keepingCapacity: true)
      return false
    }
    let isAfterReturn = index > first && bytes[index - 1] == TextFile.carriageReturn
    fields.append(Field(range: first..<(isAfterReturn ? index - 1 : index)))
    next = index + 1
    return true
  }

  private mutating func skipSpaces() {
    while next < file.bytes.count, TextFile.isSpace(file.bytes[next]) { next += 1 }
  }

  /// Appends the field that begins at `start` and returns where it ends.
  private mutating func appendPlain(from start: Int) -> Int {
    let bytes = file.bytes
    var end = start
    while end < bytes.count, bytes[end] != delimiter, bytes[end] != Byte.lineFeed { end += 1 }
    var last = end
    if last > start, end == bytes.count || bytes[end] == Byte.lineFeed,
      bytes[last - 1] == TextFile.carriageReturn
    {
      last -= 1
    }
    var first = start
    while first < last, isPadding(bytes[first]) { first += 1 }
    while first < last, isPadding(bytes[last - 1]) { last -= 1 }
    fields.append(Field(range: first..<last))
    return end
  }

  /// Appends the field whose opening quote is at `quote` and returns where it ends.
  private mutating func appendQuoted(from quote: Int) throws(LabError) -> Int {
    let bytes = file.bytes
    var field = Field(range: quote + 1..<quote + 1)
    var index = quote + 1
    while true {
      guard index < bytes.count else {
        throw file.error(
          "the quote that begins here is never closed", at: quote,
          next: "close it, or write a quote inside a field twice")
      }
      if bytes[index] == Byte.quote {
        guard index + 1 < bytes.count, bytes[index + 1] == Byte.quote else { break }
        field.hasEscapes = true
        index += 1
      }
      index += 1
    }
    field.range = quote + 1..<index
    fields.append(field)
    var end = index + 1
    while end < bytes.count, isPadding(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == TextFile.carriageReturn { end += 1 }
    guard end == bytes.count || bytes[end] == delimiter || bytes[end] == Byte.lineFeed else {
      throw file.error(
        "text follows a closing quote", at: end,
        next: "write a quote inside a field twice, and put the whole field in quotes")
    }
    return end
  }

  /// The number in the field of the current record with a place; nil for any other text.
  package func decimal(_ place: Int) -> WideNumber? {
    file.decimal(fields[place].range)
  }

  /// The text of a field, each doubled quote once.
  package func text(_ field: Field) -> String {
    guard field.hasEscapes else { return file.text(field.range) }
    var bytes: [UInt8] = []
    var isFirst = false
    for byte in file.bytes[field.range] {
      isFirst = byte == Byte.quote && !isFirst
      if byte != Byte.quote || isFirst { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
