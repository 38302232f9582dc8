import LabFormats

extension RaggedArray {
  /// Reads nested arrays of numbers. The second axis may differ in length from sample to sample; the
  /// third may not.
  static func read(_ node: ConfigNode, role: ArraySource.Role) -> RaggedArray? {
    guard let form = Form(of: node, role: role) else { return nil }
    var lengths: [Int] = []
    var values = Numbers(keepsDoubles: role.isRead)
    lengths.reserveCapacity(node.value.count)
    values.reserve(node.value.leafCountHint)
    for (index, element) in node.value.elements.enumerated() {
      let sample = node.element(element, at: index)
      let isGood =
        form.axes == 1
        ? append(number: sample, to: &values)
        : form.axes == 2 && role == .series
          ? form.appendRow(sample, to: &values)
          : form.appendRows(of: sample, to: &values, role: role)
      guard isGood else { return nil }
      lengths.append(form.axes == 1 ? 1 : element.count)
    }
    return RaggedArray(
      axes: form.axes, lengths: lengths, width: form.width, values: values.floats,
      doubles: values.doubles)
  }

  /// What the first elements say of all.
  private struct Form {
    var axes: Int
    var width: Int
    /// The numbers of a row that are as many in all of them.
    private var rowLength: Int

    init?(of node: ConfigNode, role: ArraySource.Role) {
      var shape: [Int] = []
      var value = node.value
      while value.kind == .array, shape.count <= role.ranks.upperBound {
        shape.append(value.count)
        var elements = value.elements
        guard let first = elements.next() else {
          let path = node.path + String(repeating: "[0]", count: shape.count - 1)
          _ = RaggedArray.refuseEmpty(
            ConfigNode(value: value, path: path, problems: node.problems), role: role)
          return nil
        }
        value = first
      }
      guard role.ranks.contains(shape.count) else {
        let isDeep = shape.count > role.ranks.upperBound
        let levels = isDeep ? "more than \(shape.count - 1)" : "\(shape.count)"
        _ = node.refuse(
          "`\(node.path)` has \(levels) level\(shape.count == 1 ? "" : "s") of brackets",
          next: role.advice, as: Form.self)
        return nil
      }
      axes = shape.count
      width = shape.count == 3 ? shape[2] : 1
      rowLength = shape[shape.count - 1]
    }

    /// Appends the rows of a sample; false after noting a problem.
    func appendRows(
      of sample: ConfigNode, to values: inout Numbers, role: ArraySource.Role
    ) -> Bool {
      guard sample.value.kind == .array else {
        return refuse(
          sample, "is \(sample.shown) where an array was expected",
          next: "all elements of one level must have as many levels of brackets")
      }
      guard sample.value.count > 0 else { return RaggedArray.refuseEmpty(sample, role: role) }
      for (index, row) in sample.value.elements.enumerated() {
        if axes == 2 {
          if let number = row.rounded, number.float.isFinite {
            values.append(number)
          } else if !append(number: sample.element(row, at: index), to: &values) {
            return false
          }
        } else if !appendRow(sample.element(row, at: index), to: &values) {
          return false
        }
      }
      return true
    }

    func appendRow(_ row: ConfigNode, to values: inout Numbers) -> Bool {
      let numbers = "number\(rowLength == 1 ? "" : "s")"
      guard row.value.kind == .array else {
        return refuse(
          row, "is \(row.shown) where an array of \(rowLength) \(numbers) was expected",
          next: "all elements of one level must have as many levels of brackets")
      }
      guard row.value.count == rowLength else {
        let count = row.value.count
        return refuse(
          row,
          "has \(count) number\(count == 1 ? "" : "s") where \(rowLength) "
            + "\(rowLength == 1 ? "was" : "were") expected",
          next: "make it as long as the first of its level")
      }
      for (index, element) in row.value.elements.enumerated() {
        if let number = element.rounded, number.float.isFinite {
          values.append(number)
        } else if !append(number: row.element(element, at: index), to: &values) {
          return false
        }
      }
      return true
    }
  }

  private static func append(number node: ConfigNode, to values: inout Numbers) -> Bool {
    guard let number = node.value.rounded else {
      return refuse(
        node, "is \(node.shown) where a number was expected",
        next: "all elements of one level must have as many levels of brackets")
    }
    guard number.float.isFinite else {
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

  private static func refuseEmpty(_ node: ConfigNode, role: ArraySource.Role) -> Bool {
    refuse(node, "is empty", next: role.advice)
  }

  /// The nested arrays that this is read from.
  var text: JSONText {
    var next = 0
    func number() -> JSONText {
      next += 1
      let value = values[next - 1]
      // The float32's own digits wherever they mean the same.
      guard let double = doubles?[next - 1], double != Double(value.description) else {
        return .float(value)
      }
      return .real(double)
    }
    return .array(
      lengths.map { length in
        switch axes {
        case 1: number()
        case 2: .array((0..<length).map { _ in number() })
        default:
          .array((0..<length).map { _ in .array((0..<width).map { _ in number() }) })
        }
      })
  }
}
