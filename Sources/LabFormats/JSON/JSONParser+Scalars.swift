extension JSONParser {
  /// Appends a node that reaches from `start` to the current offset, unless values are only checked.
  mutating func append(_ kind: JSONKind, from start: Int, isEscaped: Bool = false) {
    guard !isPacking else { return }
    nodes.append(
      JSONNode(
        kind: kind, isEscaped: isEscaped, start: UInt32(start), end: UInt32(offset),
        next: UInt32(nodes.count + 1)))
  }

  // MARK: Words

  /// Reads `true`, `false` or `null`.
  mutating func word() throws(LabError) {
    let start = offset
    var end = offset
    while end < bytes.count, Byte.isLetter(bytes[end]) || Byte.isDigit(bytes[end]) { end += 1 }
    guard end > start else { throw valueError() }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    switch text {
    case "true", "false":
      offset = end
      append(.bool, from: start)
    case "null":
      offset = end
      append(.null, from: start)
    case "NaN", "nan", "Infinity", "inf", "Inf":
      throw error("`\(text)` is not a JSON number", next: "write a finite number")
    case "True", "False", "None", "TRUE", "FALSE", "NULL", "nil":
      throw error("`\(text)` is not JSON", next: "write true, false or null")
    default:
      throw error(
        "`\(Visible.shortened(text, to: 40))` without quotes", next: "put strings in double quotes")
    }
  }

  // MARK: Numbers

  /// Reads a number: `-`, digits without leading zero, fraction, exponent.
  mutating func number() throws(LabError) {
    let start = offset
    if current == Byte.minus { offset += 1 }
    let firstDigit = offset
    try digits(of: start)
    let integerDigits = offset - firstDigit
    if integerDigits > 1, bytes[firstDigit] == Byte.zero {
      throw error(
        "the number `\(numberText(start))` begins with a zero", at: start,
        next: "remove the leading zeros")
    }
    if current == Byte.point {
      offset += 1
      try digits(of: start)
    }
    var hasExponent = false
    if current | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      offset += 1
      if current == Byte.plus || current == Byte.minus { offset += 1 }
      try digits(of: start)
    }
    if Byte.isLetter(current) || current == Byte.point { throw malformedNumber(start) }
    append(.number, from: start)
    if hasExponent || integerDigits > 300, !JSONNumber.double(bytes, start, offset).isFinite {
      throw error(
        "the number `\(numberText(start))` is too large", at: start,
        next: "the largest number is 1.7976931348623157e308")
    }
  }

  private mutating func digits(of start: Int) throws(LabError) {
    guard Byte.isDigit(current) else { throw malformedNumber(start) }
    while offset < bytes.count, Byte.isDigit(bytes[offset]) { offset += 1 }
  }

  private func malformedNumber(_ start: Int) -> LabError {
    let text = numberText(start)
    let next =
      text.hasPrefix("-I") || text.hasPrefix("-i") || text.hasPrefix("-N") || text.hasPrefix("-n")
      ? "write a finite number" : "write digits such as 10, -0.5 or 1e-3"
    return error("`\(text)` is not a JSON number", at: start, next: next)
  }

  /// Everything from `start` that the user may have meant as one number.
  private func numberText(_ start: Int) -> String {
    let text = bytes[start...].prefix {
      Byte.isDigit($0) || Byte.isLetter($0) || $0 == Byte.point || $0 == Byte.plus
        || $0 == Byte.minus || $0 == UInt8(ascii: "_")
    }
    return Visible.shortened(String(decoding: text, as: UTF8.self), to: 40)
  }

  // MARK: Strings

  /// Reads a string and checks its escapes and its UTF-8.
  mutating func string() throws(LabError) {
    let start = offset
    var isEscaped = false
    offset += 1
    while true {
      let byte = current
      switch byte {
      case Byte.quote:
        offset += 1
        append(.string, from: start, isEscaped: isEscaped)
        return
      case Byte.backslash:
        isEscaped = true
        try escape()
      case 0..<0x20: throw controlError(start)
      case 0x80...: try scalar()
      default: offset += 1
      }
    }
  }

  private func controlError(_ start: Int) -> LabError {
    if isAtEnd || current == 0x0A || current == 0x0D {
      return error(
        "a string that does not end on its line", at: start,
        next: "close it with a double quote; a line break inside is written \\n")
    }
    let code = UInt32(current).hexadecimal(digits: 4)
    return error(
      "a raw control character U+\(code) in a string",
      next: current == 0x09 ? "write \\t" : "write \\u\(code)")
  }

  private mutating func escape() throws(LabError) {
    let start = offset
    offset += 1
    switch current {
    case Byte.quote, Byte.backslash, Byte.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      offset += 1
    case UInt8(ascii: "u"):
      offset += 1
      try unicodeEscape(start)
    default:
      throw error(
        "an unknown escape \\ before \(shown())", at: start,
        next: "write \\\\ for a backslash; known: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    }
  }

  private mutating func unicodeEscape(_ start: Int) throws(LabError) {
    let first = try hexadecimal(start)
    guard first & 0xF800 == 0xD800 else { return }
    if first < 0xDC00, current == Byte.backslash, offset + 1 < bytes.count,
      bytes[offset + 1] == UInt8(ascii: "u")
    {
      offset += 2
      if try hexadecimal(start) & 0xFC00 == 0xDC00 { return }
    }
    throw error(
      "half of a surrogate pair in a string", at: start,
      next: "write both halves, such as \\ud83d\\ude00, or the character itself")
  }

  private mutating func hexadecimal(_ start: Int) throws(LabError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Hexadecimal.value(of: current) else {
        throw error("\\u without four hexadecimal digits", at: start, next: "such as \\u00e9")
      }
      value = value << 4 | digit
      offset += 1
    }
    return value
  }

  /// Steps over one scalar of two to four bytes.
  private mutating func scalar() throws(LabError) {
    guard let length = UTF8Text.lengthOfScalar(in: bytes, at: offset) else {
      throw error(UTF8Text.complaint(bytes[offset]), next: UTF8Text.advice)
    }
    offset += length
  }
}
