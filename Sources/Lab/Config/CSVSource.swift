package import LabFormats

/// A table of text: one row a time step, or one row a sequence.
package struct CSVSource: Equatable, Sendable {
  /// The file's path, as written.
  package var path: String
  /// What stands between two fields; nil: a tab in `.tsv` files, a comma in others.
  package var delimiter: Delimiter?
  /// What stands between the whole part of a number and its fraction.
  package var decimal = DecimalMark.point
  /// How bytes stand for characters.
  package var encoding = TextEncoding.utf8
  /// Whether the first record names the columns; else they are called `0`, `1`, ….
  package var hasHeader = true
  /// What a row is.
  package var layout = TableLayout.long
  /// The column whose text says which sequence a row belongs to; nil for one long series, and where a
  /// row is a sequence and has no name.
  package var sequence: String?
  /// The columns that the model reads, in order; nil: of a wide table all that are nothing else.
  package var features: [String]?
  /// The columns that the model should tell; none where windows say it.
  package var targets: [String]
  /// Whether there is a target a sequence or a time step.
  package var targetPer = TargetPer.sequence
  /// The names of the classes in the order of their numbers; nil takes them from the targets, unless
  /// these are numbers.
  package var classes: [String]?
  /// What is done about values that are not there.
  package var missing = MissingValues.error
  /// How long series are cut into samples; nil: a sequence is a sample.
  package var windows: Windows?

  /// Makes a source with a target a sequence.
  package init(
    path: String, sequence: String? = nil, features: [String]? = nil, targets: [String] = []
  ) {
    self.path = path
    self.sequence = sequence
    self.features = features
    self.targets = targets
  }
}

/// What stands between two fields of a table.
package enum Delimiter: String, CaseIterable, Sendable {
  case comma = ","
  case semicolon = ";"
  case tab = "\t"
  /// Any number of spaces.
  case space = " "
}

/// What stands between the whole part of a number and its fraction.
package enum DecimalMark: String, CaseIterable, Sendable {
  case point = "."
  case comma = ","
}

/// What a row of a table is.
package enum TableLayout: String, CaseIterable, Sendable {
  /// A time step.
  case long
  /// A sequence.
  case wide
}

/// What there is a target for.
package enum TargetPer: String, CaseIterable, Sendable {
  case sequence
  case step
}

// MARK: Its keys

extension CSVSource {
  /// A table with one row a time step, each sequence a sample.
  static var long: ObjectForm<CSVSource> {
    ObjectForm(
      "A table with one row for each time step.", name: "csv", start: CSVSource(path: ""),
      isOf: { $0.layout == .long && $0.windows == nil },
      [
        file,
        Field(
          required: "sequence", \.sequenceName, .sequenceColumn,
          "The column whose text says which sample a row belongs to."),
        Field(
          required: "features", \.featureNames, .names(of: "columns"),
          "The columns that the model reads."),
        target,
        Field(
          "target_per", \.targetPer, .name,
          "Whether there is a target a sequence, the same in all its rows, or a time step."),
        classNames,
        Field(
          "layout", \.layout,
          Rule<TableLayout>.name.told(Rule.name(among: [TableLayout.long]).form()),
          "What a row is: `wide` for a sequence, see [wide tables](#wide-tables)."
        ).omittedAtDefault,
      ] + writing)
  }

  /// A table with one row a sequence.
  static var wide: ObjectForm<CSVSource> {
    var start = CSVSource(path: "")
    start.layout = .wide
    return ObjectForm(
      "A table with one row for each sequence.", name: "csv_wide", start: start,
      isOf: { $0.layout == .wide },
      [
        file,
        Field(
          required: "layout", \.layout, Rule.name(among: [TableLayout.wide]), "What a row is."),
        Field(
          optional: "sequence", \.sequence, .text, "The column that names a row's sequence.",
          default: "its number"),
        Field(
          optional: "features", \.features, .names(of: "columns"),
          "The columns that are a sequence's time steps, in order.",
          default: "all that are nothing else"),
        target, classNames,
      ] + writing)
  }

  /// A table with one row a time step, whose series are cut into windows.
  static var windowed: ObjectForm<CSVSource> {
    var start = CSVSource(path: "")
    start.windows = Windows(length: 1)
    return ObjectForm(
      "A table of series that are cut into windows.", name: "csv_windows", start: start,
      isOf: { $0.windows != nil },
      [
        file,
        Field(
          optional: "sequence", \.sequence, .text,
          "The column whose text says which series a row belongs to.",
          default: "the table is one series"),
        Field(
          required: "features", \.featureNames, .names(of: "columns"),
          "The columns that the model reads."),
        Field(required: "windows", \.cut, .object(Windows.form), "How samples are cut."),
      ] + writing)
  }

