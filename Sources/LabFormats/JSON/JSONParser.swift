/// A recursive-descent reader of UTF-8 bytes into nodes.
struct JSONParser {
  let bytes: [UInt8]
  let source: String
  var offset = 0
  var nodes: [JSONNode] = []
  /// Whether values are only checked, as inside of an array without objects.
  var isPacking = false
  /// Where arrays begin that were found to have objects inside, and are read again.
  private var withObjects: Set<Int> = []
  /// The most nodes that are made.
  private let nodeCount: Int

  init(
    _ bytes: [UInt8], source: String, upTo nodeCount: Int = JSONDocument.maximumNodeCount
  ) {
    self.bytes = bytes
    self.source = source
    self.nodeCount = nodeCount
  }

  /// Reads the whole text: one value and nothing after it.
  mutating func parse() throws(LabError) -> [JSONNode] {
    try refuseUnreadableText()
    skipSpace()
    try value(depth: 0)
    skipSpace()
    if offset < bytes.count {
      if current == Byte.slash || current == Byte.hash { throw commentError() }
      throw error(
        "\(shown()) after the end of the JSON value",
        next: "remove it: a file holds one value")
    }
    return nodes
  }

  private func refuseUnreadableText() throws(LabError) {
    if bytes.count > JSONDocument.maximumByteCount {
      throw LabError(
        .data, "the JSON text has \(bytes.count) bytes, more than 4 GiB", where: source,
        next: "put large arrays into .npy files and name their paths")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw error(
        "the text begins with a byte-order mark", next: "save it as UTF-8 without byte-order mark")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw error("the text is UTF-16", next: "save it as UTF-8")
    }
    if bytes.allSatisfy(Self.isSpace) {
      throw error("the text is empty", next: "write one JSON value")
    }
  }

  // MARK: Values

  /// Reads one value at `offset` and leaves `offset` after it.
  mutating func value(depth: Int) throws(LabError) {
    switch current {
    case Byte.quote: try string()
    case Byte.minus, Byte.zero...Byte.nine: try number()
    case Byte.openBracket: try array(depth: depth + 1)
    case Byte.openBrace: try object(depth: depth + 1)
    default: try word()
    }
  }

  private mutating func array(depth: Int) throws(LabError) {
    let start = offset
    if withObjects.remove(start) == nil {
      isPacking = true
      let count = try packed(depth: depth)
      isPacking = false
      if let count {
        append(.array, from: start)
        nodes[nodes.count - 1].isPacked = true
        nodes[nodes.count - 1].count = count
        return
      }
      offset = start
    }
    let index = try open(.array, depth: depth)
    skipSpace()
    if current != Byte.closeBracket {
      while true {
        try value(depth: depth)
        nodes[index].count += 1
        skipSpace()
        if current == Byte.closeBracket { break }
        try comma(closing: Byte.closeBracket, opened: start)
      }
    }
    close(index)
  }

  /// Reads an array without nodes and returns the number of its elements; nil at an object inside.
  ///
  /// What is read again then is read once more only: the arrays around the object are known.
  private mutating func packed(depth: Int) throws(LabError) -> UInt32? {
    try require(depth: depth)
    let start = offset
    var count: UInt32 = 0
    offset += 1
    skipSpace()
    if current != Byte.closeBracket {
      while true {
        guard try packedElement(depth: depth) else {
          withObjects.insert(start)
          return nil
        }
        count += 1
        skipSpace()
        if current == Byte.closeBracket { break }
        try comma(closing: Byte.closeBracket, opened: start)
      }
    }
    offset += 1
    return count
  }

  /// Reads an element likewise; false at an object.
  private mutating func packedElement(depth: Int) throws(LabError) -> Bool {
    switch current {
    case Byte.openBrace: return false
    case Byte.openBracket: return try packed(depth: depth + 1) != nil
    default:
      try value(depth: depth)
      return true
    }
  }

  private mutating func object(depth: Int) throws(LabError) {
    let start = offset
    let index = try open(.object, depth: depth)
    skipSpace()
    if current != Byte.closeBrace {
      var keys = JSONKeys()
      while true {
        try key(of: start, keys: &keys)
        try value(depth: depth)
        nodes[index].count += 1
        skipSpace()
        if current == Byte.closeBrace { break }
        try comma(closing: Byte.closeBrace, opened: start)
      }
    }
    close(index)
  }

  private mutating func key(of object: Int, keys: inout JSONKeys) throws(LabError) {
    guard current == Byte.quote else { throw keyError(opened: object) }
    let index = nodes.count
    try requireFew()
    try string()
    let node = nodes[index]
    if let earlier = keys.insert(JSONString.bytes(of: node, in: bytes), at: Int(node.start)) {
      let name = JSONString.text(of: node, in: bytes)
      throw error(
        "duplicate key `\(Visible.line(name))`", at: Int(node.start),
        next: "keep one of them: the first is at \(JSONPosition(of: earlier, in: bytes))")
    }
    skipSpace()
    guard current == Byte.colon else {
      throw error(
        "\(shown()) where `:` was expected after a key", next: "write `\"key\": value`")
    }
    offset += 1
    skipSpace()
  }

  private mutating func open(_ kind: JSONKind, depth: Int) throws(LabError) -> Int {
    try require(depth: depth)
    try requireFew()
    nodes.append(JSONNode(kind: kind, start: UInt32(offset)))
    offset += 1
    return nodes.count - 1
  }

  private func requireFew() throws(LabError) {
    guard nodes.count >= nodeCount else { return }
    throw error(
      "more than \(nodeCount) values in objects",
      next: "put large data into arrays of numbers, or into .npy files and name their paths")
  }

  private func require(depth: Int) throws(LabError) {
    guard depth > JSONDocument.maximumDepth else { return }
    throw error("nested deeper than \(JSONDocument.maximumDepth) levels", next: "use fewer levels")
  }

  private mutating func close(_ index: Int) {
    offset += 1
    nodes[index].end = UInt32(offset)
    nodes[index].next = UInt32(nodes.count)
  }

  /// Reads the comma between two elements; the enclosing value begins at `opened`.
  private mutating func comma(closing: UInt8, opened: Int) throws(LabError) {
    guard current == Byte.comma else {
      if isAtEnd { throw endError(opened: opened) }
      if current == Byte.slash || current == Byte.hash { throw commentError() }
      let wanted = "`,` or `\(Character(UnicodeScalar(closing)))`"
      throw error(
        "\(shown()) where \(wanted) was expected", next: "separate values by one comma")
    }
    let comma = offset
    offset += 1
    skipSpace()
    if current == closing {
      throw error(
        "a comma before `\(Character(UnicodeScalar(closing)))`", at: comma,
        next: "remove the comma after the last value")
    }
    if isAtEnd { throw endError(opened: opened) }
  }

  // MARK: Bytes

  /// The byte at `offset`; zero, which no JSON text contains, after the end.
  var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  var isAtEnd: Bool { offset >= bytes.count }

  mutating func skipSpace() {
    while offset < bytes.count, Self.isSpace(bytes[offset]) { offset += 1 }
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
