/// One value of a parsed text, as a range of its bytes.
///
/// A document is a flat list of nodes in source order: an array is followed by its elements, an
/// object by key, value, key, value, …; `next` jumps over a whole subtree. An array without objects
/// inside is one node, whose elements are found in the text again: data are arrays of numbers, and a
/// number may be one byte long.
struct JSONNode {
  var kind: JSONKind
  /// True for an array whose elements have no nodes.
  var isPacked = false
  /// True for a string whose bytes contain a backslash.
  var isEscaped = false
  /// The first byte of the value (of a string: its opening quote).
  var start: UInt32
  /// The byte after the value.
  var end: UInt32 = 0
  /// The index of the node after this one's subtree.
  var next: UInt32 = 0
  /// The number of elements of an array or members of an object.
  var count: UInt32 = 0
}

/// The six kinds of JSON value.
package enum JSONKind: UInt8, Sendable {
  case null
  case bool
  case number
  case string
  case array
  case object

  /// The kind with its article, for messages.
  package var phrase: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
