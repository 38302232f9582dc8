extension TextFile {
  /// Returns the float64 and the float32 nearest to the number in `range`, spaces around it left out.
  ///
  /// - Parameters:
  ///   - name: What the number is, for messages, such as `column speed`.
  ///   - missing: What to do where it is not there.
  /// - Throws: `LabError` that tells missing values, decimal commas and other text apart.
  package func number(
    _ range: Range<Int>, name: @autoclosure () -> String, missing: @autoclosure () -> String
  ) throws(LabError) -> WideNumber {
    let range = trimmed(range)
    guard let value = decimal(range) else {
      throw isMissing(range)
        ? self.missing(range, name: name(), next: missing()) : notANumber(range, name: name())
    }
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
    guard let number = DecimalNumber(bytes, range, mark: decimalMark) else { return nil }
    return number.wide ?? slowDecimal(range)
  }

  /// The same for digits that need more care.
  private func slowDecimal(_ range: Range<Int>) -> WideNumber {
    let start = range.lowerBound + (bytes[range.lowerBound] == Byte.plus ? 1 : 0)
    let text = bytes[start..<range.upperBound].map { $0 == decimalMark ? Byte.point : $0 }
    return JSONNumber.rounded(text, 0, text.count)
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

  /// The error of a value that is not there: the text of `range` is empty, or says so.
  package func missing(_ range: Range<Int>, name: String, next: String) -> LabError {
    error(
      "\(name) is missing" + (range.isEmpty ? "" : ": it is `\(shown(range))`"),
      at: range.lowerBound, next: next)
  }

  private func notANumber(_ range: Range<Int>, name: String) -> LabError {
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
