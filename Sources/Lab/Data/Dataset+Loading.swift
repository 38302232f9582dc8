extension Dataset {
  /// Loads the arrays of `source`.
  ///
  /// - Parameters:
  ///   - path: The source's JSON path, such as `data.train`.
  ///   - configPath: The configuration file; relative paths start at its folder.
  /// - Throws: `LabError` naming the array, what it holds and what is needed.
  package init(
    _ source: DataSource, path: String, configPath: String
  ) throws(LabError) {
    let x = try LoadedArray(source.x, path: "\(path).x", configPath: configPath)
    let y = try LoadedArray(source.y, path: "\(path).y", configPath: configPath)
    try x.requireSamples()
    try y.requireTargets()
    guard x.array.shape[0] == y.array.shape[0] else {
      throw LabError(
        .data,
        "\(path) has \(x.array.shape[0]) samples in x but \(y.array.shape[0]) targets in y",
        where: y.place, next: "give every sample one target")
    }
    self.init(
      samples: x.array.shape[0], steps: x.array.shape[1], features: x.array.shape[2],
      x: x.array.values, targetShape: Array(y.array.shape.dropFirst()), y: y.array.values)
  }
}

/// An array of the configuration in memory, with the place that messages name.
private struct LoadedArray {
  var array: FloatArray
  /// The JSON path, such as `data.train.x`.
  var path: String
  /// The file that holds the array.
  var place: String

  init(_ source: ArraySource, path: String, configPath: String) throws(LabError) {
    self.path = path
    switch source {
    case .inline(let array):
      self.array = array
      place = configPath
    case .file(let file):
      place = FilePath.resolve(file, besides: configPath)
      array = try NPYFile(contentsOf: place).array
    }
    if let index = array.values.firstIndex(where: { !$0.isFinite }) {
      let place = FloatArray.place(of: index, in: array.shape)
      throw LabError(
        .data, "`\(path)\(place)` is \(array.values[index]) as float32", where: self.place,
        next: "replace values that are not finite before training")
    }
  }

  func requireSamples() throws(LabError) {
    guard array.shape.count == 3 else {
      throw LabError(
        .data, "`\(path)` has the shape \(array.shape), not (samples, time steps, features)",
        where: place,
        next: array.shape.count == 2
          ? "for one feature: `x[:, :, None]`; for one time step: `x[:, None, :]`"
          : "reshape it, such as `x.reshape(samples, steps, features)`")
    }
    try requireValues()
  }

  func requireTargets() throws(LabError) {
    guard (1...3).contains(array.shape.count) else {
      throw LabError(
        .data, "`\(path)` has the shape \(array.shape)", where: place,
        next: "allowed: (samples), (samples, outputs) or (samples, time steps, outputs)")
    }
    try requireValues()
  }

  private func requireValues() throws(LabError) {
    guard !array.shape.contains(0) else {
      throw LabError(
        .data, "`\(path)` is empty: its shape is \(array.shape)", where: place,
        next: "give at least one sample, time step and feature")
    }
  }
}
