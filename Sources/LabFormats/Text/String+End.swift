extension String {
  /// The text without line breaks at its end.
  package func trimmingEnd() -> Substring {
    self[..<(lastIndex { $0 != "\n" }.map { index(after: $0) } ?? startIndex)]
  }
}
