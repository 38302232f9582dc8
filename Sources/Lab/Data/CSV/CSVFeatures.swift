import LabFormats

/// The features in columns of a table: numbers, or texts that each become one feature a category.
///
/// A column whose first value is no number holds texts. Which there are, the samples to train on say;
/// they stand in the order of their names' bytes.
struct CSVFeatures {
  /// What a column holds.
  private enum Kind {
    case unknown
    case numbers
    /// Texts; closed where the samples to train on have said which there are.
    case texts(TextNumbers, isClosed: Bool)
  }

  /// More would make a feature of every row.
  private static let mostCategories = 1000

  private let columns: [Int]
  private let names: [String]
  private let missing: MissingValues
  private var kinds: [Kind]
  /// Whether no column is read twice.
  private let areDifferent: Bool
  /// Whether every column is known to hold numbers.
  private(set) var areNumbers = false
  /// (rows, columns); a text's number.
  private(set) var numbers: Numbers

  /// - Parameters:
  ///   - columns: The places of the columns in the table.
  ///   - trained: What the samples to train on have in each column: their categories, nil for numbers;
  ///     nil while that is to be found out.
  init(
    _ columns: [Int], names: [String], missing: MissingValues, keepsDoubles: Bool,
    trained: [[String]?]?
  ) {
    self.columns = columns
    self.names = names
    self.missing = missing
    numbers = Numbers(keepsDoubles: keepsDoubles)
    areDifferent = Set(columns).count == columns.count
    kinds = columns.indices.map { index in
      guard let trained else { return .unknown }
      return trained[index].map { .texts(TextNumbers($0), isClosed: true) } ?? .numbers
    }
    areNumbers = kinds.indices.allSatisfy(isNumeric)
  }

  /// The number of columns.
  var width: Int { columns.count }

  /// Makes room for the numbers of a table.
  mutating func reserve(for table: CSVTable) {
    numbers.reserve(table.expectedNumbers(columns: columns.count))
  }

  private func isNumeric(_ index: Int) -> Bool {
    if case .numbers = kinds[index] { true } else { false }
  }

  /// The place among the features of a column of the table; nil for any other.
  func place(of column: Int?) -> Int? { columns.firstIndex { $0 == column } }

  /// What the last row has in the column with a place among the features; nil where that is no number.
  func lastNumber(_ place: Int) -> Float? {
    isNumeric(place) ? numbers.floats[numbers.floats.count - columns.count + place] : nil
  }

  /// Takes the rows behind the current one that have plain numbers in all columns, where these are known to
  /// hold numbers; returns how many.
  mutating func appendNumbers(of table: inout CSVTable) -> Int {
    areNumbers && areDifferent ? table.takeNumbers(in: columns, into: &numbers) : 0
  }

  /// Takes the current row.
  mutating func append(_ table: CSVTable) throws(LabError) {
    for (index, column) in columns.enumerated() {
      if areNumbers || isNumeric(index), let value = table.decimal(column), value.float.isFinite {
        numbers.append(value)
      } else {
        numbers.append(try value(of: table.fields[column], index, in: table))
      }
    }
  }

  private func name(_ index: Int) -> String { "column `\(Visible.line(names[index]))`" }

  private mutating func value(
    of field: CSVRecords.Field, _ index: Int, in table: CSVTable
  ) throws(LabError) -> WideNumber {
    let file = table.file
    if file.isMissing(field.range) {
      guard missing == .error else { return .missing }
      return try file.number(
        field.range, name: name(index), missing: MissingValues.advice)
    }
    if case .unknown = kinds[index] {
      kinds[index] =
        file.decimal(field.range) != nil || file.looksLikeNumber(field.range)
        ? .numbers : .texts(TextNumbers(), isClosed: false)
      areNumbers = kinds.indices.allSatisfy(isNumeric)
    }
    guard case .texts(var known, let isClosed) = kinds[index] else {
      return try file.number(
        field.range, name: name(index), missing: MissingValues.advice)
    }
    guard file.decimal(field.range) == nil else {
      throw file.error(
        "\(name(index)) is the number \(file.shown(field.range)), but a text in the first row",
        at: field.range.lowerBound,
        next: "write numbers only or texts only; each text becomes a feature")
    }
    try file.requireName(field.range, of: "category")
    let text = table.text(field)
    if let number = known.number(of: text) { return Self.wide(number) }
    guard !isClosed else {
      throw file.error(
        "\(name(index)) is `\(file.shown(field.range))`, which the training data do not have",
        at: field.range.lowerBound, next: ClassNames.advice(for: text, among: known.texts))
    }
    guard known.texts.count < Self.mostCategories else {
      throw file.error(
        "\(name(index)) has more than \(Self.mostCategories) different texts",
        at: field.range.lowerBound,
        next: "leave it out of the features: each text becomes a feature")
    }
    let number = known.add(text)
    kinds[index] = .texts(known, isClosed: false)
    return Self.wide(number)
  }

  private static func wide(_ number: Int) -> WideNumber {
    WideNumber(double: Double(number), float: Float(number))
  }

  /// The names of the features that were read, and for each the text that it marks.
  struct Titles {
    var names: [String]
    /// nil where all are numbers.
    var categories: [String?]?
  }

  /// Returns the features' names, and their numbers row by row.
  func finished() -> (titles: Titles, numbers: Numbers) {
    var titles: [String] = []
    var categories: [String?] = []
    /// Of each column: the feature that each text marks; nil for numbers.
    var marks: [[Int]?] = []
    for (index, kind) in kinds.enumerated() {
      guard case .texts(let known, _) = kind else {
        marks.append(nil)
        titles.append(names[index])
        categories.append(nil)
        continue
      }
      let (texts, places) = known.sorted
      marks.append(places)
      titles += texts.map { _ in names[index] }
      categories += texts
    }
    guard marks.contains(where: { $0 != nil }) else {
      return (Titles(names: titles), numbers)
    }
    return (Titles(names: titles, categories: categories), marked(marks))
  }

  private func marked(_ marks: [[Int]?]) -> Numbers {
    var wide = Numbers(keepsDoubles: numbers.doubles != nil)
    for (index, value) in numbers.floats.enumerated() {
      let double = numbers.doubles?[index] ?? Double(value)
      guard let places = marks[index % columns.count] else {
        wide.append(WideNumber(double: double, float: value))
        continue
      }
      for place in places.indices {
        let isHere: Float = value.isNaN ? .nan : place == places[Int(value)] ? 1 : 0
        wide.append(WideNumber(double: Double(isHere), float: isHere))
      }
    }
    return wide
  }
}
