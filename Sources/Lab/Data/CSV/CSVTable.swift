import LabFormats

/// A CSV file whose first record names the columns.
struct CSVTable {
  let file: TextFile
  /// The names of the columns.
  let columns: [String]
  private var records: CSVRecords

  /// Reads the file at `path` and the names of its columns.
  init(contentsOf path: String) throws(LabError) {
    try self.init(TextFile(contentsOf: path, what: ".csv"))
  }

  /// Takes a file in memory and reads the names of its columns.
  init(_ file: TextFile) throws(LabError) {
    self.file = file
    records = CSVRecords(file)
    _ = try records.advance()
    columns = records.fields.map { [records] in records.text($0) }
  }

  /// The fields of the current row, as many as there are columns.
  var fields: [CSVRecords.Field] { records.fields }

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
    guard fields.count == columns.count else {
      let hint =
        fields.count > columns.count ? "; write decimals with a point, or put them in quotes" : ""
      throw file.error(
        "the row has \(fields.count) field\(fields.count == 1 ? "" : "s"), the header has "
          + "\(columns.count)", at: start, next: "give every row one field a column\(hint)")
    }
    return true
  }

  /// Returns the place of the column with a name.
  ///
  /// - Parameter key: The configuration's key that names it, for messages.
  func column(_ name: String, key: String) throws(LabError) -> Int {
    guard let index = columns.firstIndex(of: name) else {
      let shown = columns.prefix(30).map { Visible.shortened(Visible.line($0), to: 40) }
      let rest = columns.count > shown.count ? ", … (\(columns.count))" : ""
      let isOther = columns.count == 1 && columns[0].contains { ";\t|".contains($0) }
      throw file.error(
        "there is no column `\(Visible.line(name))`, which `\(key)` names", at: 0,
        next: isOther
          ? "the columns must be separated by commas"
          : Suggestion.text(for: name, among: columns) + "columns: " + shown.joined(separator: ", ")
            + rest)
    }
    guard columns.lastIndex(of: name) == index else {
      throw file.error(
        "two columns are called `\(Visible.line(name))`", at: 0, next: "give them different names")
    }
    return index
  }
}
