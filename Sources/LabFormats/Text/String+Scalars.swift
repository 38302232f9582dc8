extension String {
  /// Returns the text, each of its scalars for which `other` has a text replaced by it.
  ///
  /// Escaping goes by scalars: a sign with a mark that combines with it (U+0301), or with a scalar before it
  /// that belongs to what follows (U+0600), is one `Character`, and none that equals the sign.
  package func replacingScalars(_ other: (Unicode.Scalar) -> String?) -> String {
    var (result, start) = ("", startIndex)
    for index in unicodeScalars.indices {
      guard let text = other(unicodeScalars[index]) else { continue }
      result += self[start..<index]
      result += text
      start = unicodeScalars.index(after: index)
    }
    return result + self[start...]
  }

  /// Whether the text has this very scalar, whatever stands beside it.
  package func has(_ scalar: Unicode.Scalar) -> Bool { unicodeScalars.contains(scalar) }

  /// Whether the last bytes of the text are those of another.
  package func ends(in other: String) -> Bool {
    utf8.suffix(other.utf8.count).elementsEqual(other.utf8)
  }
}
