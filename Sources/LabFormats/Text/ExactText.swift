/// A text that equals only what has the same bytes.
///
/// Swift's strings are equal where they look alike: é may be written with one scalar or with two. Names in data
/// are what their bytes say.
package struct ExactText: Hashable, Sendable {
  private let bytes: [UInt8]

  /// Takes the bytes of a text.
  package init(_ text: String) { bytes = Array(text.utf8) }
}
