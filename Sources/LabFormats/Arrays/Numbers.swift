/// A number as it was read, and what it becomes.
package struct WideNumber: Equatable, Sendable {
  /// The nearest float64.
  package let double: Double
  /// The nearest float32.
  package let float: Float

  /// What stands for a number that is not there.
  package static let missing = WideNumber(double: .nan, float: .nan)

  /// Takes what a number was rounded to.
  package init(double: Double, float: Float) {
    self.double = double
    self.float = float
  }
}

/// Numbers as they are read one by one: float32, and float64 beside them once one needs it.
package struct Numbers: Sendable {
  /// The nearest float32 of each.
  package private(set) var floats: [Float] = []
  /// The nearest float64 of each, where they are wanted and one of them is no float32.
  package private(set) var doubles: [Double]?
  private let keepsDoubles: Bool

  /// Begins without numbers.
  ///
  /// - Parameter keepsDoubles: Whether float64 numbers are wanted where float32 changes one.
  package init(keepsDoubles: Bool) { self.keepsDoubles = keepsDoubles }

  /// Makes room for so many numbers.
  package mutating func reserve(_ count: Int) { floats.reserveCapacity(count) }

  /// Appends a number.
  package mutating func append(_ number: WideNumber) {
    floats.append(number.float)
    if doubles != nil {
      doubles?.append(number.double)
    } else if keepsDoubles, number.double != Double(number.float), !number.float.isNaN {
      widen()
      doubles?[floats.count - 1] = number.double
    }
  }

  /// Appends so many zeros.
  package mutating func extend(by count: Int) {
    floats.append(contentsOf: repeatElement(0, count: count))
    doubles?.append(contentsOf: repeatElement(0, count: count))
  }

  /// Puts a number in the place of another one.
  package mutating func set(_ index: Int, _ number: WideNumber) {
    floats[index] = number.float
    if doubles == nil, keepsDoubles, number.double != Double(number.float), !number.float.isNaN {
      widen()
    }
    doubles?[index] = number.double
  }

  /// Begins to keep float64 numbers; those so far are float32.
  private mutating func widen() {
    var wide: [Double] = []
    wide.reserveCapacity(max(floats.capacity, floats.count))
    for float in floats { wide.append(Double(float)) }
    doubles = wide
  }
}
