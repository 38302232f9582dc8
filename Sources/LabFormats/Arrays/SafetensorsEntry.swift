/// One tensor of a safetensors header, checked.
struct SafetensorsEntry {
  var shape: [Int]
  /// The tensor's bytes, counted from the end of the header.
  var range: Range<Int>

  /// Reads `{"dtype": "F32", "shape": […], "data_offsets": [begin, end]}`.
  init(_ member: JSONMember, available: Int, place: String) throws(LabError) {
    let name = "`\(Visible.shortened(Visible.line(member.key), to: 100))`"
    let value = { (key: String) in member.value.members.first { $0.key == key }?.value }
    guard member.value.members.count == 3, let type = value("dtype")?.string,
      let shape = Self.integers(value("shape")), let offsets = Self.integers(value("data_offsets"))
    else {
      throw SafetensorsFile.damaged(
        "tensor \(name) needs dtype, shape and data_offsets in whole numbers", place)
    }
    guard type == "F32" else {
      throw LabError(
        .data,
        "tensor \(name) is \(Visible.shortened(Visible.line(type), to: 20)); weights are F32",
        where: place,
        next: "convert before saving, such as `tensor.float()` or `array.astype(\"float32\")`")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= available else {
      throw SafetensorsFile.damaged(
        "tensor \(name) has the offsets \(offsets); \(available) bytes follow the header", place)
    }
    let count = FloatArray.count(of: shape + [4])
    guard count == offsets[1] - offsets[0] else {
      let needed = count.map { "\($0)" } ?? "more than can be counted"
      throw SafetensorsFile.damaged(
        "tensor \(name) of shape \(shape) needs \(needed) bytes, "
          + "but has \(offsets[1] - offsets[0])", place)
    }
    self.shape = shape
    range = offsets[0]..<offsets[1]
  }

  /// The elements of an array of whole numbers from 0 on.
  private static func integers(_ value: JSONValue?) -> [Int]? {
    guard let value, value.kind == .array else { return nil }
    let integers = value.elements.compactMap(\.integer)
    return integers.count == value.count && integers.allSatisfy { $0 >= 0 } ? integers : nil
  }
}
