import LSTMEngine

/// The random numbers of one generated sample, drawn one after the other.
struct GeneratorRandom {
  private let stream: RandomStream
  private var next = 0

  init(seed: Int, sample: Int) {
    stream = RandomStream(seed: UInt64(seed), purpose: .generatedData, number: sample)
  }

  /// Returns a number in [0, 1).
  mutating func uniform() -> Double {
    next += 1
    return stream.uniform(next - 1)
  }

  /// Returns a whole number in 0 ..< count.
  mutating func integer(below count: Int) -> Int {
    next += 1
    return stream.integer(next - 1, below: count)
  }

  /// Returns a whole number of the range.
  mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }
}
