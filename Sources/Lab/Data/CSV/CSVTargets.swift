import LabFormats

/// The targets in a column of a table, numbers where the first row has one, else classes; or the numbers
/// in several columns.
struct CSVTargets {
  private let columns: [Int?]
  private let source: CSVSource
  private let path: String
  private var values: [Float] = []  // a row of the columns a sequence, or a row of the table
  /// The classes that targets must belong to; nil while they are gathered, and for numbers.
  private var known: ClassNames?
  private var isNumeric = false
  /// Whether it is known if targets are numbers.
  private var isKindKnown: Bool
  /// Whether the training samples' targets are numbers, so that these are.
  private let areKnownNumbers: Bool
  private let presence: TargetPresence
  /// The different targets as they are written.
  private(set) var texts: TargetTexts
  /// The names met so far.
  private var names = TextNumbers()

  private var isPerStep: Bool { source.targetPer == .step }

  /// - Parameters:
  ///   - columns: The places of the source's targets in the table; nil for one that is not there.
  ///   - path: The source's JSON path.
  ///   - form: What the targets are, if the training samples are others.
  init(columns: [Int?], source: CSVSource, path: String, like form: SampleForm?) {
    self.columns = columns
    self.source = source
    self.path = path
    presence = form?.presence ?? .required
    areKnownNumbers = form?.hasNumbers ?? false
    texts = TargetTexts(column: source.targets.first ?? "")
    known =
      form?.classNames.map { ClassNames($0, origin: .trainingData) }
      ?? source.classes.map { ClassNames($0, origin: .key("\(path).classes")) }
    if columns.count > 1 || areKnownNumbers {
      known = nil
      isNumeric = true
    }
    isKindKnown = known != nil || isNumeric
  }

  /// The names of the classes in the order of their numbers; nil for numbers.
  var classNames: [String]? { known?.names }

  /// Takes the current row's target.
  ///
  /// - Parameter isFirst: Whether it is its sequence's first row.
  mutating func append(_ table: CSVTable, isFirst: Bool, sequence: Int) throws(LabError) {
    if !isKindKnown, let column = columns[0], !isMissing(table.fields[column], in: table) {
      let range = table.fields[column].range
      isNumeric = table.file.decimal(range) != nil || table.file.groupedNumber(range) != nil
      isKindKnown = true
    }
    for (index, column) in columns.enumerated() {
      guard let column else {
        if isPerStep || isFirst { values.append(.nan) }
        continue
      }
      let field = table.fields[column]
      let value = try isMissing(field, in: table) ? .nan : value(of: field, index, in: table)
      if columns.count == 1, !value.isNaN {
        texts.note(value, at: field.range.lowerBound, text: table.text(field))
      }
      if isPerStep || isFirst {
        values.append(value)
        continue
      }
      let place = sequence * columns.count + index
      let first = values[place]
      if source.missing == .drop, value.isNaN || first.isNaN {
        values[place] = .nan
        continue
      }
      if first != value, !(first.isNaN && value.isNaN) {
        throw table.file.error(
          "\(name(index)) changes to `\(table.file.shown(field.range))` within a sequence",
          at: field.range.lowerBound,
          next: "give all rows of a sequence the same target; for one at each time step set "
            + "`\(path).target_per` to \"step\"")
      }
    }
  }

  /// Whether a row says that its target is missing, which it may: it is not known, or its sequence will
  /// be left out.
  private func isMissing(_ field: CSVRecords.Field, in table: CSVTable) -> Bool {
    (presence == .optional || source.missing == .drop) && table.file.isMissing(field.range)
      && known?.number(of: table.text(field)) == nil
  }

  private func name(_ index: Int) -> String {
    "column `\(Visible.line(source.targets[index]))`"
  }

  /// Numbers the classes that were gathered by the order of their names' bytes.
  mutating func finish() {
    guard known == nil, !isNumeric else { return }
    let (sorted, places) = names.sorted
    values = values.map { $0.isNaN ? $0 : Float(places[Int($0)]) }
    known = ClassNames(sorted, origin: .trainingData)
  }

  /// The targets of sequences of the given lengths.
  ///
  /// - Parameter rows: The order in which rows are taken, where they were not in order.
  func array(lengths: Progression, rows: [Int]?) -> RaggedArray {
    let width = columns.count
    guard isPerStep else {
      return RaggedArray(
        axes: width == 1 ? 1 : 2, lengths: Progression(repeating: width, count: lengths.count),
        values: values)
    }
    let ordered = rows.map { $0.flatMap { values[$0 * width..<($0 + 1) * width] } }
    return RaggedArray(axes: 3, lengths: lengths, width: width, values: ordered ?? values)
  }

  private mutating func value(
    of field: CSVRecords.Field, _ index: Int, in table: CSVTable
  ) throws(LabError) -> Float {
    let file = table.file
    if isNumeric {
      if columns.count == 1, file.decimal(field.range) == nil, !file.isMissing(field.range),
        !file.hasDecimalComma(field.range), file.groupedNumber(field.range) == nil
      {
        throw file.error(
          "\(name(index)) is `\(file.shown(field.range))`, but a number in "
            + (areKnownNumbers ? "the training data" : "the first row"),
          at: field.range.lowerBound,
          next: areKnownNumbers
            ? "write numbers only" : "write numbers only, or name all classes: `\(path).classes`")
      }
      return try file.number(
        field.range, name: name(index), missing: MissingValues.adviceOfTarget
      ).float
    }
    try file.requireName(field.range)
    let text = table.text(field)
    if let known { return Float(try known.number(of: text, in: file, field.range)) }
    if file.isMissing(field.range) { throw missing(field, table) }
    if let number = names.number(of: text) { return Float(number) }
    try ClassNames.requireFew(names.texts.count + 1, in: file, field.range)
    return Float(names.add(text))
  }

  /// The error for a target that is not there, or that is a class with such a name.
  private func missing(_ field: CSVRecords.Field, _ table: CSVTable) -> LabError {
    let file = table.file
    let isWord = file.bytes[field.range].contains(where: Byte.isLetter)
    var all = names.texts
    var rest = table
    var hasRow = isWord
    while hasRow, let column = columns[0] {
      let text = rest.text(rest.fields[column])
      if !text.isEmpty, !all.contains(where: { ExactText($0) == ExactText(text) }), all.count <= 20
      {
        all.append(text)
      }
      hasRow = (try? rest.advance()) ?? false
    }
    let classes = all.count > 20 ? "[…]" : TargetTexts.list(all)
    return file.missing(
      field.range, name: name(0),
      next: MissingValues.adviceOfTarget
        + (isWord ? "; where it is a class, name all: `\"classes\": \(classes)` in `\(path)`" : ""))
  }
}
