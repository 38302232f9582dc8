import LabFormats

/// A table of text whose columns have names: those of the first record, or their numbers.
struct CSVTable {
  let file: TextFile
  /// The names of the columns.
  let columns: [String]
  private let hasHeader: Bool
  private var records: CSVRecords

  /// What a column of R's row names is called, which the header leaves out.
  static let rowNames = "row.names"

  /// Reads the file that a source names and the names of its columns.
  init(_ source: CSVSource, contentsOf path: String) throws(LabError) {
    let name = source.path.lowercased()
    let what =
      [".tsv", ".txt"].first { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") } ?? ".csv"
    var file = try TextFile(contentsOf: path, what: what, encoding: source.encoding)
    try file.refuseARFF()
    if source.decimal == .comma { file.decimalMark = Byte.comma }
    let sign = source.delimiter ?? (what == ".tsv" ? .tab : .comma)
    try self.init(file, delimiter: sign.byte, hasHeader: source.hasHeader)
  }

  /// Takes a file in memory and reads the names of its columns. A header with one name fewer than the
  /// first row has fields leaves out that of R's row names, which come first.
  init(_ file: TextFile, delimiter: UInt8 = Byte.comma, hasHeader: Bool = true) throws(LabError) {
    self.file = file
    self.hasHeader = hasHeader
    let start = CSVRecords(file, delimiter: delimiter)
    var first = start
    _ = try first.advance()
    guard hasHeader else {
      records = start
      columns = first.fields.indices.map(String.init)
      return
    }
    records = first
    for field in first.fields { try file.requireName(field.range, of: "column") }
    let names = first.fields.map { [first] in first.text($0) }
    var next = first
    let hasRow = (try? next.advance()) ?? false
    columns = hasRow && next.fields.count == names.count + 1 ? [Self.rowNames] + names : names
  }

  /// The fields of the current row, as many as there are columns.
  var fields: [CSVRecords.Field] { records.fields }

  /// The number in a column of the current row; nil for any other text.
  func decimal(_ column: Int) -> WideNumber? { records.decimal(column) }

  /// Reads rows that have plain numbers in some different columns, up to the first that has anything else
  /// there; returns how many.
  mutating func takeNumbers(in places: [Int], into numbers: inout Numbers) -> Int {
    records.takeNumbers(in: places, of: columns.count, into: &numbers)
  }

  /// About how many numbers some columns have, judged by the first rows: a few more rather than fewer, and
  /// never so many that they take more memory than the file.
  func expectedNumbers(columns: Int) -> Int {
    let (size, start) = (file.bytes.count, file.bytes.prefix(1 << 16))
    let rows = start.count { $0 == Byte.lineFeed } + 1
    return min(size / start.count * (rows + rows / 16 + 1) * columns, size / 4)
  }

  /// Where the current row begins.
  var start: Int { records.start }

  /// The text of a field of the current row.
  func text(_ field: CSVRecords.Field) -> String { records.text(field) }

  /// Whether two fields are written alike.
  func isSame(_ one: CSVRecords.Field, _ other: CSVRecords.Field) -> Bool {
    one.hasEscapes == other.hasEscapes && file.bytes[one.range] == file.bytes[other.range]
  }

  /// Goes on to the next row; false at the end of the file.
  mutating func advance() throws(LabError) -> Bool {
    guard try records.advance() else { return false }
    guard records.fields.count == columns.count else {
      let hint =
        fields.count > columns.count ? "; write decimals with a point, or put them in quotes" : ""
      throw file.error(
        "the row has \(fields.count) field\(fields.count == 1 ? "" : "s"), the "
          + "\(hasHeader ? "header" : "first one") has "
          + "\(columns.count)", at: start, next: "give every row one field for each column\(hint)")
    }
    return true
  }

  /// Returns the place of the column with a name.
  ///
  /// - Parameter key: The configuration's key that names it, for messages.
  func column(_ name: String, key: String) throws(LabError) -> Int {
    guard let index = columns.firstIndex(of: name) else {
      throw file.error(
        "there is no column `\(Visible.line(name))`, which `\(key)` names", at: 0,
        next: advice(for: name))
    }
    guard columns.lastIndex(of: name) == index else {
      throw file.error(
        "two columns are called `\(Visible.line(name))`", at: 0, next: "give them different names")
    }
    return index
  }

  private func advice(for name: String) -> String {
    if columns.count == 1,
      let sign = Delimiter.allCases.first(where: {
        $0 != .space && columns[0].contains($0.rawValue)
      })
    {
      return "the columns are not separated by commas: set `\"delimiter\": "
        + "\(JSONText.string(sign.rawValue).compact)`"
    }
    let numbers = columns.count { Double($0) != nil }
    let shown = columns.prefix(30).map { Visible.shortened(Visible.line($0), to: 40) }
    let rest = columns.count > shown.count ? ", … (\(columns.count))" : ""
    let isHeaderless = hasHeader && columns.count > 1 && numbers * 2 > columns.count
    return Suggestion.text(for: name, among: columns) + "columns: " + shown.joined(separator: ", ")
      + rest
      + (isHeaderless
        ? "; a first row of numbers is no header: `\"header\": false` calls the columns 0, 1, …, and "
          + "`\"layout\": \"wide\"` reads each row as a sequence" : "")
  }
}

extension Delimiter {
  fileprivate var byte: UInt8 {
    switch self {
    case .comma: Byte.comma
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .space: Byte.space
    }
  }
}
