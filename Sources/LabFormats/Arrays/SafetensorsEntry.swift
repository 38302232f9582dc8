/// One tensor of a safetensors header, checked.
struct SafetensorsEntry {
  /// The types of numbers that become float32.
  enum NumberType: String {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    /// Bytes of one number.
    var size: Int {
      switch self {
      case .float64: 8
      case .float32: 4
      case .float16, .bfloat16: 2
      }
    }

    /// The usual name, as NumPy and PyTorch have it.
    var name: String { "\(self)" }
  }

  var type: NumberType
  var shape: [Int]
  /// The tensor's bytes, counted from the end of the header.
  var range: Range<Int>

  /// Reads `{"dtype": "F32", "shape": […], "data_offsets": [begin, end]}`.
  init(_ member: JSONMember, available: Int, place: String) throws(LabError) {
    let name = Self.shown(member)
    let value = { (key: String) in member.value.members.first { $0.key == key }?.value }
    guard member.value.members.count == 3, let text = value("dtype")?.string,
      let shape = Self.integers(value("shape"))
    else { throw Self.incomplete(member, place) }
    range = try Self.range(of: member, available: available, place: place)
    guard let type = NumberType(rawValue: text) else {
      throw LabError(
        .data,
        "tensor \(name) is \(Visible.shortened(Visible.line(text), to: 20)); weights are F32",
        where: place,
        next: "convert before saving, such as `tensor.float()` or `array.astype(\"float32\")`")
    }
    let count = FloatArray.count(of: shape + [type.size])
    guard count == range.count else {
      let needed = count.map { "\($0) bytes" } ?? "more bytes than can be counted"
      throw SafetensorsFile.damaged(
        "tensor \(name) of shape \(shape) needs \(needed), but has \(range.count)", place)
    }
    self.type = type
    self.shape = shape
  }

  /// The place of a tensor's bytes, whatever they are.
  static func range(
    of member: JSONMember, available: Int, place: String
  ) throws(LabError) -> Range<Int> {
    guard let offsets = integers(member.value.members.first { $0.key == "data_offsets" }?.value)
    else { throw incomplete(member, place) }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= available else {
      throw SafetensorsFile.damaged(
        "tensor \(shown(member)) has the offsets \(offsets); "
          + "\(available) bytes follow the header", place)
    }
    return offsets[0]..<offsets[1]
  }

  private static func shown(_ member: JSONMember) -> String {
    "`\(Visible.shortened(Visible.line(member.key), to: 100))`"
  }

  private static func incomplete(_ member: JSONMember, _ place: String) -> LabError {
    SafetensorsFile.damaged(
      "tensor \(shown(member)) needs dtype, shape and data_offsets in whole numbers", place)
  }

  /// The elements of an array of whole numbers from 0 on.
  private static func integers(_ value: JSONValue?) -> [Int]? {
    guard let value, value.kind == .array else { return nil }
    let integers = value.elements.compactMap(\.integer)
    return integers.count == value.count && integers.allSatisfy { $0 >= 0 } ? integers : nil
  }

  /// Returns the tensor, whose bytes stand in `bytes` from `start` on.
  func tensor(named name: String, in bytes: [UInt8], from start: Int) -> NamedTensor {
    let place = start..<start + range.count
    guard type != .float32 else {
      return NamedTensor(name: name, shape: shape, values: bytes.floats(in: place))
    }
    var rounded = 0
    let values = stride(from: place.lowerBound, to: place.upperBound, by: type.size).map { start in
      let word = bytes.littleEndian(at: start, size: type.size)
      switch type {
      case .float16: return Float(float16: UInt16(truncatingIfNeeded: word))
      case .bfloat16: return Float(bfloat16: UInt16(truncatingIfNeeded: word))
      case .float32, .float64:
        let value = Double(bitPattern: word)
        if value.isFinite, Double(Float(value)) != value { rounded += 1 }
        return Float(value)
      }
    }
    var tensor = NamedTensor(name: name, shape: shape, values: values)
    tensor.conversion = NamedTensor.Conversion(type: type.name, rounded: rounded)
    return tensor
  }
}
