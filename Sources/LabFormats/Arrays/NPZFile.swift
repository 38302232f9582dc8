/// NumPy's archive of arrays: a zip file with one .npy for each name.
package enum NPZFile {
  static let magic: [UInt8] = [0x50, 0x4B]

  /// Reads the float32 arrays of an archive in the order of its directory.
  package static func tensors(_ bytes: [UInt8], place: String) throws(LabError) -> [NamedTensor] {
    let archive = try ZipArchive(bytes, place: place)
    var tensors: [NamedTensor] = []
    var names = Set<[UInt8]>()
    for entry in archive.entries {
      guard entry.name.hasSuffix(".npy") else { throw foreign(entry.name, place: place) }
      let name = String(entry.name.dropLast(4))
      guard names.insert(Array(name.utf8)).inserted else {
        throw archive.damaged("two arrays are named `\(Visible.line(name))`")
      }
      let shown = Visible.line(name)
      let file = try NPYFile(try archive.contents(of: entry), place: "\(place): \(shown)")
      guard file.type.isFloat32 else {
        throw LabError(
          .data, "tensor `\(shown)` is \(file.type.name); weights are float32", where: place,
          next: "convert with `array.astype(\"float32\")` before np.savez")
      }
      tensors.append(
        NamedTensor(name: name, shape: file.array.shape, values: file.array.values))
    }
    return tensors
  }

  private static func foreign(_ name: String, place: String) -> LabError {
    let isPickle = name.hasSuffix(".pkl")
    return LabError(
      .data,
      isPickle
        ? "a PyTorch file; it holds code, which is never run"
        : "a zip file with `\(Visible.shortened(Visible.line(name), to: 60))`, which is no .npy",
      where: place, next: "save the weights as safetensors, or with `np.savez(path, **arrays)`")
  }
}
