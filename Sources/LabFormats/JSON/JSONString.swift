/// The meaning of a string's bytes; the parser has checked them before.
enum JSONString {
  /// The decoded UTF-8 bytes of a string node.
  static func bytes(of node: JSONNode, in source: [UInt8]) -> [UInt8] {
    precondition(node.kind == .string, "a \(node.kind) node has no string")
    let inner = source[Int(node.start) + 1..<Int(node.end) - 1]
    return node.isEscaped ? unescaped(inner) : Array(inner)
  }

  /// The decoded text of a string node.
  static func text(of node: JSONNode, in source: [UInt8]) -> String {
    guard !node.isEscaped else {
      return String(decoding: bytes(of: node, in: source), as: UTF8.self)
    }
    return String(decoding: source[Int(node.start) + 1..<Int(node.end) - 1], as: UTF8.self)
  }

  private static func unescaped(_ source: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var rest = source
    while let byte = rest.popFirst() {
      guard byte == Byte.backslash, let code = rest.popFirst() else {
        result.append(byte)
        continue
      }
      switch code {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"): appendScalar(from: &rest, to: &result)
      default: result.append(code)
      }
    }
    return result
  }

  private static func appendScalar(from rest: inout ArraySlice<UInt8>, to result: inout [UInt8]) {
    var value = codeUnit(&rest)
    if value & 0xFC00 == 0xD800 {
      rest.removeFirst(2)
      value = 0x10000 + (value & 0x3FF) << 10 + (codeUnit(&rest) & 0x3FF)
    }
    guard let scalar = UnicodeScalar(value) else {
      preconditionFailure("U+\(value) is no scalar; the parser let it pass")
    }
    result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private static func codeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
    let digits = rest.prefix(4)
    rest.removeFirst(4)
    return digits.reduce(0) { $0 << 4 | (Hexadecimal.value(of: $1) ?? 0) }
  }
}
