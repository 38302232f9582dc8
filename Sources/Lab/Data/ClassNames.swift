import LabFormats

/// The classes that labels belong to: a label's number is the place of its name.
struct ClassNames {
  /// The names in the order of their numbers.
  let names: [String]
  /// Where the names were read, for messages, such as `the training data`.
  let origin: String
  private let numbers: [ExactText: Int]  // only looked up, never iterated

  /// Takes names, all different.
  init(_ names: [String], origin: String) {
    self.names = names
    self.origin = origin
    numbers = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { (ExactText($1), $0) })
  }

  /// Returns the number of a class; nil for a label that is none.
  func number(of label: String) -> Int? { numbers[ExactText(label)] }

  /// Returns the number of the class that `label` names, which stands in `range` of `file`.
  func number(
    of label: String, in file: TextFile, _ range: Range<Int>
  ) throws(LabError) -> Int {
    if let number = number(of: label) { return number }
    if range.isEmpty {
      throw file.error(
        "the class label is missing", at: range.lowerBound, next: advice(for: ""))
    }
    throw file.error(
      "the class label `\(file.shown(range))` is not a class of \(origin)", at: range.lowerBound,
      next: advice(for: label))
  }

  private func advice(for label: String) -> String {
    let shown = names.prefix(20).map { Visible.shortened(Visible.line($0), to: 40) }
    let rest = names.count > shown.count ? ", … (\(names.count))" : ""
    return Suggestion.text(for: label, among: names) + "known: "
      + shown.joined(separator: ", ") + rest
  }
}
