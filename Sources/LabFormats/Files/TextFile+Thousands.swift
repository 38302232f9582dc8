extension TextFile {
  /// A number whose digits stand in groups of three.
  package struct GroupedNumber {
    /// The number as it is read, without what separates its groups.
    package let plain: String
    /// The other number that it can be, where its only comma may be a decimal one.
    package let other: String?
  }

  /// Returns what a text such as `1,234.5`, `1.234,5`, `1 234` or `1'234` means; nil for any other.
  package func groupedNumber(_ range: Range<Int>) -> GroupedNumber? {
    let text = text(range)
    let unsigned = text.drop { "+-".contains($0) }
    guard text.count - unsigned.count <= 1,
      let separator = unsigned.first(where: { !("0"..."9").contains($0) }),
      ",. '".contains(separator)
    else { return nil }
    let parts = unsigned.split(separator: separator, omittingEmptySubsequences: false)
    let mark = separator == "." ? "," : "."
    let last = parts[parts.count - 1].split(separator: mark, omittingEmptySubsequences: false)
    let groups = parts.dropFirst().dropLast() + last.prefix(1)
    let isNumber = { (text: Substring) in text.utf8.allSatisfy(Byte.isDigit) }
    guard (1...3).contains(parts[0].count), isNumber(parts[0]), !groups.isEmpty, last.count <= 2,
      groups.allSatisfy({ $0.count == 3 && isNumber($0) }), last.dropFirst().allSatisfy(isNumber)
    else { return nil }
    let decimal = decimalMark == Byte.comma ? "," : "."
    let isClear = groups.count > 1 || last.count == 2 || " '".contains(separator)
    guard isClear || String(separator) != decimal else { return nil }
    let sign = text.hasPrefix("-") ? "-" : ""
    let whole = sign + parts[0] + groups.joined()
    return GroupedNumber(
      plain: whole + last.dropFirst().map { decimal + $0 }.joined(),
      other: isClear ? nil : text.replacing(String(separator), with: decimal))
  }

  /// The error for a number in groups; nil for any other text.
  func groupingError(_ range: Range<Int>, name: String) -> LabError? {
    guard let number = groupedNumber(range) else { return nil }
    let sign = decimalMark == Byte.comma ? "point" : "comma"
    guard let other = number.other else {
      return error(
        "\(name) has thousands separators: it is `\(shown(range))`", at: range.lowerBound,
        next: "write the number without them: \(number.plain)")
    }
    return error(
      "\(name) has a \(sign): it is `\(shown(range))`", at: range.lowerBound,
      next: "write \(number.plain) where the \(sign) separates thousands, "
        + "\(other) where it is a decimal \(sign)")
  }
}
