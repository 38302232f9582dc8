import LabFormats

/// Reads samples and targets that a configuration holds or names as `.npy` files.
struct ArraysLoading {
  /// The source's JSON path, such as `data.train`.
  let path: String
  /// The configuration's.
  let file: ConfigFile
  /// Whether numbers that are no float32 are wanted as they are, too.
  let keepsDoubles: Bool

  /// Returns the samples; what lies beyond a sample's length is dropped unread.
  func dataset(_ source: ArraysSource) throws(LabError) -> Dataset {
    try dataset(x: source.x, y: source.y, lengths: source.lengths, padding: source.padding)
  }

  /// Returns the samples; without y their targets are not known.
  func dataset(
    x: ArraySource, y: ArraySource?, lengths: LengthsSource?, padding side: Padding
  ) throws(LabError) -> Dataset {
    var x = try samples(
      LoadedArray(x, path: "\(path).x", in: file, keepsDoubles: keepsDoubles))
    var y =
      try y.map { y throws(LabError) in
        try targets(LoadedArray(y, path: "\(path).y", in: file))
      } ?? x.unknownTargets
    guard x.array.count == y.array.count else {
      throw LabError(
        .data, "\(path) has \(x.array.count) samples in x but \(y.array.count) targets in y",
        where: y.place, next: "give every sample one target")
    }
    var padding: PaddingFinding?
    if let lengths {
      let lengths = try LoadedLengths(lengths, path: "\(path).lengths", in: file)
      let steps = x.array.lengths
      try lengths.requireFit(steps, path: path)
      if y.array.axes == 3, y.array.lengths != lengths.values {
        guard y.array.lengths == steps else { throw wrongSteps(y) }
        y.array = y.array.trimmed(to: lengths.values, fromStart: side == .pre)
      }
      padding = PaddingFinding(x.array, lengths: lengths.values, side)
      x.array = x.array.trimmed(to: lengths.values, fromStart: side == .pre)
    }
    try x.requireFinite()
    if !y.isUnknown { try y.requireFinite() }
    var data = Dataset(x: x.array, targets: y.array)
    data.warnings = [padding?.warning(path: path, file: file)].compactMap { $0 }
    return data
  }

  private func wrongSteps(_ y: PlacedArray) -> LabError {
    LabError(
      .data, "`\(y.path)` has time steps that are neither those of x nor its lengths",
      where: y.place,
      next: "with `lengths`, targets of three axes have as many time steps as x, or only those "
        + "that count")
  }

  private func samples(_ loaded: LoadedArray) throws(LabError) -> PlacedArray {
    if case .rectangular(let array) = loaded.content {
      guard array.shape.count == 3 else {
        throw LabError(
          .data,
          "`\(loaded.path)` has the shape \(array.shape), not (samples, time steps, features)",
          where: loaded.place,
          next: array.shape.count == 2
            ? "for one feature: `x[:, :, None]`; for one time step: `x[:, None, :]`"
            : "reshape it, such as `x.reshape(samples, steps, features)`")
      }
    }
    return try loaded.placed()
  }

  private func targets(_ loaded: LoadedArray) throws(LabError) -> PlacedArray {
    if case .rectangular(let array) = loaded.content {
      guard (1...3).contains(array.shape.count) else {
        throw LabError(
          .data, "`\(loaded.path)` has the shape \(array.shape)", where: loaded.place,
          next: "allowed: (samples), (samples, outputs) or (samples, time steps, outputs)")
      }
    }
    return try loaded.placed()
  }
}

/// An array of the configuration as it was found.
private struct LoadedArray {
  enum Content {
    /// Of a file.
    case rectangular(FloatArray)
    /// Written in the configuration, whose reader has checked its axes.
    case ragged(RaggedArray)
  }

  var content: Content
  /// The JSON path, such as `data.train.x`.
  var path: String
  /// The file that holds the array.
  var place: String

  init(
    _ source: ArraySource, path: String, in config: ConfigFile, keepsDoubles: Bool = false
  ) throws(LabError) {
    self.path = path
    switch source {
    case .inline(let array):
      content = .ragged(keepsDoubles ? array : array.withoutDoubles)
      place = config.path
    case .file(let file):
      place = config.locating(file)
      content = .rectangular(
        try ArrayFile(file, in: config).read(keepsDoubles: keepsDoubles).array)
    }
  }

  func placed() throws(LabError) -> PlacedArray {
    switch content {
    case .ragged(let array): return PlacedArray(array: array, path: path, place: place)
    case .rectangular(let array):
      guard !array.shape.contains(0) else {
        throw LabError(
          .data, "`\(path)` is empty: its shape is \(array.shape)", where: place,
          next: "give at least one sample, time step and feature")
      }
      return PlacedArray(array: RaggedArray(array), path: path, place: place)
    }
  }
}

/// An array of 1 to 3 axes with the place that messages name.
private struct PlacedArray {
  var array: RaggedArray
  var path: String
  var place: String
  /// Whether the numbers stand for targets that are not known.
  var isUnknown = false

  /// What stands for the targets of these samples, where they are not known.
  var unknownTargets: PlacedArray {
    PlacedArray(
      array: RaggedArray(
        axes: 1, lengths: array.lengths.map { _ in 1 }, values: array.lengths.map { _ in .nan }),
      path: path, place: place, isUnknown: true)
  }

  func requireFinite() throws(LabError) {
    guard let index = array.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw LabError(
      .data, "`\(path)\(array.place(of: index))` is \(array.values[index]) as float32",
      where: place, next: "replace values that are not finite before training")
  }
}

/// The lengths of samples with the place that messages name.
private struct LoadedLengths {
  var values: [Int]
  var path: String
  var place: String

  init(_ source: LengthsSource, path: String, in config: ConfigFile) throws(LabError) {
    self.path = path
    switch source {
    case .inline(let lengths):
      values = lengths
      place = config.path
    case .file(let file):
      place = config.locating(file)
      let array = try ArrayFile(file, in: config).read().array
      guard array.shape.count == 1 else {
        throw LabError(
          .data, "`\(path)` has the shape \(array.shape), not (samples)", where: place,
          next: "give one whole number a sample")
      }
      values = array.values.map { $0 >= 1 && $0 == $0.rounded() ? Int(exactly: $0) ?? 0 : 0 }
      if let bad = values.firstIndex(of: 0) {
        throw LabError(
          .data, "`\(path)[\(bad)]` is \(array.values[bad])", where: place,
          next: "a length is a whole number from 1")
      }
    }
  }

  /// Refuses lengths that are not one a sample, or longer than what is there.
  func requireFit(_ steps: [Int], path data: String) throws(LabError) {
    guard values.count == steps.count else {
      throw LabError(
        .data, "\(data) has \(steps.count) samples in x but \(values.count) lengths",
        where: place, next: "give every sample one length")
    }
    guard let bad = values.indices.first(where: { values[$0] > steps[$0] }) else { return }
    throw LabError(
      .data,
      "`\(path)[\(bad)]` is \(values[bad]), but `\(data).x[\(bad)]` has \(steps[bad]) "
        + "time step\(steps[bad] == 1 ? "" : "s")",
      where: place, next: "a length counts the steps from the first one that are not padding")
  }
}
