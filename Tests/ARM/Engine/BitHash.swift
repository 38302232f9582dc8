/// The 64-bit FNV-1a hash (Fowler, Noll, Vo) of bits, the lowest byte first.
struct BitHash {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add<Word: FixedWidthInteger>(_ word: Word) {
    for byte in 0..<Word.bitWidth / 8 {
      value ^= UInt64(truncatingIfNeeded: word >> Word(8 * byte)) & 0xff
      value &*= 0x100_0000_01b3
    }
  }

  mutating func add(_ numbers: [Float]) {
    for number in numbers { add(number.bitPattern) }
  }

  mutating func add(_ numbers: [Double]) {
    for number in numbers { add(number.bitPattern) }
  }
}
