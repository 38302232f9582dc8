extension Float {
  /// The value of an IEEE 754 binary16, float16: every one is a float32.
  init(float16 bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:  // fraction · 2⁻²⁴, exact
      self = Float(bitPattern: sign | 0x3F80_0000) * Float(fraction) * 0x1p-24
    case 0x1F: self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The value of a bfloat16: a float32 without its lower 16 bits.
  init(bfloat16 bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }
}
