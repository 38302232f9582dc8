/// A zip file in memory: the entries that its central directory lists, checked against the file.
///
/// Follows PKWARE's APPNOTE 6.3: stored and deflated entries and zip64; no encryption, no splitting.
struct ZipArchive {
  /// One file of the archive.
  struct Entry {
    var name: String
    /// 0 stored, 8 deflated.
    var method: Int
    var checksum: UInt32
    var size: Int
    /// Where the entry's (compressed) bytes stand.
    var data: Range<Int>
    /// Where the entry's local header begins.
    var start: Int
  }

  let bytes: [UInt8]
  let place: String
  private(set) var entries: [Entry] = []

  /// The most bytes that all entries together may unpack to.
  static let maximumSize = 1 << 33
  /// Deflate cannot pack tighter than this; a directory that claims more lies.
  static let maximumRatio = 1032

  /// Reads the directory of `bytes`, which messages place at `place`.
  init(_ bytes: [UInt8], place: String) throws(LabError) {
    self.bytes = bytes
    self.place = place
    let directory = try ZipDirectory(bytes, place: place)
    var offset = directory.start
    for _ in 0..<directory.count {
      let (entry, next) = try self.entry(at: offset, before: directory.start, end: directory.end)
      entries.append(entry)
      offset = next
    }
    guard offset == directory.end else { throw damaged("its directory has gaps") }
    try refuseOverlap()
    try refuseBombs()
  }

  /// Returns the unpacked bytes of an entry, checked by length and CRC-32.
  func contents(of entry: Entry) throws(LabError) -> [UInt8] {
    let unpacked =
      entry.method == 0
      ? Array(bytes[entry.data])
      : Inflate.bytes(of: bytes, in: entry.data, size: entry.size)
    guard let unpacked, unpacked.count == entry.size else {
      throw damaged("`\(Visible.line(entry.name))` does not unpack to \(entry.size) bytes")
    }
    guard Inflate.checksum(of: unpacked) == entry.checksum else {
      throw damaged("the checksum of `\(Visible.line(entry.name))` does not match its bytes")
    }
    return unpacked
  }

  func damaged(_ what: String) -> LabError {
    LabError(
      .data, "a damaged zip file: \(what)", where: place,
      next: "save it again, such as with `np.savez(path, **arrays)`")
  }

  // MARK: Directory entries

  private func entry(
    at offset: Int, before limit: Int, end: Int
  ) throws(LabError) -> (Entry, next: Int) {
    guard offset + 46 <= end, bytes.littleEndian(at: offset, size: 4) == 0x0201_4B50 else {
      throw damaged("its directory ends early")
    }
    let field = { [bytes] (position: Int, size: Int) in
      Int(bytes.littleEndian(at: offset + position, size: size))
    }
    let nameEnd = offset + 46 + field(28, 2)
    let extraEnd = nameEnd + field(30, 2)
    let next = extraEnd + field(32, 2)
    guard next <= end else { throw damaged("its directory ends early") }
    let name = try self.name(offset + 46..<nameEnd)
    guard field(8, 2) & 0x2041 == 0 else { throw damaged("`\(Visible.line(name))` is encrypted") }
    guard [0, 8].contains(field(10, 2)) else {
      throw damaged("`\(Visible.line(name))` is packed with the unknown method \(field(10, 2))")
    }
    var sizes = ZipSizes(size: field(24, 4), packed: field(20, 4), offset: field(42, 4))
    guard sizes.widen(bytes, nameEnd..<extraEnd) else { throw damaged("a bad zip64 field") }
    let data = try dataRange(of: name, method: field(10, 2), sizes: sizes, before: limit)
    let entry = Entry(
      name: name, method: field(10, 2), checksum: UInt32(field(16, 4)), size: sizes.size,
      data: data, start: sizes.offset)
    return (entry, next)
  }

  private func name(_ range: Range<Int>) throws(LabError) -> String {
    guard let name = String(validating: bytes[range], as: UTF8.self), !name.isEmpty else {
      throw damaged("an entry's name is not UTF-8")
    }
    return name
  }

  /// Finds an entry's bytes behind its local header, which must tell the same story.
  private func dataRange(
    of name: String, method: Int, sizes: ZipSizes, before limit: Int
  ) throws(LabError) -> Range<Int> {
    let start = sizes.offset
    guard start <= limit - 30, bytes.littleEndian(at: start, size: 4) == 0x0403_4B50 else {
      throw damaged("`\(Visible.line(name))` does not begin where the directory says")
    }
    let nameEnd = start + 30 + Int(bytes.littleEndian(at: start + 26, size: 2))
    let dataStart = nameEnd + Int(bytes.littleEndian(at: start + 28, size: 2))
    guard dataStart <= limit, sizes.packed <= limit - dataStart,
      bytes[start + 30..<nameEnd].elementsEqual(name.utf8),
      Int(bytes.littleEndian(at: start + 8, size: 2)) == method
    else { throw damaged("`\(Visible.line(name))` differs from what the directory says") }
    if method == 0, sizes.size != sizes.packed {
      throw damaged("`\(Visible.line(name))` is stored in \(sizes.packed) of \(sizes.size) bytes")
    }
    return dataStart..<dataStart + sizes.packed
  }

  // MARK: Lies

  private func refuseOverlap() throws(LabError) {
    var end = 0
    for entry in entries.sorted(by: { $0.start < $1.start }) {
      guard entry.start >= end else {
        throw damaged("`\(Visible.line(entry.name))` overlaps another entry")
      }
      end = entry.data.upperBound
    }
  }

  private func refuseBombs() throws(LabError) {
    var total = 0
    for entry in entries {
      let possible = entry.data.count.multipliedReportingOverflow(by: Self.maximumRatio)
      guard possible.overflow || entry.size <= possible.partialValue else {
        throw damaged(
          "`\(Visible.line(entry.name))` claims \(entry.size) bytes from \(entry.data.count)")
      }
      let sum = total.addingReportingOverflow(entry.size)
      guard !sum.overflow, sum.partialValue <= Self.maximumSize else {
        throw damaged("it unpacks to more than \(Self.maximumSize) bytes")
      }
      total = sum.partialValue
    }
  }
}
