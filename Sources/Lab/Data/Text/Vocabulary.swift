import LabFormats

/// The characters that a text model knows, each a class: Unicode scalars in the order of their code
/// points, where they were found in a text.
struct Vocabulary: Sendable {
  /// The number of each character by its code point, −1 for one that is not known; shorter where the
  /// last code points are not.
  private var numbers: [Int32]
  /// The characters as names of classes.
  let names: [String]

  /// Takes the characters of a text.
  ///
  /// - Parameter mark: Calls what it is given with each of them.
  private init(_ mark: ((UnicodeScalar) -> Void) -> Void) {
    var isThere = [Bool](repeating: false, count: 0x11_0000)
    mark { isThere[Int($0.value)] = true }
    self.init(
      isThere.indices.lazy.filter { isThere[$0] }.compactMap { UnicodeScalar(UInt32($0)) })
  }

  private init(_ scalars: some Sequence<UnicodeScalar>) {
    var names: [String] = []
    var numbers: [Int32] = []
    for scalar in scalars {
      let missing = Int(scalar.value) + 1 - numbers.count
      if missing > 0 { numbers += repeatElement(-1, count: missing) }
      numbers[Int(scalar.value)] = Int32(names.count)
      names.append(String(scalar))
    }
    self.names = names
    self.numbers = numbers
  }

  /// Takes the characters of a text.
  init(of file: TextFile) {
    self.init { mark in file.forEachScalar { scalar, _ in mark(scalar) } }
  }

  /// Takes the classes of a run.
  ///
  /// - Throws: `LabError` where one is no character: the run was not trained on a text.
  init(classes: [String], where place: String) throws(LabError) {
    let scalars = classes.compactMap { name in
      name.unicodeScalars.count == 1 ? name.unicodeScalars.first : nil
    }
    guard scalars.count == classes.count, !scalars.isEmpty else {
      throw LabError(
        .data, "the classes are no characters of a text", where: place,
        next: "give data of the kind that the others are of")
    }
    self.init(scalars)
  }

  /// The number of characters.
  var count: Int { names.count }

  /// The number of a character; nil for one that is not known.
  func number(of scalar: UnicodeScalar) -> Int? {
    let place = Int(scalar.value)
    guard place < numbers.count, numbers[place] >= 0 else { return nil }
    return Int(numbers[place])
  }

  /// A character as a message shows it, whatever a terminal makes of it: `é (U+00E9)`.
  static func shown(_ scalar: UnicodeScalar) -> String {
    "`\(Visible.line(String(scalar)))` (U+\(scalar.value.hexadecimal(digits: 4)))"
  }
}

extension TextFile {
  /// Calls `body` with each Unicode scalar and the place of its first byte.
  func forEachScalar(_ body: (UnicodeScalar, _ offset: Int) -> Void) {
    // The bytes are known to be UTF-8.
    var offset = 0
    while offset < bytes.count {
      let first = bytes[offset]
      let (length, mask): (Int, UInt8) =
        switch first {
        case 0..<0x80: (1, 0x7F)
        case 0..<0xE0: (2, 0x1F)
        case 0..<0xF0: (3, 0x0F)
        default: (4, 0x07)
        }
      var value = UInt32(first & mask)
      for byte in bytes[offset + 1..<offset + length] { value = value << 6 | UInt32(byte & 0x3F) }
      if let scalar = UnicodeScalar(value) { body(scalar, offset) }
      offset += length
    }
  }
}
