/// Reads the Python dictionary in a .npy header:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeaderParser {
  /// What the dictionary says.
  struct Header {
    var type: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  private let bytes: [UInt8]
  private let place: String
  private var offset = 0
  private static let maximumRank = 32

  init(_ bytes: [UInt8], place: String) {
    self.bytes = bytes
    self.place = place
  }

  mutating func parse() throws(LabError) -> Header {
    var type: String?
    var order: Bool?
    var shape: [Int]?
    try expect(Byte.openBrace)
    while !accept(Byte.closeBrace) {
      let key = try string()
      try expect(Byte.colon)
      switch key {
      case "descr" where type == nil: type = try description()
      case "fortran_order" where order == nil: order = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      default: throw damaged("has the key `\(Visible.shortened(Visible.line(key), to: 40))`")
      }
      if !accept(Byte.comma) {
        try expect(Byte.closeBrace)
        break
      }
    }
    skipSpace()
    guard offset == bytes.count else { throw damaged("goes on after its dictionary") }
    guard let type, let order, let shape else {
      throw damaged("lacks one of 'descr', 'fortran_order', 'shape'")
    }
    return Header(type: type, isFortranOrder: order, shape: shape)
  }

  // MARK: Values

  private mutating func description() throws(LabError) -> String {
    skipSpace()
    if accept(Byte.openBracket) {
      let isNamed = accept(UInt8(ascii: "("))
      let name = isNamed ? (try? string()) ?? "column" : "column"
      throw LabError(
        .data, "an array of records", where: place,
        next: "save one plain array of numbers, such as "
          + "`array[\"\(Visible.shortened(Visible.line(name), to: 40))\"]`, or all columns: "
          + "`numpy.lib.recfunctions.structured_to_unstructured(array)`")
    }
    return try string()
  }

  private mutating func string() throws(LabError) -> String {
    skipSpace()
    let quote = current
    guard quote == Byte.apostrophe || quote == Byte.quote else { throw damaged("lacks a string") }
    offset += 1
    let start = offset
    while offset < bytes.count, bytes[offset] != quote, bytes[offset] != Byte.backslash {
      offset += 1
    }
    guard current == quote else { throw damaged("has a string without end") }
    offset += 1
    return String(decoding: bytes[start..<offset - 1], as: UTF8.self)
  }

  private mutating func boolean() throws(LabError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[offset...].starts(with: word.utf8) {
      offset += word.utf8.count
      return value
    }
    throw damaged("has a `fortran_order` that is neither True nor False")
  }

  private mutating func tuple() throws(LabError) -> [Int] {
    var lengths: [Int] = []
    try expect(UInt8(ascii: "("))
    while !accept(UInt8(ascii: ")")) {
      lengths.append(try length())
      guard lengths.count <= Self.maximumRank else {
        throw damaged("has more than \(Self.maximumRank) axes")
      }
      if !accept(Byte.comma) {
        try expect(UInt8(ascii: ")"))
        break
      }
    }
    return lengths
  }

  private mutating func length() throws(LabError) -> Int {
    skipSpace()
    let digits = bytes[offset...].prefix(while: Byte.isDigit)
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw damaged("has a length in its shape that is not a number from 0 to \(Int.max)")
    }
    offset += digits.count
    return value
  }

  // MARK: Bytes

  private var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  private mutating func skipSpace() {
    while offset < bytes.count, JSONParser.isSpace(bytes[offset]) { offset += 1 }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(LabError) {
    guard accept(byte) else {
      throw damaged("lacks `\(Character(UnicodeScalar(byte)))` at byte \(offset)")
    }
  }

  private func damaged(_ what: String) -> LabError {
    LabError(
      .data, "the .npy header \(what)", where: place, next: "save the array again with np.save")
  }
}
