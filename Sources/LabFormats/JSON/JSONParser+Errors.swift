extension JSONParser {
  /// An error at `place`, a byte offset; by default the current one.
  func error(_ what: String, at place: Int? = nil, next: String) -> LabError {
    let position = JSONPosition(of: place ?? offset, in: bytes)
    return LabError(.data, what, where: "\(source):\(position)", next: next)
  }

  /// The error for a text that ends inside the value that begins at `opened`.
  func endError(opened: Int) -> LabError {
    let isArray = bytes[opened] == Byte.openBracket
    let (name, closing) = isArray ? ("array", "]") : ("object", "}")
    let place = JSONPosition(of: opened, in: bytes)
    return error(
      "the text ends inside an \(name)",
      next: "close the \(name) of \(place) with `\(closing)`")
  }

  func commentError() -> LabError {
    error("a comment, which JSON does not have", next: "remove it; `notes` can hold free text")
  }

  /// The error for something that stands where the key of an object was expected.
  func keyError(opened: Int) -> LabError {
    if isAtEnd { return endError(opened: opened) }
    switch current {
    case Byte.slash, Byte.hash: return commentError()
    case Byte.comma: return error("a comma without a value before it", next: "remove the comma")
    default:
      return error(
        "\(shown()) where a key was expected", next: "write keys in double quotes: \"key\"")
    }
  }

  /// The error for a byte that begins no value.
  func valueError() -> LabError {
    switch current {
    case _ where isAtEnd:
      return error("the text ends where a value was expected", next: "complete the text")
    case Byte.slash, Byte.hash: return commentError()
    case Byte.comma, Byte.closeBracket, Byte.closeBrace:
      return error("\(shown()) where a value was expected", next: "write a value before it")
    case Byte.apostrophe:
      return error("a string in single quotes", next: "use double quotes")
    case Byte.plus, Byte.point:
      return error(
        "a number that begins with \(shown())", next: "begin with a digit or `-`, such as 0.5")
    default:
      return error("\(shown()) where a value was expected", next: "put strings in double quotes")
    }
  }

  /// The character at `offset`, quoted for a message.
  func shown() -> String {
    guard !isAtEnd else { return "the end of the text" }
    let end = min(offset + 4, bytes.count)
    let scalars = String(decoding: bytes[offset..<end], as: UTF8.self).unicodeScalars
    guard let scalar = scalars.first, scalar != "\u{FFFD}" else {
      return "the byte 0x\(UInt32(current).hexadecimal(digits: 2))"
    }
    return "`\(Visible.line(String(scalar)))`"
  }
}
