/// Whole numbers stored lowest byte first, read with bounds checked by the caller.
extension [UInt8] {
  /// The unsigned number in the `size` bytes from `offset` on; at most eight.
  package func littleEndian(at offset: Int, size: Int) -> UInt64 {
    precondition(size <= 8 && offset + size <= count, "\(size) bytes at \(offset) of \(count)")
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(self[offset + index]) << UInt64(8 * index) }
    return value
  }

  /// The same as an Int; nil when it is larger than an Int.
  func littleEndianInt(at offset: Int, size: Int) -> Int? {
    Int(exactly: littleEndian(at: offset, size: size))
  }

  /// Appends the bytes of `value`, lowest first.
  package mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<(value.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends each value's four bytes, lowest first.
  package mutating func appendLittleEndian(_ values: some Sequence<Float>) {
    for value in values { appendLittleEndian(value.bitPattern) }
  }

  /// The float32 values of `range`, whose length must be a multiple of four.
  package func floats(in range: Range<Int>) -> [Float] {
    precondition(range.count % 4 == 0 && range.upperBound <= count, "\(range) of \(count)")
    return stride(from: range.lowerBound, to: range.upperBound, by: 4).map { index in
      let low = UInt32(self[index]) | UInt32(self[index + 1]) << 8
      let high = UInt32(self[index + 2]) | UInt32(self[index + 3]) << 8
      return Float(bitPattern: low | high << 16)
    }
  }
}
