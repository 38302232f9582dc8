extension FloatArray {
  /// Reads nested arrays of numbers; all arrays of one level must be equally long.
  static func read(_ node: ConfigNode, role: ArraySource.Role) -> FloatArray? {
    guard let shape = shape(of: node, role: role) else { return nil }
    var values: [Float] = []
    values.reserveCapacity(node.value.leafCountHint)
    return append(node, shape: shape[...], to: &values)
      ? FloatArray(shape: shape, values: values) : nil
  }

  /// The lengths along the first elements, which all others must share.
  private static func shape(of node: ConfigNode, role: ArraySource.Role) -> [Int]? {
    var shape: [Int] = []
    var value = node.value
    while value.kind == .array, shape.count <= role.ranks.upperBound {
      shape.append(value.count)
      var elements = value.elements
      guard let first = elements.next() else {
        let path = node.path + String(repeating: "[0]", count: shape.count - 1)
        return ConfigNode(value: value, path: path, problems: node.problems)
          .refuse("`\(path)` is empty", next: role.advice)
      }
      value = first
    }
    guard role.ranks.contains(shape.count) else {
      let isDeep = shape.count > role.ranks.upperBound
      let levels = isDeep ? "more than \(shape.count - 1)" : "\(shape.count)"
      return node.refuse(
        "`\(node.path)` has \(levels) level\(shape.count == 1 ? "" : "s") of brackets",
        next: role.advice)
    }
    return shape
  }

  /// Appends the numbers of `node`, whose shape must be `shape`; false after noting a problem.
  private static func append(
    _ node: ConfigNode, shape: ArraySlice<Int>, to values: inout [Float]
  ) -> Bool {
    guard let length = shape.first else { return append(number: node, to: &values) }
    let noun = shape.count == 1 ? "number" : "array"
    guard node.value.kind == .array else {
      return refuse(
        node,
        "is \(node.shown) where an array of \(length) \(noun)\(length == 1 ? "" : "s") was expected",
        next: "all elements of one level must have the same shape")
    }
    guard node.value.count == length else {
      return refuse(
        node,
        "has \(node.value.count) \(noun)\(node.value.count == 1 ? "" : "s") where \(length) "
          + "\(length == 1 ? "was" : "were") expected",
        next: "make it as long as the first of its level")
    }
    let inner = shape.dropFirst()
    for (index, element) in node.value.elements.enumerated() {
      if inner.isEmpty, let number = element.float, number.isFinite {
        values.append(number)
      } else if !append(node.element(element, at: index), shape: inner, to: &values) {
        return false
      }
    }
    return true
  }

  private static func append(number node: ConfigNode, to values: inout [Float]) -> Bool {
    guard let number = node.value.float else {
      return refuse(
        node, "is \(node.shown) where a number was expected",
        next: "all elements of one level must have the same shape")
    }
    guard number.isFinite else {
      return refuse(
        node, "is \(node.shown), too large for float32",
        next: "scale the data: the largest float32 is 3.4028235e38")
    }
    values.append(number)
    return true
  }

  private static func refuse(_ node: ConfigNode, _ what: String, next: String) -> Bool {
    node.refuse("`\(node.path)` \(what)", next: next, as: Bool.self) ?? false
  }

  var text: JSONText {
    var next = 0
    return text(shape[...], next: &next)
  }

  private func text(_ shape: ArraySlice<Int>, next: inout Int) -> JSONText {
    guard let length = shape.first else {
      next += 1
      return .float(values[next - 1])
    }
    var elements: [JSONText] = []
    elements.reserveCapacity(length)
    for _ in 0..<length { elements.append(text(shape.dropFirst(), next: &next)) }
    return .array(elements)
  }
}

extension JSONValue {
  /// At least as many as the numbers inside the value; memory to reserve.
  fileprivate var leafCountHint: Int { Int(document.nodes[index].next) - index }
}
