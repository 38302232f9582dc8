import LabFormats

/// What standard deviations are made of, whether of a population or of a sample of one.
struct Spread {
  let count: Int
  let mean: Double
  /// Σ(x − mean)².
  let squares: Double

  /// Sums at least one number in order; equal ones do not spread, whatever the rounding of their sum.
  init(_ values: some Collection<Double>) {
    precondition(!values.isEmpty, "the spread of nothing")
    count = values.count
    let first = values[values.startIndex]
    let isConstant = values.allSatisfy { $0 == first }
    let mean = isConstant ? first : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}

/// Mean, spread, extremes and Euclidean norm of some numbers, summed in double precision in order.
package struct Statistics: Equatable, Sendable {
  /// The number of numbers.
  package let count: Int
  /// Their arithmetic mean.
  package let mean: Double
  /// The population's standard deviation: √(Σ(x − mean)² / n).
  package let deviation: Double
  /// The least of them.
  package let least: Double
  /// The greatest of them.
  package let greatest: Double
  /// √Σx².
  package let norm: Double

  /// Describes at least one number.
  package init(_ values: [Float]) {
    let spread = Spread(values.lazy.map(Double.init))
    count = spread.count
    mean = spread.mean
    deviation = (spread.squares / Double(spread.count)).squareRoot()
    least = Double(values.reduce(values[0]) { min($0, $1) })
    greatest = Double(values.reduce(values[0]) { max($0, $1) })
    norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// The cells of a row, under ``columns``.
  var cells: [Table.Cell] {
    [
      .integer(count), .real(mean), .real(deviation), .real(least), .real(greatest), .real(norm),
    ]
  }

  static let columns: [Table.Column] = [
    .init("count", .integer), .init("mean", .number), .init("std", .number),
    .init("min", .number), .init("max", .number), .init("norm", .number),
  ]
}
