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
    /// Texts and their places in the order in which they were met.
    case texts(names: [String], places: [ExactText: Int], isClosed: Bool)
  }

  /// More would make a feature of every row.
  private static let mostCategories = 1000

  private let columns: [Int]
  private let names: [String]
  private let missing: MissingValues
  private var kinds: [Kind]
  /// (rows, columns); a text's place.
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
    kinds = columns.indices.map { index in
      guard let trained else { return .unknown }
      guard let texts = trained[index] else { return .numbers }
      let places = texts.enumerated().map { (ExactText($1), $0) }
      return .texts(
        names: texts, places: Dictionary(uniqueKeysWithValues: places), isClosed: true)
    }
  }

  /// Takes the current row.
  mutating func append(_ table: CSVTable) throws(LabError) {
    for (index, column) in columns.enumerated() {
      let field = table.fields[column]
      if case .numbers = kinds[index], let value = table.file.decimal(field.range),
        value.float.isFinite
      {
        numbers.append(value)
      } else {
        numbers.append(try value(of: field, index, in: table))
      }
    }
  }

  private func name(_ index: Int) -> String { "column `\(Visible.line(names[index]))`" }

  private mutating func value(
    of field: CSVRecords.Field, _ index: Int, in table: CSVTable
  ) throws(LabError) -> WideNumber {
    let file = table.file
    if file.isMissing(field.range) {
      guard missing == .error else { return WideNumber(double: .nan, float: .nan) }
      return try file.number(field.range, name: name(index))
    }
    if case .unknown = kinds[index] {
      kinds[index] =
        file.decimal(field.range) != nil || file.looksLikeNumber(field.range)
        ? .numbers : .texts(names: [], places: [:], isClosed: false)
    }
    guard case .texts(let texts, let places, let isClosed) = kinds[index] else {
      return try file.number(field.range, name: name(index))
    }
    guard file.decimal(field.range) == nil else {
      throw file.error(
        "\(name(index)) is the number \(file.shown(field.range)), but a text in the first row",
        at: field.range.lowerBound,
        next: "write numbers only or texts only; a column of texts becomes a feature a text")
    }
    try file.requireName(field.range, of: "category")
    let text = ExactText(table.text(field))
    if let place = places[text] { return WideNumber(double: Double(place), float: Float(place)) }
    guard !isClosed else {
      throw file.error(
        "\(name(index)) is `\(file.shown(field.range))`, which the data to train on do not have",
        at: field.range.lowerBound,
        next: Suggestion.text(for: table.text(field), among: texts) + "known: "
          + texts.prefix(20).map { Visible.shortened(Visible.line($0), to: 40) }
          .joined(separator: ", ") + (texts.count > 20 ? ", … (\(texts.count))" : ""))
    }
    guard texts.count < Self.mostCategories else {
      throw file.error(
        "\(name(index)) has more than \(Self.mostCategories) different texts",
        at: field.range.lowerBound,
        next: "leave it out of the features: each text becomes a feature")
    }
    // Taken out first, so that neither is copied.
    kinds[index] = .unknown
    var (newTexts, newPlaces) = (texts, places)
    newPlaces[text] = newTexts.count
    newTexts.append(table.text(field))
    kinds[index] = .texts(names: newTexts, places: newPlaces, isClosed: false)
    let place = newTexts.count - 1
    return WideNumber(double: Double(place), float: Float(place))
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
      guard case .texts(let texts, _, _) = kind else {
        marks.append(nil)
        titles.append(names[index])
        categories.append(nil)
        continue
      }
      let sorted = texts.indices.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
      var places = [Int](repeating: 0, count: texts.count)
      for (place, text) in sorted.enumerated() { places[text] = place }
      marks.append(places)
      titles += texts.map { _ in names[index] }
      categories += sorted.map { texts[$0] }
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
