/// The random numbers of one purpose: element `index` of the stream is a pure function of the seed,
/// the purpose, its number (an epoch, a tensor) and the index.
package struct RandomStream {
  /// What the numbers are for; part of the stored format, so cases are only ever added.
  package enum Purpose: UInt32, Sendable {
    /// A tensor's first values.
    case initialWeights = 1
    /// The order of an epoch's samples.
    case shuffle = 2
    /// The key of a mask in each optimizer step.
    case dropout = 3
    /// The class that is drawn at each place of a text that a model writes.
    case generatedText = 4
    /// A point of a sweep.
    case sweep = 5
    /// The samples of a generated task.
    case generatedData = 16
  }

  private let philox: Philox
  private let purpose: UInt32
  private let number: UInt32

  /// The stream of the purpose's `number`-th use: the epoch, or the tensor's place in the model.
  package init(seed: UInt64, purpose: Purpose, number: Int) {
    philox = Philox(key: seed)
    self.purpose = purpose.rawValue
    self.number = UInt32(truncatingIfNeeded: number)
  }

  /// Returns 64 random bits.
  package func bits(_ index: Int) -> UInt64 {
    let block = philox.block(
      SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), number, purpose)
    )
    return UInt64(block[0]) | UInt64(block[1]) << 32
  }

  /// Returns a number in [0, 1), a multiple of 2⁻⁵³.
  package func uniform(_ index: Int) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// Returns a whole number in 0 ..< count: the high half of bits · count, uniform up to
  /// 2⁻⁶⁴ · count (Lemire, 2019).
  package func integer(_ index: Int, below count: Int) -> Int {
    Int(bits(index).multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Returns a number of the standard normal distribution (Box and Muller, 1958).
  package func normal(_ index: Int) -> Double {
    let radius = (-2 * ElementaryFunctions.log(1 - uniform(2 * index))).squareRoot()
    return radius * ElementaryFunctions.cosineOfTurns(uniform(2 * index + 1))
  }

  /// Returns 0 ..< count in random order (Fisher and Yates; Durstenfeld, 1964).
  package func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(last, below: last + 1))
    }
    return order
  }
}
