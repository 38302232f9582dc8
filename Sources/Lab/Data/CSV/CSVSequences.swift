import LabFormats

/// Samples from a table with one row a time step: rows of one sequence share the text in its
/// column; sequences stand in the order of their first rows, steps in the order of rows.
struct CSVSequences {
  private var table: CSVTable
  private let source: CSVSource
  private let path: String
  private let sequenceColumn: Int
  private let featureColumns: [Int]
  private var targets: CSVTargets

  private var x: Numbers  // (rows, features)
  private var sequenceOfRow: [Int] = []
  private var lengths: [Int] = []
  private var numbers: [ExactText: Int] = [:]  // of each sequence; only looked up, never iterated
  private var isSorted = true

  /// Reads the file at `file`, which the source at the JSON path `path` names.
  ///
  /// - Parameter classNames: The classes of the training samples, which the targets must belong to.
  init(
    _ source: CSVSource, contentsOf file: String, path: String, classNames: [String]?,
    keepsDoubles: Bool
  ) throws(LabError) {
    self.source = source
    self.path = path
    let table = try CSVTable(contentsOf: file)
    sequenceColumn = try table.column(source.sequence, key: "\(path).sequence")
    var columns: [Int] = []
    for (index, name) in source.features.enumerated() {
      columns.append(try table.column(name, key: "\(path).features[\(index)]"))
    }
    featureColumns = columns
    x = Numbers(keepsDoubles: keepsDoubles)
    targets = CSVTargets(
      column: try table.column(source.target, key: "\(path).target"), source: source, path: path,
      trained: classNames)
    self.table = table
    try readRows()
  }

  /// The samples; rows that do not stand together are brought together.
  func dataset() throws(LabError) -> Dataset {
    var starts: [Int] = []
    var next = 0
    for length in lengths {
      starts.append(next)
      next += length
    }
    var order: [Int] = []  // of the rows
    if !isSorted {
      order = Array(repeating: 0, count: sequenceOfRow.count)
      for (row, sequence) in sequenceOfRow.enumerated() {
        order[starts[sequence]] = row
        starts[sequence] += 1
      }
    }
    let width = featureColumns.count
    func ordered<Number>(_ x: [Number]) -> [Number] {
      isSorted ? x : order.flatMap { row in x[row * width..<(row + 1) * width] }
    }
    return Dataset(
      x: RaggedArray(
        axes: 3, lengths: lengths, width: width, values: ordered(x.floats),
        doubles: x.doubles.map(ordered)),
      targets: targets.array(lengths: lengths, rows: isSorted ? nil : order),
      classNames: targets.classNames, featureNames: source.features)
  }

  private mutating func readRows() throws(LabError) {
    var last: CSVRecords.Field?
    var sequence = -1
    while try table.advance() {
      let key = table.fields[sequenceColumn]
      if last.map({ !table.isSame($0, key) }) ?? true {
        sequence = try number(ofSequence: key)
        last = key
      }
      for column in featureColumns {
        x.append(
          try table.file.number(
            table.fields[column].range, name: "column `\(Visible.line(table.columns[column]))`"))
      }
      if let before = sequenceOfRow.last, sequence < before { isSorted = false }
      sequenceOfRow.append(sequence)
      lengths[sequence] += 1
      try targets.append(table, isFirst: lengths[sequence] == 1, sequence: sequence)
    }
    guard !lengths.isEmpty else {
      throw table.file.error(
        "no row follows the names of the columns", at: table.file.bytes.count,
        next: "check that the file was written or downloaded whole")
    }
    targets.finish()
  }

  private mutating func number(ofSequence key: CSVRecords.Field) throws(LabError) -> Int {
    let text = table.text(key)
    guard !text.isEmpty else {
      throw table.file.error(
        "column `\(Visible.line(source.sequence))` is empty", at: key.range.lowerBound,
        next: "name the sequence of every row")
    }
    if let known = numbers[ExactText(text)] { return known }
    numbers[ExactText(text)] = lengths.count
    lengths.append(0)
    return lengths.count - 1
  }
}