  private static let endings = [".csv", ".tsv", ".txt"]

  private static var file: Field<CSVSource> {
    Field(
      required: "csv", \.path,
      .path(endingIn: endings + endings.map { $0 + ".gz" }, inAnyCase: true).tellingARFF,
      "The file's path.")
  }

  private static var target: Field<CSVSource> {
    Field(
      required: "target", \.targets, .oneOrSeveralNames,
      "The column that the model should tell, or several of numbers.")
  }

  private static var classNames: Field<CSVSource> {
    Field(
      optional: "classes", \.classes, .names(of: "classes"),
      "The classes in the order of their numbers; needed where they are numbers.",
      default: "the targets' texts"
    ).then { reader, source in
      guard let (first, other) = source.classes.flatMap(DecimalValue.same) else { return }
      let names = [first, other].map { "`\(Visible.shortened(Visible.line($0), to: 40))`" }
      reader.node.note(
        "`\(reader.node.path(of: "classes"))` has the same number twice: \(names[0]) and "
          + names[1],
        next: "name each class once")
    }
  }

  /// How the text is written.
  private static var writing: [Field<CSVSource>] {
    [
      Field(
        optional: "delimiter", \.delimiter, .quotedName, "What stands between two fields.",
        default: "`\"\\t\"` for `.tsv`, else `\",\"`"),
      Field(
        "decimal", \.decimal, .quotedName,
        "What stands between the whole part of a number and its fraction."
      ).omittedAtDefault,
      Field(
        "encoding", \.encoding, .name, "How bytes stand for characters."
      ).omittedAtDefault,
      Field(
        "header", \.hasHeader, .boolean,
        "Whether the first row names the columns; else they are called `0`, `1`, …."
      ).omittedAtDefault,
      MissingValues.field(\.missing),
    ]
  }

  /// The column that must be there.
  private var sequenceName: String {
    get { sequence ?? "" }
    set { sequence = newValue }
  }
  private var featureNames: [String] {
    get { features ?? [] }
    set { features = newValue }
  }
  private var cut: Windows {
    get { windows ?? Windows(length: 1) }
    set { windows = newValue }
  }
}

extension Rule where Value == String {
  /// A column's name; what it is for is what those miss who leave it out.
  fileprivate static var sequenceColumn: Rule {
    Rule(
      allowed:
        "the column whose text tells which sequence a row belongs to; one long series is cut with "
        + "`\"windows\": {\"sequence_length\": 12}`, and a table with one row for each sequence is "
        + "`\"layout\": \"wide\"`", fallback: "", form: text.form(),
      read: text.read, text: text.text)
  }
}

extension Rule where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the signs of an enumeration, which messages show in quotes.
  fileprivate static var quotedName: Rule {
    let values = Array(Value.allCases)
    let signs = values.map { JSONText.string($0.rawValue).compact }.joined(separator: ", ")
    return Rule(
      allowed: "one of \(signs)", fallback: values[0],
      form: ValueForm(
        ["enum": .array(values.map { .string($0.rawValue) })],
        words: values.map { "`\(JSONText.string($0.rawValue).compact)`" }.joined(separator: ", ")),
      read: { node in node.value.string.flatMap(Value.init(rawValue:)) },
      text: { .string($0.rawValue) })
  }
}

extension Rule where Value == [String] {
  private static var limit: Int { 1_000_000 }

  /// One or more different texts.
  static func names(of what: String) -> Rule {
    let names = Rule.set(of: .text, upTo: limit)
    let allowed = "an array of the names of \(what), at least one"
    return Rule(
      allowed: allowed, fallback: [],
      form: Rule<String>.text.form().list(from: 1, upTo: limit, isSet: true).told(allowed),
      read: { node in names.read(node).flatMap { $0.isEmpty ? nil : $0 } }, text: names.text)
  }

  /// A text, or one or more different ones; one alone is written as a text.
  fileprivate static var oneOrSeveralNames: Rule {
    let several = names(of: "columns")
    let one = Rule<String>.text
    return Rule(
      allowed: "a column's name, or \(several.allowed)", fallback: [""],
      form: ValueForm(oneOf: [one.form(), several.form()], words: "a text, or \(several.allowed)"),
      read: { node in
        node.value.kind == .string ? one.read(node).map { [$0] } : several.read(node)
      },
      text: { $0.count == 1 ? .string($0[0]) : several.text($0) })
  }
}
