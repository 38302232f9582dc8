/// How a text file's bytes stand for characters; the names are IANA's, as Python knows them.
package enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  /// With a byte-order mark; without one the lowest byte of a unit comes first.
  case utf16 = "utf-16"
  case windows1252 = "windows-1252"
  case latin1 = "iso-8859-1"

  /// Returns the same text as UTF-8.
  ///
  /// - Parameters:
  ///   - path: The file's, for messages.
  ///   - what: What messages call it, such as `.csv`.
  /// - Throws: `LabError` that names the first byte that is none of the encoding's, with line and column.
  func utf8(_ bytes: [UInt8], path: String, what: String) throws(LabError) -> [UInt8] {
    switch self {
    case .utf8: return bytes
    case .utf16: return try Self.fromUTF16(bytes, path: path, what: what)
    case .windows1252:
      return try fromOneByteEach(bytes, path: path) { Self.windows[Int($0) - 0x80] }
    case .latin1: return try fromOneByteEach(bytes, path: path) { UInt16($0) }
    }
  }

  /// The scalars of 0x80 to 0x9F in windows-1252; 0 where it has none
  /// (https://encoding.spec.whatwg.org/#legacy-single-byte-encodings, without its C1 controls).
  private static let windows: [UInt16] =
    [
      0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
      0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
      0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ] + (0xA0...0xFF)

  private func fromOneByteEach(
    _ bytes: [UInt8], path: String, _ scalar: (UInt8) -> UInt16
  ) throws(LabError) -> [UInt8] {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for (offset, byte) in bytes.enumerated() {
      let unit = byte < 0x80 ? UInt16(byte) : scalar(byte)
      guard unit != 0 || byte == 0 else {
        throw refusal("0x\(UInt32(byte).hexadecimal(digits: 2))", path, offset, in: bytes)
      }
      Self.append(UInt32(unit), to: &text)
    }
    return text
  }

  private func refusal(
    _ byte: String, _ path: String, _ offset: Int, in bytes: [UInt8]
  ) -> LabError {
    let line = bytes[..<offset].count { $0 == Byte.lineFeed } + 1
    let start = bytes[..<offset].lastIndex(of: Byte.lineFeed).map { $0 + 1 } ?? 0
    return LabError(
      .data, "the byte \(byte) is not \(rawValue)", where: "\(path):\(line):\(offset - start + 1)",
      next: "name the file's own `encoding`, one of "
        + Self.allCases.map(\.rawValue).joined(separator: ", ") + ", or save the text as UTF-8")
  }

  private static func fromUTF16(
    _ bytes: [UInt8], path: String, what: String
  ) throws(LabError) -> [UInt8] {
    let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
    let start = isBigEndian || bytes.starts(with: [0xFF, 0xFE]) ? 2 : 0
    let unit = { (index: Int) in
      isBigEndian
        ? UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        : UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index])
    }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 2)
    var (line, column) = (1, 1)
    var index = start
    while index + 1 < bytes.count {
      var scalar = unit(index)
      index += 2
      if scalar & 0xFC00 == 0xD800, index + 1 < bytes.count, unit(index) & 0xFC00 == 0xDC00 {
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit(index) & 0x3FF
        index += 2
      }
      guard scalar & 0xFFFF_F800 != 0xD800 else {
        throw LabError(
          .data, "one half of a UTF-16 surrogate pair stands alone",
          where: "\(path):\(line):\(column)",
          next: "check that the file is utf-16 text, or save it as UTF-8")
      }
      append(scalar, to: &text)
      (line, column) = scalar == 0x0A ? (line + 1, 1) : (line, column + 1)
    }
    guard index == bytes.count else {
      throw LabError(
        .data, "the \(what) file has an odd number of bytes, which utf-16 never has", where: path,
        next: "check that it was written or downloaded whole, or name another `encoding`")
    }
    return text
  }

  private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
    switch scalar {
    case 0..<0x80: text.append(UInt8(scalar))
    case 0x80..<0x800:
      text.append(0xC0 | UInt8(scalar >> 6))
      text.append(0x80 | UInt8(scalar & 0x3F))
    case 0x800..<0x10000:
      text.append(0xE0 | UInt8(scalar >> 12))
      text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
      text.append(0x80 | UInt8(scalar & 0x3F))
    default:
      text.append(0xF0 | UInt8(scalar >> 18))
      text.append(0x80 | UInt8(scalar >> 12 & 0x3F))
      text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
      text.append(0x80 | UInt8(scalar & 0x3F))
    }
  }
}
