/// Whole numbers in order, of which only the first, the distance and the count are stored where each is
/// as far from the one before as the next: as lengths of samples and the starts of windows often are.
package struct Progression: RandomAccessCollection, Equatable, Sendable, ExpressibleByArrayLiteral {
  private var first = 0
  private var distance = 0
  package private(set) var count = 0
  /// All numbers, where they are not evenly spaced; else empty.
  private var numbers: [Int] = []

  /// Takes numbers; evenly spaced ones are stored as such.
  package init(_ numbers: some Sequence<Int>) {
    for number in numbers { append(number) }
  }

  /// Takes the numbers of a literal.
  package init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The same number so many times.
  package init(repeating number: Int, count: Int) {
    precondition(count >= 0, "\(count) numbers")
    if count > 0 { first = number }
    self.count = count
  }

  /// The place of the first number.
  package var startIndex: Int { 0 }
  /// The place behind the last one.
  package var endIndex: Int { count }

  /// The number at a place.
  package subscript(place: Int) -> Int {
    precondition(place >= 0 && place < count, "number \(place) of \(count)")
    return numbers.isEmpty ? first &+ distance &* place : numbers[place]
  }

  /// Appends a number.
  package mutating func append(_ number: Int) {
    if count == 0 {
      first = number
    } else if count == 1 {
      distance = number &- first
    } else if !numbers.isEmpty || number != first &+ distance &* count {
      if numbers.isEmpty { (numbers, first, distance) = (Array(self), 0, 0) }
      numbers.append(number)
    }
    count += 1
  }

  /// The first number and the distance between two; nil where they are not evenly spaced.
  package var spacing: (first: Int, distance: Int)? {
    numbers.isEmpty ? (first, distance) : nil
  }

  /// Whether all numbers are the same.
  package var isConstant: Bool { numbers.isEmpty && distance == 0 }
}
