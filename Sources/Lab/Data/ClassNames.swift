import LabFormats

/// The classes that labels belong to: a label's number is the place of its name. Where all names are
/// decimal numbers, a label is the name that is the same number: `1.0` is the class `1`.
struct ClassNames {
  /// The names in the order of their numbers.
  let names: [String]
  /// Where the names were read, for messages.
  let origin: Origin

  /// Where the names of classes are read.
  enum Origin {
    case trainingData
    /// The first lines of a `.ts` file.
    case header
    /// A key of the configuration.
    case key(String)

    var text: String {
      switch self {
      case .trainingData: "the training data"
      case .header: "the header"
      case .key(let path): "`\(path)`"
      }
    }

    /// What to do where a class is one more.
    var wayOn: String {
      switch self {
      case .trainingData: "a class more must be among the training data"
      case .header: "a class more is named behind `@classLabel true`"
      case .key: "a class more is named there"
      }
    }
  }
  private let numbers: [ExactText: Int]  // only looked up, never iterated
  private let values: [DecimalValue: Int]?  // likewise; nil where a name is no number

  /// Takes names, all different.
  init(_ names: [String], origin: Origin) {
    self.names = names
    self.origin = origin
    numbers = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { (ExactText($1), $0) })
    values = Self.values(names)
  }

  /// The names as numbers; nil where one is none, or two are the same.
  private static func values(_ names: [String]) -> [DecimalValue: Int]? {
    var values: [DecimalValue: Int] = [:]
    for (number, name) in names.enumerated() {
      guard let value = DecimalValue(name), values.updateValue(number, forKey: value) == nil else {
        return nil
      }
    }
    return values
  }

  /// Returns the number of a class; nil for a label that is none.
  ///
  /// - Parameter mark: What stands between the whole part of a number and its fraction.
  func number(of label: String, mark: UInt8 = Byte.point) -> Int? {
    numbers[ExactText(label)]
      ?? values.flatMap { values in
        DecimalValue(label, mark: mark).flatMap { values[$0] }
      }
  }

  /// Returns the number of the class that `label` names, which stands in `range` of `file`.
  func number(
    of label: String, in file: TextFile, _ range: Range<Int>
  ) throws(LabError) -> Int {
    if let number = number(of: label, mark: file.decimalMark) { return number }
    if file.isMissing(range) {
      throw file.missing(
        range, name: "the class",
        next: MissingValues.adviceOfTarget + "; " + Self.advice(for: "", among: names))
    }
    throw file.error(
      "`\(file.shown(range))` is not a class of \(origin.text)", at: range.lowerBound,
      next: Self.advice(for: label, among: names) + "; \(origin.wayOn)")
  }

  /// What is advised for a text that is none of some names.
  static func advice(for label: String, among names: [String]) -> String {
    let shown = names.prefix(20).map { Visible.shortened(Visible.line($0), to: 40) }
    let rest = names.count > shown.count ? ", … (\(names.count))" : ""
    return (label.isEmpty ? "" : Suggestion.text(for: label, among: names)) + "known: "
      + shown.joined(separator: ", ") + rest
  }
}

extension ClassNames {
  /// The most classes that a file may name: no model has so many outputs.
  private static let most = 100_000

  /// Refuses a class too many, which stands in `range` of `file`.
  static func requireFew(_ count: Int, in file: TextFile, _ range: Range<Int>) throws(LabError) {
    guard count > most else { return }
    throw file.error(
      "there are more than \(most) classes", at: range.lowerBound,
      next:
        "many samples share a class; where the targets are numbers to predict, write numbers only")
  }
}

extension TextFile {
  /// The most bytes that the name of a class or a column may have.
  private static let longestName = 10_000

  /// Refuses the text of `range` where it is too long for a name.
  ///
  /// - Parameter what: What it names.
  func requireName(_ range: Range<Int>, of what: String = "class") throws(LabError) {
    guard range.count > Self.longestName else { return }
    throw error(
      "the name `\(shown(range))` of a \(what) has \(range.count) bytes", at: range.lowerBound,
      next: "allowed: up to \(Self.longestName)")
  }
}
