/// Where a zip file's central directory stands, from the record at the file's end.
struct ZipDirectory {
  var start: Int
  /// The byte after the directory.
  var end: Int
  var count: Int

  init(_ bytes: [UInt8], place: String) throws(LabError) {
    let damaged = { (what: String) in
      LabError(
        .data, "a damaged zip file: \(what)", where: place,
        next: "save it again, such as with `np.savez(path, **arrays)`")
    }
    guard let record = Self.endRecord(bytes) else {
      throw damaged("its end is missing; it may be cut off")
    }
    var count = bytes.littleEndianInt(at: record + 10, size: 2)
    var size = bytes.littleEndianInt(at: record + 12, size: 4)
    var start = bytes.littleEndianInt(at: record + 16, size: 4)
    var end = record
    if let wide = Self.wideRecord(bytes, before: record) {
      end = wide
      count = bytes.littleEndianInt(at: wide + 32, size: 8)
      size = bytes.littleEndianInt(at: wide + 40, size: 8)
      start = bytes.littleEndianInt(at: wide + 48, size: 8)
    }
    guard let count, let size, let start, start <= end, size == end - start else {
      throw damaged("its directory does not stand where its end says")
    }
    guard count <= size / 46 else { throw damaged("its directory ends early") }
    self.start = start
    self.end = end
    self.count = count
  }

  /// Finds the end record, which the file's last bytes hold, followed by a comment of known length.
  private static func endRecord(_ bytes: [UInt8]) -> Int? {
    let first = max(0, bytes.count - 22 - 0xFFFF)
    return stride(from: bytes.count - 22, through: first, by: -1).first { offset in
      bytes.littleEndian(at: offset, size: 4) == 0x0605_4B50
        && offset + 22 + Int(bytes.littleEndian(at: offset + 20, size: 2)) == bytes.count
    }
  }

  /// Finds the zip64 end record by the locator that stands right before the end record.
  private static func wideRecord(_ bytes: [UInt8], before record: Int) -> Int? {
    let locator = record - 20
    guard locator >= 56, bytes.littleEndian(at: locator, size: 4) == 0x0706_4B50,
      let wide = bytes.littleEndianInt(at: locator + 8, size: 8), wide <= locator - 56,
      bytes.littleEndian(at: wide, size: 4) == 0x0606_4B50
    else { return nil }
    return wide
  }
}

/// The sizes of a directory entry, widened by its zip64 field where 32 bits do not suffice.
struct ZipSizes {
  var size: Int
  var packed: Int
  var offset: Int

  /// Replaces each value of 2³² − 1 by the next one of the extra field 1; false when it lacks one.
  mutating func widen(_ bytes: [UInt8], _ extra: Range<Int>) -> Bool {
    let mark = Int(UInt32.max)
    guard size == mark || packed == mark || offset == mark else { return true }
    guard var field = Self.field(1, bytes, extra) else { return false }
    for path in [\ZipSizes.size, \.packed, \.offset] where self[keyPath: path] == mark {
      guard field.count >= 8, let value = bytes.littleEndianInt(at: field.lowerBound, size: 8)
      else { return false }
      self[keyPath: path] = value
      field = field.lowerBound + 8..<field.upperBound
    }
    return true
  }

  /// Finds an extra field by its number.
  private static func field(
    _ number: UInt64, _ bytes: [UInt8], _ extra: Range<Int>
  ) -> Range<Int>? {
    var offset = extra.lowerBound
    while offset + 4 <= extra.upperBound {
      let end = offset + 4 + Int(bytes.littleEndian(at: offset + 2, size: 2))
      guard end <= extra.upperBound else { return nil }
      if bytes.littleEndian(at: offset, size: 2) == number { return offset + 4..<end }
      offset = end
    }
    return nil
  }
}
