/// The safetensors format: a length, a JSON header, then all values without gaps
/// (https://github.com/huggingface/safetensors).
package enum SafetensorsFile {
  /// The longest header that the format allows.
  private static let maximumHeader = 100_000_000
  private static let advice = "save it again, such as with `safetensors.numpy.save_file`"

  /// Tells whether `bytes` begin like a safetensors file.
  static func isPlausible(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 8, let length = bytes.littleEndianInt(at: 0, size: 8) else { return false }
    return length <= min(maximumHeader, bytes.count - 8) && bytes[8] == Byte.openBrace
  }

  /// Reads the float tensors in `bytes` in the header's order.
  ///
  /// - Parameter isWanted: Whether the tensor of a name is read; others may be of any type.
  package static func tensors(
    _ bytes: [UInt8], place: String, where isWanted: (String) -> Bool = { _ in true }
  ) throws(LabError) -> [NamedTensor] {
    let range = try headerRange(bytes, place: place)
    let header = try JSONDocument(Array(bytes[range]), source: "\(place), header").root
    guard header.kind == .object else {
      throw damaged("its header is \(header.kind.phrase)", place)
    }
    let available = bytes.count - range.upperBound
    var tensors: [NamedTensor] = []
    var ranges: [(range: Range<Int>, name: String)] = []
    for member in header.members {
      if member.key == "__metadata__" {
        try checkMetadata(member.value, place: place)
        continue
      }
      guard isWanted(member.key) else {
        let place = try SafetensorsEntry.range(of: member, available: available, place: place)
        ranges.append((place, member.key))
        continue
      }
      let entry = try SafetensorsEntry(member, available: available, place: place)
      ranges.append((entry.range, member.key))
      let start = range.upperBound + entry.range.lowerBound
      tensors.append(entry.tensor(named: member.key, in: bytes, from: start))
    }
    try checkCover(ranges, available: available, place: place)
    return tensors
  }

  private static func headerRange(
    _ bytes: [UInt8], place: String
  ) throws(LabError) -> Range<Int> {
    guard bytes.count > 8, bytes[8] == Byte.openBrace else {
      throw LabError(
        .data, "neither a .safetensors nor an .npz file", where: place,
        next: TensorFile.advice)
    }
    let length = bytes.littleEndian(at: 0, size: 8)
    guard length <= maximumHeader else {
      throw damaged("its header would have \(length) bytes, more than \(maximumHeader)", place)
    }
    guard Int(length) <= bytes.count - 8 else {
      throw damaged("its header has \(length) bytes, but \(bytes.count - 8) follow", place)
    }
    return 8..<8 + Int(length)
  }

  private static func checkMetadata(_ value: JSONValue, place: String) throws(LabError) {
    guard value.kind == .object, value.members.allSatisfy({ $0.value.kind == .string }) else {
      throw damaged("its __metadata__ is not an object of strings", place)
    }
  }

  /// Every byte of the values must belong to exactly one tensor.
  private static func checkCover(
    _ ranges: [(range: Range<Int>, name: String)], available: Int, place: String
  ) throws(LabError) {
    var end = 0
    let sorted = ranges.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for (range, name) in sorted {
      guard range.lowerBound == end else {
        let what = range.lowerBound < end ? "overlaps another" : "leaves a gap before it"
        throw damaged("tensor `\(Visible.line(name))` \(what)", place)
      }
      end = range.upperBound
    }
    guard end == available else {
      throw damaged("its tensors take \(end) bytes, but \(available) follow the header", place)
    }
  }

  static func damaged(_ what: String, _ place: String) -> LabError {
    LabError(.data, "a damaged safetensors file: \(what)", where: place, next: advice)
  }

  // MARK: Writing

  /// Returns a file of the tensors in the given order; equal input gives equal bytes.
  package static func bytes(
    of tensors: [NamedTensor], metadata: [(key: String, value: String)] = []
  ) -> [UInt8] {
    var members: [JSONTextMember] = []
    if !metadata.isEmpty {
      let texts = metadata.map { JSONTextMember($0.key, .string($0.value)) }
      members.append(JSONTextMember("__metadata__", .object(texts)))
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      members.append(
        JSONTextMember(
          tensor.name,
          .object([
            "dtype": .string("F32"),
            "shape": .array(tensor.shape.map(JSONText.integer)),
            "data_offsets": .array([.integer(offset), .integer(end)]),
          ])))
      offset = end
    }
    var header: [UInt8] = []
    JSONText.object(members).write(to: &header)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    bytes.appendLittleEndian(UInt64(header.count))
    bytes += header
    for tensor in tensors { bytes.appendLittleEndian(tensor.values) }
    return bytes
  }

  /// Writes the tensors to `path`; an existing file is replaced whole or not at all.
  package static func write(
    _ tensors: [NamedTensor], metadata: [(key: String, value: String)] = [], to path: String
  ) throws(LabError) {
    try FileBytes.write(bytes(of: tensors, metadata: metadata), to: path)
  }
}
