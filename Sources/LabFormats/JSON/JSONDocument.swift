/// A parsed JSON text that remembers where each value stands.
///
/// The reader is strict (RFC 8259 and less): duplicate keys, numbers beyond a Double, lone
/// surrogates, invalid UTF-8 and a byte-order mark are errors. Foundation's reader accepts
/// duplicate keys, and forgets positions and the digits of numbers.
package final class JSONDocument: Sendable {
  /// The text.
  package let bytes: [UInt8]
  let nodes: [JSONNode]
  /// The path that messages name.
  package let source: String

  /// The deepest nesting that is read.
  package static let maximumDepth = 128
  /// The most keys and values outside of arrays without objects, where the reader names no other number.
  package static let maximumNodeCount = 250_000
  /// The largest text that is read; offsets are 32-bit.
  package static let maximumByteCount = Int(UInt32.max) - 1

  /// Parses `bytes`, a text that messages call `source`.
  ///
  /// - Throws: `LabError` of kind `data` at the first byte that is not JSON.
  package init(
    _ bytes: [UInt8], source: String, upTo nodeCount: Int = maximumNodeCount
  ) throws(LabError) {
    var parser = JSONParser(bytes, source: source, upTo: nodeCount)
    nodes = try parser.parse()
    self.bytes = bytes
    self.source = source
  }

  /// Parses `text`, which messages call `source`.
  package convenience init(_ text: String, source: String) throws(LabError) {
    try self.init(Array(text.utf8), source: source)
  }

  /// The outermost value.
  package var root: JSONValue { JSONValue(document: self, index: 0) }
}
