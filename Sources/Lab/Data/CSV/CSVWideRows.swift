import LabFormats

/// Sequences of a table with one row a sequence: its columns are time steps of one feature, in order.
struct CSVWideRows {
  private var table: CSVTable
  private let source: CSVSource
  /// The column of the rows' names.
  private let sequence: Int?
  private let columns: [Int]
  private var targets: CSVTargets
  private let keepsDoubles: Bool

  init(
    table: CSVTable, source: CSVSource, sequence: Int?, columns: [Int], targets: CSVTargets,
    keepsDoubles: Bool
  ) {
    self.table = table
    self.source = source
    self.sequence = sequence
    self.columns = columns
    self.targets = targets
    self.keepsDoubles = keepsDoubles
  }

  /// Reads the samples.
  mutating func dataset() throws(LabError) -> Dataset {
    var x = Numbers(keepsDoubles: keepsDoubles)
    var ids: TextList = []
    var rows = 0
    while try table.advance() {
      for column in columns {
        let range = table.fields[column].range
        if source.missing != .error, table.file.isMissing(range) {
          x.append(.missing)
        } else {
          x.append(
            try table.file.number(
              range, name: "column `\(Visible.line(table.columns[column]))`",
              missing: MissingValues.advice))
        }
      }
      if let sequence { ids.append(table.text(table.fields[sequence])) }
      try targets.append(table, isFirst: true, sequence: rows)
      rows += 1
    }
    guard rows > 0 else { throw table.file.noRows }
    targets.finish()
    let lengths = Progression(repeating: columns.count, count: rows)
    var data = Dataset(
      x: RaggedArray(axes: 3, lengths: lengths, width: 1, values: x.floats, doubles: x.doubles),
      targets: targets.array(lengths: lengths, rows: nil), classNames: targets.classNames,
      ids: sequence == nil ? nil : ids)
    data.targetNames = targets.classNames == nil ? source.targets : nil
    data.targetTexts = targets.texts.placed(in: table.file)
    return data
  }
}
