import LabFormats

/// The targets in a column of a table: numbers where the first row has one, else classes.
struct CSVTargets {
  private let column: Int
  private let source: CSVSource
  private let path: String
  private var values: [Float] = []  // one a sequence, or one a row
  /// The classes that targets must belong to; nil while they are gathered, and for numbers.
  private var known: ClassNames?
  private var isNumeric = false
  /// The names met so far, in order, and their places.
  private var names: [String] = []
  private var places: [ExactText: Int] = [:]  // only looked up, never iterated

  private var isPerStep: Bool { source.targetPer == .step }

  /// - Parameters:
  ///   - path: The source's JSON path.
  ///   - trained: The classes of the training samples, if these are others.
  init(column: Int, source: CSVSource, path: String, trained: [String]?) {
    self.column = column
    self.source = source
    self.path = path
    known =
      trained.map { ClassNames($0, origin: "the training data") }
      ?? source.classes.map { ClassNames($0, origin: "`\(path).classes`") }
  }

  /// The names of the classes in the order of their numbers; nil for numbers.
  var classNames: [String]? { known?.names }

  /// Takes the current row's target.
  ///
  /// - Parameter isFirst: Whether it is its sequence's first row.
  mutating func append(
    _ table: CSVTable, isFirst: Bool, sequence: Int
  ) throws(LabError) {
    let field = table.fields[column]
    if values.isEmpty, known == nil { isNumeric = table.file.decimal(field.range) != nil }
    let value = try value(of: field, in: table)
    if isPerStep || isFirst {
      values.append(value)
    } else if values[sequence] != value {
      throw table.file.error(
        "column `\(Visible.line(source.target))` changes to `\(table.file.shown(field.range))` "
          + "within a sequence", at: field.range.lowerBound,
        next: "give all rows of a sequence the same target; for one a time step set "
          + "`\(path).target_per` to \"step\"")
    }
  }

  /// Numbers the classes that were gathered by the order of their names' bytes.
  mutating func finish() {
    guard known == nil, !isNumeric else { return }
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let classes = ClassNames(sorted, origin: "the training data")
    let numbers = names.map { Float(classes.number(of: $0) ?? 0) }
    values = values.map { numbers[Int($0)] }
    known = classes
  }

  /// The targets of sequences of the given lengths.
  ///
  /// - Parameter rows: The order in which rows are taken, where they were not in order.
  func array(lengths: [Int], rows: [Int]?) -> RaggedArray {
    guard isPerStep else {
      return RaggedArray(axes: 1, lengths: lengths.map { _ in 1 }, values: values)
    }
    return RaggedArray(
      axes: 3, lengths: lengths, values: rows.map { $0.map { values[$0] } } ?? values)
  }

  private mutating func value(
    of field: CSVRecords.Field, in table: CSVTable
  ) throws(LabError) -> Float {
    let file = table.file
    let name = "column `\(Visible.line(source.target))`"
    if isNumeric {
      if file.decimal(field.range) == nil, !file.isMissing(field.range),
        !file.hasDecimalComma(field.range)
      {
        throw file.error(
          "\(name) is `\(file.shown(field.range))`, but a number in the first row",
          at: field.range.lowerBound,
          next: "write numbers only, or name all classes: `\(path).classes`")
      }
      return try file.number(field.range, name: name).float
    }
    let text = table.text(field)
    if let known { return Float(try known.number(of: text, in: file, field.range)) }
    if file.isMissing(field.range) { return try file.number(field.range, name: name).float }
    if let place = places[ExactText(text)] { return Float(place) }
    places[ExactText(text)] = names.count
    names.append(text)
    return Float(names.count - 1)
  }
}
