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

  /// Returns 64 random bits of each of eight indices, which count down from the first: (8).
  func bits(downFrom index: Int) -> SIMD8<UInt64> {
    let indices =
      SIMD8(repeating: UInt64(truncatingIfNeeded: index)) &- SIMD8(0, 1, 2, 3, 4, 5, 6, 7)
    return philox.firstBits(
      (
        SIMD8(truncatingIfNeeded: indices), SIMD8(truncatingIfNeeded: indices &>> 32),
        SIMD8(repeating: number), SIMD8(repeating: purpose)
      ))
  }

  /// Returns a number in [0, 1), a multiple of 2⁻⁵³.
  package func uniform(_ index: Int) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// Returns a whole number in 0 ..< count: the high half of bits · count, uniform up to
  /// 2⁻⁶⁴ · count (Lemire, 2019).
  package func integer(_ index: Int, below count: Int) -> Int {
    Self.integer(bits(index), below: count)
  }

  private static func integer(_ bits: UInt64, below count: Int) -> Int {
    Int(bits.multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Returns a number of the standard normal distribution (Box and Muller, 1958).
  package func normal(_ index: Int) -> Double {
    let radius = (-2 * ElementaryFunctions.log(1 - uniform(2 * index))).squareRoot()
    return radius * ElementaryFunctions.cosineOfTurns(uniform(2 * index + 1))
  }

  /// Returns 0 ..< count in random order (Fisher and Yates; Durstenfeld, 1964).
  ///
  /// Place after place, from the last one down, changes with one that is drawn by its own index. Some are
  /// drawn at a time, eight side by side, so that swaps wait for memory alone.
  package func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    var drawn = [Int](repeating: 0, count: min(count, 256))
    var last = count - 1
    while last > 0 {
      let block = min(drawn.count, last)
      var place = 0
      while place + 8 <= block {
        let bits = bits(downFrom: last - place)
        for lane in 0..<8 {
          drawn[place + lane] = Self.integer(bits[lane], below: last - place - lane + 1)
        }
        place += 8
      }
      while place < block {
        drawn[place] = integer(last - place, below: last - place + 1)
        place += 1
      }
      for place in 0..<block { order.swapAt(last - place, drawn[place]) }
      last -= block
    }
    return order
  }
}
