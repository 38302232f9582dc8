import CZlib

/// zlib's decompression and checksum for whole arrays.
enum Inflate {
  /// The most bytes handed to zlib at once; its counters have 32 bits.
  private static let piece = 1 << 30

  /// Returns the CRC-32 of `bytes`.
  static func checksum(of bytes: [UInt8]) -> UInt32 {
    var checksum: UInt = 0
    var offset = 0
    while offset < bytes.count {
      let count = min(piece, bytes.count - offset)
      checksum = unsafe bytes[offset..<offset + count].withUnsafeBufferPointer { buffer in
        unsafe crc32(checksum, buffer.baseAddress, UInt32(count))
      }
      offset += count
    }
    return UInt32(truncatingIfNeeded: checksum)
  }

  /// Unpacks the raw deflate stream in `range`, which must give exactly `size` bytes and end there.
  package static func bytes(of source: [UInt8], in range: Range<Int>, size: Int) -> [UInt8]? {
    var isComplete = false
    let result = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { output, count in
      unsafe source[range].withUnsafeBufferPointer { input in
        (count, isComplete) = unsafe run(input, into: output)
      }
    }
    return isComplete && result.count == size ? result : nil
  }

  /// Runs zlib; the flag tells that the stream ended with the input's last byte.
  ///
  /// `output` has one byte more than wanted, so that a longer stream shows.
  private static func run(
    _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> (count: Int, isComplete: Bool) {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, size) == Z_OK else {
      return (0, false)
    }
    defer { unsafe inflateEnd(&stream) }
    var (used, made) = (0, 0)
    var status = Z_OK
    while status == Z_OK, made < output.count {
      let available = (min(piece, input.count - used), min(piece, output.count - made))
      unsafe stream.next_in = unsafe UnsafeMutablePointer(
        mutating: input.baseAddress.map { unsafe $0 + used })
      unsafe stream.avail_in = UInt32(available.0)
      unsafe stream.next_out = unsafe output.baseAddress.map { unsafe $0 + made }
      unsafe stream.avail_out = UInt32(available.1)
      status = unsafe inflate(&stream, Z_NO_FLUSH)
      used += available.0 - Int(unsafe stream.avail_in)
      made += available.1 - Int(unsafe stream.avail_out)
    }
    return (made, status == Z_STREAM_END && used == input.count)
  }
}
