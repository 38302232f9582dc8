import CZlib

/// Files that gzip has packed (RFC 1952).
enum Gzip {
  /// The most bytes that are unpacked, as many as a plain file may have.
  private static let most = 1 << 33
  /// Bytes that are unpacked at a time.
  private static let piece = 1 << 20

  /// Whether bytes begin as gzip's do.
  static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

  /// Unpacks a file: one member after the other, whose checksums zlib compares.
  ///
  /// - Throws: `LabError` of kind `data` for a file that is damaged, cut off or too large.
  static func unpacked(_ bytes: [UInt8], path: String) throws(LabError) -> [UInt8] {
    guard let result = unsafe bytes.withUnsafeBufferPointer({ unsafe unpacked($0) }) else {
      throw LabError(
        .data, "the .gz file is damaged or cut off", where: path,
        next: "check that it was written or downloaded whole: gzip -t FILE")
    }
    guard result.count <= most else {
      throw LabError(
        .data, "the .gz file unpacks to more than 8 GiB", where: path, next: "use a smaller one")
    }
    return result
  }

  /// Returns nil for what is damaged or cut off; stops beyond `most` bytes.
  private static func unpacked(_ input: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    // 16 asks for gzip's header and checksum.
    guard unsafe inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, size) == Z_OK else {
      return nil
    }
    defer { unsafe inflateEnd(&stream) }
    var result: [UInt8] = []
    var used = 0
    while result.count <= most {
      let available = min(1 << 30, input.count - used)
      var status = Z_OK
      let part = unsafe [UInt8](unsafeUninitializedCapacity: piece) { output, count in
        unsafe stream.next_in = unsafe UnsafeMutablePointer(
          mutating: input.baseAddress.map { unsafe $0 + used })
        unsafe stream.avail_in = UInt32(available)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(piece)
        status = unsafe inflate(&stream, Z_NO_FLUSH)
        used += available - Int(unsafe stream.avail_in)
        count = piece - Int(unsafe stream.avail_out)
      }
      result += part
      if status == Z_STREAM_END {
        // Another member may follow, or zeros that fill a tape's block.
        guard unsafe input[used...].contains(where: { $0 != 0 }) else { return result }
        guard unsafe inflateReset(&stream) == Z_OK else { return nil }
      } else if status != Z_OK || part.isEmpty {
        return nil
      }
    }
    return result
  }
}
