/// An array of float32 with a name, as weight files hold them.
package struct NamedTensor: Equatable, Sendable {
  /// The name, unique in its file.
  package var name: String
  /// The lengths of the axes.
  package var shape: [Int]
  /// The values in row-major order.
  package var values: [Float]

  /// There must be as many values as the shape has places.
  package init(name: String, shape: [Int], values: [Float]) {
    precondition(
      FloatArray.count(of: shape) == values.count,
      "\(name): shape \(shape) with \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// Files of named float32 tensors: safetensors and npz.
package enum TensorFile {
  /// Reads the tensors of the file at `path`, in the file's order.
  ///
  /// What the file is, its first bytes tell; its name only helps the message.
  /// - Throws: `LabError` of kind `data`, `notFound` or `inputOutput`.
  package static func read(_ path: String) throws(LabError) -> [NamedTensor] {
    try tensors(try FileBytes.read(path, what: "weights"), place: path)
  }

  /// Reads the tensors in `bytes`, which messages place at `place`.
  package static func tensors(
    _ bytes: [UInt8], place: String
  ) throws(LabError) -> [NamedTensor] {
    let advice = "save the weights as safetensors, or with `np.savez(path, **arrays)`"
    if bytes.starts(with: NPZFile.magic) { return try NPZFile.tensors(bytes, place: place) }
    if bytes.starts(with: NPYFile.magic) {
      throw LabError(
        .data, "a single array without a name", where: place,
        next: "save named arrays with `np.savez(path, **arrays)`")
    }
    if bytes.starts(with: Array("\u{89}HDF".unicodeScalars.map { UInt8($0.value) })) {
      throw LabError(.data, "an HDF5 file, which is not read", where: place, next: advice)
    }
    if bytes.starts(with: [0x80]), bytes.count > 1, (2...5).contains(bytes[1]),
      !SafetensorsFile.isPlausible(bytes)
    {
      throw LabError(
        .data, "a pickle; it holds code, which is never run", where: place, next: advice)
    }
    return try SafetensorsFile.tensors(bytes, place: place)
  }
}
