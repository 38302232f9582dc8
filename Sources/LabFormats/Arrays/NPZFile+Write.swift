extension NPZFile {
  /// Returns an archive of the tensors in the given order, stored without packing, as `np.savez`
  /// writes it; equal input gives equal bytes.
  ///
  /// - Throws: `LabError` of kind `usage` beyond the 4 GB of a plain zip file.
  package static func bytes(
    of tensors: [NamedTensor], place: String
  ) throws(LabError) -> [UInt8] {
    let size = tensors.reduce(0) { $0 + 4 * $1.values.count + 512 }
    guard size < Int(UInt32.max), tensors.count < Int(UInt16.max) else {
      throw LabError(
        .usage, "an .npz file of more than 4 GB cannot be written", where: place,
        next: "name a file that ends in .safetensors")
    }
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for tensor in tensors {
      let contents = npy(tensor)
      let name = Array("\(tensor.name).npy".utf8)
      let start = archive.count
      let facts = self.facts(contents, nameLength: name.count)
      archive += [0x50, 0x4B, 3, 4] + facts + name + contents
      directory += [0x50, 0x4B, 1, 2, 20, 0] + facts + [UInt8](repeating: 0, count: 10)
      directory.appendLittleEndian(UInt32(start))
      directory += name
    }
    let start = archive.count
    archive += directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    for _ in 0..<2 { archive.appendLittleEndian(UInt16(tensors.count)) }
    archive.appendLittleEndian(UInt32(directory.count))
    archive.appendLittleEndian(UInt32(start))
    return archive + [0, 0]
  }

  /// What local header and directory share: version 2.0, no flags, stored, 1 January 1980, CRC-32,
  /// both sizes, the length of the name, nothing extra.
  private static func facts(_ contents: [UInt8], nameLength: Int) -> [UInt8] {
    var bytes: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
    bytes.appendLittleEndian(Inflate.checksum(of: contents))
    for _ in 0..<2 { bytes.appendLittleEndian(UInt32(contents.count)) }
    bytes.appendLittleEndian(UInt16(nameLength))
    return bytes + [0, 0]
  }

  /// A .npy file, version 1.0, whose header ends at a multiple of 64 bytes.
  private static func npy(_ tensor: NamedTensor) -> [UInt8] {
    let sides = tensor.shape.map(String.init).joined(separator: ", ")
    let shape = tensor.shape.count == 1 ? "(\(sides),)" : "(\(sides))"
    var header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }".utf8)
    while (10 + header.count + 1) % 64 != 0 { header.append(Byte.space) }
    header.append(UInt8(ascii: "\n"))
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.appendLittleEndian(UInt16(header.count))
    bytes += header
    bytes.appendLittleEndian(tensor.values)
    return bytes
  }
}
