extension TextFile {
  /// Returns the float64 and the float32 nearest to the number in `range`, spaces around it left out.
  ///
  /// - Parameter name: What the number is, for messages, such as `column speed`.
  /// - Throws: `LabError` that tells missing values, decimal commas and other text apart.
  package func number(
    _ range: Range<Int>, name: @autoclosure () -> String
  ) throws(LabError) -> WideNumber {
    let range = trimmed(range)
    guard let value = decimal(range) else { throw notANumber(range, name: name()) }
    guard value.float.isFinite else {
      throw error(
        "\(name()) is \(shown(range)), too large for float32", at: range.lowerBound,
        next: "scale the data: the largest float32 is 3.4028235e38")
    }
    return value
  }

  /// Returns the number in `range`: a sign, digits with at most one point, an exponent; nil for any
  /// other text.
  package func decimal(_ range: Range<Int>) -> WideNumber? {
    var index = range.lowerBound
    let end = range.upperBound
    guard index < end else { return nil }
    var start = index
    if bytes[index] == Byte.plus || bytes[index] == Byte.minus {
      index += 1
      if bytes[start] == Byte.plus { start = index }
    }
    let digits = skipDigits(from: index, to: end)
    var count = digits - index
    index = digits
    var mark: Int?
    if index < end, bytes[index] == decimalMark {
      mark = index
      let fraction = skipDigits(from: index + 1, to: end)
      count += fraction - index - 1
      index = fraction
    }
    guard count > 0 else { return nil }
    if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < end, bytes[index] == Byte.plus || bytes[index] == Byte.minus { index += 1 }
      let exponent = skipDigits(from: index, to: end)
      guard exponent > index else { return nil }
      index = exponent
    }
    guard index == end else { return nil }
    guard decimalMark != Byte.point, let mark else { return JSONNumber.rounded(bytes, start, end) }
    var text = Array(bytes[start..<end])
    text[mark - start] = Byte.point
    return JSONNumber.rounded(text, 0, text.count)
  }

  private func skipDigits(from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, Byte.isDigit(bytes[index]) { index += 1 }
    return index
  }

  private static let missingSigns = ["", "?", "nan", "na", "n/a", "null", "none"]

  /// Whether the text of `range` stands for a value that is not there.
  package func isMissing(_ range: Range<Int>) -> Bool {
    range.count <= 4 && Self.missingSigns.contains(text(range).lowercased())
  }

  /// Whether the text of `range` is digits and signs alone, as numbers, dates and times are that no
  /// reader of plain decimals takes.
  package func looksLikeNumber(_ range: Range<Int>) -> Bool {
    bytes[range].contains(where: Byte.isDigit)
      && !bytes[range].contains { Byte.isLetter($0) || $0 >= 0x80 }
  }

  /// Whether the text of `range` is a number but for a comma in the place of the point.
  package func hasDecimalComma(_ range: Range<Int>) -> Bool {
    guard let comma = bytes[range].firstIndex(of: Byte.comma) else { return false }
    return decimal(range.lowerBound..<comma) != nil && comma + 1 < range.upperBound
      && Byte.isDigit(bytes[comma + 1]) && decimal(comma + 1..<range.upperBound) != nil
  }

  private func notANumber(_ range: Range<Int>, name: String) -> LabError {
    if isMissing(range) {
      return error(
        "\(name) is missing" + (range.isEmpty ? "" : ": it is `\(shown(range))`"),
        at: range.lowerBound,
        next: "fill missing values in, or leave their sequences out, before training")
    }
    if let grouped = groupingError(range, name: name) { return grouped }
    if decimalMark == Byte.point, hasDecimalComma(range) {
      return error(
        "\(name) has a decimal comma: it is `\(shown(range))`", at: range.lowerBound,
        next: "write numbers with a point, such as \(shown(range).replacing(",", with: "."))")
    }
    return error(
      "\(name) is `\(shown(range))`, which is not a number", at: range.lowerBound,
      next: "write finite decimal numbers, such as -1.5 or 2e-3")
  }
}
