/// NumPy's archive of arrays: a zip file with one .npy for each name.
package struct NPZFile {
  static let magic: [UInt8] = [0x50, 0x4B]

  private let archive: ZipArchive
  private let place: String
  /// The names of the arrays, in the order of the archive's directory.
  package private(set) var names: [String] = []

  /// Reads the directory of the file at `path`; no array is unpacked.
  ///
  /// - Throws: `LabError` of kind `data`, `notFound` or `inputOutput`.
  package init(contentsOf path: String) throws(LabError) {
    let bytes = try FileBytes.read(path, what: ".npz")
    guard bytes.starts(with: Self.magic) else {
      throw LabError(
        .data, "not an .npz file: it is not a zip file", where: path,
        next: bytes.starts(with: NPYFile.magic)
          ? "it holds one array without a name: call the file \(Self.single(path))"
          : Self.advice)
    }
    try self.init(bytes, place: path, advice: (Self.advice, Self.advice))
  }

  private static let advice = "save the arrays with `np.savez(path, x=x, y=y)`"

  /// The last word of a path, with the ending of a single array.
  private static func single(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return Visible.line(String(name.hasSuffix(".npz") ? name.dropLast(4) : name)) + ".npy"
  }

  /// Reads the directory of `bytes`, which messages place at `place`.
  ///
  /// - Parameter advice: What to do with a file of PyTorch's, and with other zip files.
  private init(
    _ bytes: [UInt8], place: String, advice: (pickle: String, other: String)
  ) throws(LabError) {
    archive = try ZipArchive(bytes, place: place)
    self.place = place
    var known = Set<[UInt8]>()
    for entry in archive.entries {
      guard entry.name.ends(in: ".npy") else { throw Self.foreign(entry.name, place, advice) }
      let name = Self.withoutEnding(entry.name)
      guard known.insert(Array(name.utf8)).inserted else {
        throw archive.damaged("two arrays are named `\(Visible.line(name))`")
      }
      names.append(name)
    }
  }

  /// The name of an array without its last four bytes, `.npy`.
  private static func withoutEnding(_ name: String) -> String {
    String(name[..<name.utf8.index(name.endIndex, offsetBy: -4)])
  }

  /// Unpacks the array with a number in `names`.
  private func contents(_ index: Int) throws(LabError) -> [UInt8] {
    try archive.contents(of: archive.entries[index])
  }

  /// Reads one array; the others are not unpacked.
  ///
  /// - Parameters:
  ///   - name: Its name, which NumPy also takes with `.npy` behind it.
  ///   - keepsDoubles: Whether numbers that are no float32 are wanted as they are, too.
  /// - Throws: `LabError` of kind `data`, with the nearest name that there is.
  package func array(
    named name: String, keepsDoubles: Bool = false
  ) throws(LabError) -> NPYFile {
    let find = { (name: String) in names.firstIndex { ExactText($0) == ExactText(name) } }
    guard let index = find(name) ?? (name.ends(in: ".npy") ? find(Self.withoutEnding(name)) : nil)
    else {
      let shown = names.prefix(30).map { Visible.shortened(Visible.line($0), to: 40) }
      throw LabError(
        .data, "the file has no array `\(Visible.line(name))`", where: place,
        next: Suggestion.text(for: name, among: names) + "members: "
          + shown.joined(separator: ", ") + (names.count > shown.count ? ", …" : ""))
    }
    return try NPYFile(
      try contents(index), place: "\(place):\(Visible.line(names[index]))",
      keepsDoubles: keepsDoubles)
  }

  /// Reads the float arrays in `bytes`, which messages place at `place`, in the directory's order.
  ///
  /// - Parameter isWanted: Whether the array of a name is read; others are not even unpacked.
  package static func tensors(
    _ bytes: [UInt8], place: String, where isWanted: (String) -> Bool = { _ in true }
  ) throws(LabError) -> [NamedTensor] {
    let file = try NPZFile(
      bytes, place: place, advice: (TensorFile.pytorchAdvice, TensorFile.advice))
    var tensors: [NamedTensor] = []
    for (index, name) in file.names.enumerated() where isWanted(name) {
      tensors.append(try file.tensor(index, name))
    }
    return tensors
  }

  private func tensor(_ index: Int, _ name: String) throws(LabError) -> NamedTensor {
    let contents = try contents(index)
    let file = try NPYFile(contents, place: "\(place): \(Visible.line(name))")
    guard file.type.kind == .float else {
      throw LabError(
        .data, "tensor `\(Visible.line(name))` is \(file.type.name); weights are float32",
        where: place, next: "convert with `array.astype(\"float32\")` before np.savez")
    }
    var tensor = NamedTensor(name: name, shape: file.array.shape, values: file.array.values)
    if !file.type.isFloat32 {
      tensor.conversion = NamedTensor.Conversion(
        type: file.type.name, rounded: file.type.rounded(contents, count: tensor.values.count))
    }
    return tensor
  }

  private static func foreign(
    _ name: String, _ place: String, _ advice: (pickle: String, other: String)
  ) -> LabError {
    let isPickle = name.hasSuffix(".pkl")
    return LabError(
      .data,
      isPickle
        ? "a PyTorch file; it holds code, which is never run"
        : "a zip file with `\(Visible.shortened(Visible.line(name), to: 60))`, which is not an .npy",
      where: place, next: isPickle ? advice.pickle : advice.other)
  }
}

extension NPYType {
  /// How many of the last `count` numbers in `bytes` are no float32.
  fileprivate func rounded(_ bytes: [UInt8], count: Int) -> Int {
    guard kind == .float, size == 8 else { return 0 }
    return stride(from: bytes.count - 8 * count, to: bytes.count, by: 8).count { start in
      let word = bytes.littleEndian(at: start, size: 8)
      let value = Double(bitPattern: isBigEndian ? word.byteSwapped : word)
      return value.isFinite && Double(Float(value)) != value
    }
  }
}
