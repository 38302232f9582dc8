/// An array of float32 with a name, as weight files hold them.
package struct NamedTensor: Equatable, Sendable {
  /// The name, unique in its file.
  package var name: String
  /// The lengths of the axes.
  package var shape: [Int]
  /// The values in row-major order.
  package var values: [Float]
  /// What the values were made of; nil where the file holds float32.
  package var conversion: Conversion?

  /// Numbers of another type that became the nearest float32.
  package struct Conversion: Equatable, Sendable {
    /// NumPy's name of the type, such as `float64`.
    package let type: String
    /// How many numbers are no float32, and so were rounded.
    package let rounded: Int

    /// Tells of a conversion.
    package init(type: String, rounded: Int) {
      self.type = type
      self.rounded = rounded
    }
  }

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

/// Files of named tensors, safetensors and npz, whose numbers become float32.
package enum TensorFile {
  static let advice = "save the weights as safetensors, or with `np.savez(path, **arrays)`"
  static let pytorchAdvice =
    "save the weights with `safetensors.torch.save_file(model.state_dict(), path)`"

  /// Reads the tensors of the file at `path`, in the file's order.
  ///
  /// What the file is, its first bytes tell; its name only helps the message.
  /// - Parameter isWanted: Whether the tensor of a name is read.
  /// - Throws: `LabError` of kind `data`, `notFound` or `inputOutput`.
  package static func read(
    _ path: String, where isWanted: (String) -> Bool = { _ in true }
  ) throws(LabError) -> [NamedTensor] {
    try tensors(try FileBytes.read(path, what: "weights"), place: path, where: isWanted)
  }

  /// Reads the tensors in `bytes`, which messages place at `place`.
  package static func tensors(
    _ bytes: [UInt8], place: String, where isWanted: (String) -> Bool = { _ in true }
  ) throws(LabError) -> [NamedTensor] {
    if bytes.starts(with: NPZFile.magic) {
      return try NPZFile.tensors(bytes, place: place, where: isWanted)
    }
    if bytes.starts(with: NPYFile.magic) {
      throw LabError(
        .data, "a single array without a name", where: place,
        next: "save named arrays with `np.savez(path, **arrays)`")
    }
    if bytes.starts(with: Array("\u{89}HDF".unicodeScalars.map { UInt8($0.value) })) {
      throw LabError(
        .data, "an HDF5 file, which cannot be read", where: place,
        next: "save the weights as safetensors, or with `np.savez(path, *model.get_weights())`")
    }
    if bytes.starts(with: [0x80]), bytes.count > 1, (2...5).contains(bytes[1]),
      !SafetensorsFile.isPlausible(bytes)
    {
      throw LabError(
        .data, "a pickle; it holds code, which is never run", where: place, next: pytorchAdvice)
    }
    return try SafetensorsFile.tensors(bytes, place: place, where: isWanted)
  }
}
