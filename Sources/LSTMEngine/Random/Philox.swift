/// A counter-based random generator: what is drawn depends on the key and the counter alone, never on
/// what was drawn before, so nothing needs to be stored to go on after a stop.
///
/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
/// (SC 2011), with its published test vectors in the tests.
struct Philox {
  let key: SIMD2<UInt32>

  init(key: UInt64) {
    self.key = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// Returns the 128 random bits that belong to a counter.
  func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var k = key
    for _ in 0..<10 {
      let first = UInt64(x[0]) * 0xD251_1F53
      let second = UInt64(x[2]) * 0xCD9E_8D57
      x = SIMD4(
        UInt32(second >> 32) ^ x[1] ^ k[0], UInt32(truncatingIfNeeded: second),
        UInt32(first >> 32) ^ x[3] ^ k[1], UInt32(truncatingIfNeeded: first))
      k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
    }
    return x
  }

  /// Returns the first 64 random bits of eight counters, as `block` does: (8).
  ///
  /// - Parameter counters: The four words of each.
  func firstBits(
    _ counters: (SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>)
  ) -> SIMD8<UInt64> {
    typealias Words = SIMD8<UInt32>
    var x = counters
    var k = key
    for _ in 0..<10 {
      let first = SIMD8<UInt64>(truncatingIfNeeded: x.0) &* SIMD8(repeating: 0xD251_1F53)
      let second = SIMD8<UInt64>(truncatingIfNeeded: x.2) &* SIMD8(repeating: 0xCD9E_8D57)
      x = (
        Words(truncatingIfNeeded: second &>> 32) ^ x.1 ^ Words(repeating: k[0]),
        Words(truncatingIfNeeded: second),
        Words(truncatingIfNeeded: first &>> 32) ^ x.3 ^ Words(repeating: k[1]),
        Words(truncatingIfNeeded: first)
      )
      k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
    }
    return SIMD8(truncatingIfNeeded: x.0) | SIMD8(truncatingIfNeeded: x.1) &<< 32
  }
}
