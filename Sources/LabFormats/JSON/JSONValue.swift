/// A value of a document: cheap to copy, decoded when asked.
package struct JSONValue: Sendable {
  let document: JSONDocument
  /// The index of the value's node; where it has none, that of the array that it stands in.
  private let index: Int
  private let node: JSONNode

  init(document: JSONDocument, index: Int) {
    self.init(document: document, index: index, node: document.nodes[index])
  }

  fileprivate init(document: JSONDocument, index: Int, node: JSONNode) {
    self.document = document
    self.index = index
    self.node = node
  }

  /// The bytes of the document that the value takes.
  package var range: Range<Int> { Int(node.start)..<Int(node.end) }

  /// The value's source text.
  package var bytes: ArraySlice<UInt8> { document.bytes[range] }

  /// What the value is.
  package var kind: JSONKind { node.kind }

  /// The line and column of the value's first character.
  package var position: JSONPosition { JSONPosition(of: Int(node.start), in: document.bytes) }

  /// The place as `path:line:column`, for messages.
  package var place: String { "\(document.source):\(position)" }

  /// The value's source text, shortened and made visible for a message.
  package var shown: String {
    let range = Int(node.start)..<min(Int(node.end), Int(node.start) + 200)
    let text = String(decoding: document.bytes[range], as: UTF8.self)
    return Visible.shortened(Visible.line(text), to: 40)
  }

  /// The value of true or false.
  package var bool: Bool? {
    kind == .bool ? document.bytes[Int(node.start)] == UInt8(ascii: "t") : nil
  }

  /// The text of a string, unescaped.
  package var string: String? {
    kind == .string ? JSONString.text(of: node, in: document.bytes) : nil
  }

  /// The number, if it is written without fraction and exponent and fits an Int; exact.
  package var integer: Int? {
    guard kind == .number else { return nil }
    return JSONNumber.integer(document.bytes, Int(node.start), Int(node.end))
  }

  /// The Double nearest to the number; finite.
  package var double: Double? {
    guard kind == .number else { return nil }
    return JSONNumber.double(document.bytes, Int(node.start), Int(node.end))
  }

  /// The Float nearest to the number; infinite when it lies beyond float32.
  package var float: Float? { rounded?.float }

  /// The Double and the Float nearest to the number; the latter is infinite beyond float32.
  package var rounded: WideNumber? {
    guard kind == .number else { return nil }
    return JSONNumber.rounded(document.bytes, Int(node.start), Int(node.end))
  }

  /// The number of elements or members; zero for other kinds.
  package var count: Int { Int(node.count) }

  /// The elements of an array in order; empty for other kinds.
  package var elements: JSONElements {
    JSONElements(
      document: document, remaining: kind == .array ? count : 0,
      index: node.isPacked ? index : index + 1,
      offset: node.isPacked ? Int(node.start) + 1 : nil)
  }

  /// The members of an object in source order; empty for other kinds.
  package var members: [JSONMember] {
    guard kind == .object else { return [] }
    var key = index + 1
    return (0..<count).map { _ in
      let keyNode = document.nodes[key]
      let value = JSONValue(document: document, index: key + 1)
      let member = JSONMember(
        key: JSONString.text(of: keyNode, in: document.bytes),
        keyValue: JSONValue(document: document, index: key), value: value)
      key = Int(value.node.next)
      return member
    }
  }
}

extension JSONValue {
  /// At least as many as the numbers inside the value; memory to reserve.
  ///
  /// - Complexity: O(bytes).
  package var leafCountHint: Int { bytes.count { $0 == Byte.comma } + 1 }
}

/// A key of an object with its value.
package struct JSONMember: Sendable {
  /// The key, unescaped.
  package let key: String
  /// The key as a value of its own, for its position.
  package let keyValue: JSONValue
  /// What stands behind the key.
  package let value: JSONValue
}

/// The elements of an array, one after the other.
package struct JSONElements: Sequence, IteratorProtocol {
  fileprivate let document: JSONDocument
  fileprivate var remaining: Int
  fileprivate var index: Int
  /// Where the next element is looked for in the text; nil where elements have nodes.
  fileprivate var offset: Int?

  /// Moves on to the next element; nil after the last.
  package mutating func next() -> JSONValue? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    if let offset {
      let node = JSONNode.inPackedArray(of: document.bytes, from: offset)
      self.offset = Int(node.end)
      return JSONValue(document: document, index: index, node: node)
    }
    let value = JSONValue(document: document, index: index)
    index = Int(document.nodes[index].next)
    return value
  }
}
