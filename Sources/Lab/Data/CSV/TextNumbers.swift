import LabFormats

/// Texts of a column, numbered in the order in which they are met.
struct TextNumbers {
  /// The texts in the order of their numbers.
  private(set) var texts: [String] = []
  private var numbers: [ExactText: Int] = [:]  // only looked up, never iterated

  /// Takes texts, all different.
  init(_ texts: [String] = []) { for text in texts { add(text) } }

  /// Returns the number of a text; nil where it was not met.
  func number(of text: String) -> Int? { numbers[ExactText(text)] }

  /// Returns the number of a text that was not met before.
  @discardableResult
  mutating func add(_ text: String) -> Int {
    numbers[ExactText(text)] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  /// The texts in the order of their bytes, and for each number the place of its text there.
  var sorted: (texts: [String], places: [Int]) {
    let order = texts.indices.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
    var places = [Int](repeating: 0, count: texts.count)
    for (place, number) in order.enumerated() { places[number] = place }
    return (order.map { texts[$0] }, places)
  }
}
