/// The element type of a NumPy array: what `descr` says.
struct NPYType: Equatable {
  enum Kind: Character {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
    case boolean = "b"
  }

  var kind: Kind
  /// Bytes of one element.
  var size: Int
  var isBigEndian: Bool

  /// The types that can become float32, for messages.
  static let readable = "float16, float32, float64, int8 to int64, uint8 to uint64, bool"

  /// Parses `<f4`, `>i8`, `|b1` and the like; nil for every type that is not read.
  init?(_ text: String) {
    var rest = Substring(text)
    guard let order = rest.popFirst(), "<>|=".contains(order), let letter = rest.popFirst(),
      let kind = Kind(rawValue: letter), let size = Int(rest)
    else { return nil }
    switch (kind, size) {
    case (.float, 2), (.float, 4), (.float, 8), (.boolean, 1): break
    case (.signed, 1), (.signed, 2), (.signed, 4), (.signed, 8): break
    case (.unsigned, 1), (.unsigned, 2), (.unsigned, 4), (.unsigned, 8): break
    default: return nil
    }
    if order == "|" && size > 1 { return nil }
    self.kind = kind
    self.size = size
    isBigEndian = order == ">"
  }

  var isFloat32: Bool { kind == .float && size == 4 }

  /// NumPy's name of the type.
  var name: String {
    switch kind {
    case .float: "float\(8 * size)"
    case .signed: "int\(8 * size)"
    case .unsigned: "uint\(8 * size)"
    case .boolean: "bool"
    }
  }

  /// Whether every number of the type is a float32.
  var isWithinFloat32: Bool { isFloat32 || size < 4 }

  /// Appends the elements of `bytes` from `offset` to its end, in float64 and float32.
  func read(_ bytes: [UInt8], from offset: Int, into numbers: inout Numbers) {
    numbers.reserve((bytes.count - offset) / size)
    let convert = conversion
    for start in stride(from: offset, to: bytes.count, by: size) {
      let word = word(bytes, at: start)
      let double: Double =
        switch (kind, size) {
        case (.float, _): Double(bitPattern: word)
        case (.signed, 4): Double(Int32(truncatingIfNeeded: word))
        case (.signed, _): Double(Int64(truncatingIfNeeded: word))
        default: Double(word)
        }
      numbers.append(WideNumber(double: double, float: convert(word)))
    }
  }

  private func word(_ bytes: [UInt8], at start: Int) -> UInt64 {
    let word = bytes.littleEndian(at: start, size: size)
    return isBigEndian ? word.byteSwapped >> UInt64(64 - 8 * size) : word
  }

  /// Converts the elements of `bytes` from `offset` to its end; each becomes the nearest float32.
  func floats(_ bytes: [UInt8], from offset: Int) -> [Float] {
    if isFloat32, !isBigEndian { return bytes.floats(in: offset..<bytes.count) }
    let convert = conversion
    return stride(from: offset, to: bytes.count, by: size).map { convert(word(bytes, at: $0)) }
  }

  private var conversion: (UInt64) -> Float {
    switch (kind, size) {
    case (.float, 2): { Float(float16: UInt16(truncatingIfNeeded: $0)) }
    case (.float, 4): { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    case (.float, _): { Float(Double(bitPattern: $0)) }
    case (.signed, 1): { Float(Int8(truncatingIfNeeded: $0)) }
    case (.signed, 2): { Float(Int16(truncatingIfNeeded: $0)) }
    case (.signed, 4): { Float(Int32(truncatingIfNeeded: $0)) }
    case (.signed, _): { Float(Int64(truncatingIfNeeded: $0)) }
    case (.unsigned, _): { Float($0) }
    case (.boolean, _): { $0 == 0 ? 0 : 1 }
    }
  }
}
