/// Builds zip files for tests, honest ones and those that lie in one field.
struct ZipBuilder {
  struct Entry {
    var name: String
    var data: [UInt8]
    var method = 0
    var flags = 0
    /// What the directory says, where it differs from the truth.
    var size: Int?
    var packed: Int?
    var offset: Int?
    var checksum: UInt32 = 0
    var directoryName: String?
    /// Writes sizes and offset into a zip64 field of the directory.
    var isWide = false
  }

  var entries: [Entry] = []
  /// What the end record says, where it differs from the truth.
  var count: Int?
  var directoryOffset: Int?
  var hasWideEnd = false
  var comment: [UInt8] = []

  func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for entry in entries {
      starts.append(bytes.count)
      bytes += Self.numbers((0x0403_4B50, 4), (20, 2), (entry.flags, 2), (entry.method, 2), (0, 4))
      bytes += Self.numbers((Int(entry.checksum), 4), (entry.data.count, 4), (entry.data.count, 4))
      bytes += Self.numbers((entry.name.utf8.count, 2), (0, 2)) + Array(entry.name.utf8)
      bytes += entry.data
    }
    let directory = bytes.count
    for (entry, start) in zip(entries, starts) { bytes += Self.directory(entry, start) }
    return bytes + end(directory: directory, size: bytes.count - directory)
  }

  private static func directory(_ entry: Entry, _ start: Int) -> [UInt8] {
    let size = entry.size ?? entry.data.count
    let packed = entry.packed ?? entry.data.count
    let offset = entry.offset ?? start
    let name = Array((entry.directoryName ?? entry.name).utf8)
    let mark = 0xFFFF_FFFF
    let extra =
      entry.isWide ? numbers((1, 2), (24, 2), (size, 8), (packed, 8), (offset, 8)) : []
    return numbers((0x0201_4B50, 4), (20, 2), (20, 2), (entry.flags, 2), (entry.method, 2), (0, 4))
      + numbers((Int(entry.checksum), 4), (entry.isWide ? mark : packed, 4))
      + numbers((entry.isWide ? mark : size, 4), (name.count, 2), (extra.count, 2), (0, 10))
      + numbers((entry.isWide ? mark : offset, 4)) + name + extra
  }

  private func end(directory: Int, size: Int) -> [UInt8] {
    let count = count ?? entries.count
    let offset = directoryOffset ?? directory
    var bytes: [UInt8] = []
    if hasWideEnd {
      bytes += Self.numbers((0x0606_4B50, 4), (44, 8), (45, 2), (45, 2), (0, 8))
      bytes += Self.numbers((count, 8), (count, 8), (size, 8), (offset, 8))
      bytes += Self.numbers((0x0706_4B50, 4), (0, 4), (directory + size, 8), (1, 4))
    }
    let narrow = hasWideEnd ? 0xFFFF : count
    bytes += Self.numbers((0x0605_4B50, 4), (0, 4), (narrow, 2), (narrow, 2))
    bytes += Self.numbers((hasWideEnd ? 0xFFFF_FFFF : size, 4))
    return bytes + Self.numbers((hasWideEnd ? 0xFFFF_FFFF : offset, 4), (comment.count, 2))
      + comment
  }

  /// The numbers in the given sizes, lowest byte first.
  static func numbers(_ fields: (value: Int, size: Int)...) -> [UInt8] {
    fields.flatMap { field in
      (0..<field.size).map { UInt8(truncatingIfNeeded: $0 < 8 ? field.value >> (8 * $0) : 0) }
    }
  }
}

extension ZipBuilder.Entry {
  /// An array of an npz file.
  init(npy bytes: [UInt8], _ name: String) {
    self.init(name: "\(name).npy", data: bytes)
    checksum = Self.checksum(bytes)
  }

  /// CRC-32, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { value, byte in
      (0..<8).reduce(value ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
      }
    }
  }
}
