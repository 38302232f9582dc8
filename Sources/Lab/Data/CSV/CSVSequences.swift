import LabFormats

/// Sequences of a table with one row a time step: rows of one sequence share the text in its
/// column; sequences stand in the order of their first rows, steps in the order of rows.
struct CSVSequences {
  private var table: CSVTable
  private let source: CSVSource
  /// nil: all rows are one sequence.
  private let sequence: Int?
  private var features: CSVFeatures

  private var lengths = SequenceLengths()
  private var numbers = NumberedTexts()  // of each sequence; only looked up

  /// - Parameter sequence: The place of the column that tells the sequences apart.
  init(table: CSVTable, source: CSVSource, sequence: Int?, features: CSVFeatures) {
    self.table = table
    self.source = source
    self.sequence = sequence
    self.features = features
  }

  /// Reads the samples; rows that do not stand together are brought together.
  mutating func dataset(_ targets: CSVTargets) throws(LabError) -> Dataset {
    var targets = targets
    try readRows { table, _, isFirst, sequence throws(LabError) in
      try targets.append(table, isFirst: isFirst, sequence: sequence)
    }
    targets.finish()
    let ids = ids()
    let (titles, order, x) = arranged()
    var data = Dataset(
      x: x, targets: targets.array(lengths: x.lengths, rows: order),
      classNames: targets.classNames, featureNames: titles.names,
      ids: ids)
    data.categories = titles.categories
    data.targetNames = targets.classNames == nil ? source.targets : nil
    data.targetTexts = targets.texts.placed(in: table.file)
    return data
  }

  /// Reads the series, and of every row the numbers in some columns.
  ///
  /// - Parameters:
  ///   - columns: Their places; nil for one that is not there, whose numbers are missing.
  ///   - mayMiss: Whether a number may be missing.
  mutating func series(
    _ columns: [Int?], names: [String], mayMiss: Bool
  ) throws(LabError) -> SeriesTable {
    var wanted: [Float] = []
    let places = columns.map(features.place)
    let areFeatures = !places.contains(nil)
    try readRows(inRuns: areFeatures) { table, features, _, _ throws(LabError) in
      if areFeatures, features.areNumbers { return }
      for (index, column) in columns.enumerated() {
        if let known = places[index].flatMap(features.lastNumber) {
          wanted.append(known)
        } else if let column, !(mayMiss && table.file.isMissing(table.fields[column].range)) {
          let range = table.fields[column].range
          let number = try table.file.number(
            range, name: "column `\(Visible.line(names[index]))`", missing: MissingValues.advice)
          wanted.append(number.float)
        } else {
          wanted.append(.nan)
        }
      }
    }
    let ids = ids()
    let (titles, order, x) = arranged()
    let width = columns.count
    let targets =
      areFeatures && features.areNumbers
      ? Self.columns(places.compactMap(\.self), of: x)
      : order.map { $0.flatMap { wanted[$0 * width..<($0 + 1) * width] } } ?? wanted
    return SeriesTable(
      lengths: Array(x.lengths), x: x, targets: targets,
      targetNames: names, featureNames: titles.names, categories: titles.categories,
      ids: ids)
  }

  /// What the table calls the sequences, where it does; after this no more of them are looked up.
  private mutating func ids() -> TextList? {
    defer { numbers = NumberedTexts() }
    return sequence == nil ? nil : numbers.texts
  }

  /// The numbers of some columns of rows; of all in their order, those that the rows have in memory.
  private static func columns(_ places: [Int], of rows: RaggedArray) -> [Float] {
    guard places != Array(0..<rows.width) else { return rows.values }
    var numbers: [Float] = []
    numbers.reserveCapacity(rows.values.count / rows.width * places.count)
    for first in stride(from: 0, to: rows.values.count, by: rows.width) {
      for place in places { numbers.append(rows.values[first + place]) }
    }
    return numbers
  }

  /// The names of the features, the order of the rows where it is not that of the file, and the numbers.
  private func arranged() -> (CSVFeatures.Titles, order: [Int]?, RaggedArray) {
    let (titles, numbers) = features.finished()
    let width = titles.names.count
    let order = lengths.order()
    func ordered<Number>(_ x: [Number]) -> [Number] {
      order.map { $0.flatMap { row in x[row * width..<(row + 1) * width] } } ?? x
    }
    let x = RaggedArray(
      axes: 3, lengths: lengths.all, width: width, values: ordered(numbers.floats),
      doubles: numbers.doubles.map(ordered))
    return (titles, order, x)
  }

  /// - Parameters:
  ///   - inRuns: Whether rows of plain numbers may be passed over, where there is one sequence.
  ///   - take: Reads the targets of a row whose features are read, and which may be the first of its
  ///     sequence.
  private mutating func readRows(
    inRuns: Bool = false,
    _ take: (
      _ table: CSVTable, _ features: CSVFeatures, _ isFirst: Bool, _ sequence: Int
    ) throws(LabError) -> Void
  ) throws(LabError) {
    features.reserve(for: table)
    var last: CSVRecords.Field?
    var number = 0
    while try table.advance() {
      if let sequence {
        let key = table.fields[sequence]
        if last.map({ !table.isSame($0, key) }) ?? true {
          number = try self.number(ofSequence: key)
          last = key
        }
      }
      let isFirst = lengths.add(1, to: number)
      try features.append(table)
      try take(table, features, isFirst, number)
      if inRuns, sequence == nil { lengths.add(features.appendNumbers(of: &table), to: 0) }
    }
    guard !lengths.isEmpty else { throw table.file.noRows }
  }

  private mutating func number(ofSequence key: CSVRecords.Field) throws(LabError) -> Int {
    let text = table.text(key)
    guard !text.isEmpty else {
      throw table.file.error(
        "column `\(Visible.line(source.sequence ?? ""))` is empty", at: key.range.lowerBound,
        next: "name the sequence of every row")
    }
    return numbers.number(of: text).number
  }
}

extension TextFile {
  /// The error of a table without rows.
  var noRows: LabError {
    error(
      "no row follows the names of the columns", at: bytes.count,
      next: "check that the file was written or downloaded whole")
  }
}
