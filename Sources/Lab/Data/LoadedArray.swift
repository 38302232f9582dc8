import LabFormats

/// An array of the configuration as it was found.
struct LoadedArray {
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

  /// The array as x: samples × time steps × features.
  func samples() throws(LabError) -> PlacedArray {
    if case .rectangular(let array) = content, array.shape.count != 3 {
      throw LabError(
        .data, "`\(path)` has the shape \(array.shape), not (samples, time steps, features)",
        where: place,
        next: array.shape.count == 2
          ? "for one feature: `x[:, :, None]`; for one time step: `x[:, None, :]`"
          : "reshape it, such as `x.reshape(samples, steps, features)`")
    }
    return try placed()
  }

  /// The array as y: a target a sample.
  func targets() throws(LabError) -> PlacedArray {
    if case .rectangular(let array) = content, !(1...3).contains(array.shape.count) {
      throw LabError(
        .data, "`\(path)` has the shape \(array.shape)", where: place,
        next: "allowed: (samples), (samples, outputs) or (samples, time steps, outputs)")
    }
    return try placed()
  }

  /// The array as x of series: one, or several.
  func series() throws(LabError) -> PlacedArray {
    if case .rectangular(let array) = content, !(2...3).contains(array.shape.count) {
      throw LabError(
        .data,
        "`\(path)` has the shape \(array.shape), not (time steps, features) or (series, time "
          + "steps, features)",
        where: place,
        next: array.shape.count == 1 ? "for one feature: `x[:, None]`" : "reshape it")
    }
    let placed = try placed()
    return placed.asSeries(isOne: placed.array.axes == 2) ?? placed
  }

  /// The array as y of series: a row for each time step of x.
  func targets(ofSeries x: PlacedArray) throws(LabError) -> PlacedArray {
    let shapes =
      x.isOne
      ? "(time steps) or (time steps, columns)"
      : "(series, time steps) or (series, time steps, columns)"
    if case .rectangular(let array) = content, !(1...3).contains(array.shape.count) {
      throw LabError(
        .data, "`\(path)` has the shape \(array.shape), not \(shapes)", where: place,
        next: "give y a row for each time step of x")
    }
    let placed = try placed()
    guard let series = placed.asSeries(isOne: x.isOne) else {
      throw LabError(
        .data,
        "`\(path)` has \(placed.array.axes) "
          + (placed.array.axes == 1 ? "axis" : "axes, or rows of unequal length")
          + ", not \(shapes)",
        where: place, next: "give y a row for each time step of x")
    }
    return series
  }

  private func placed() throws(LabError) -> PlacedArray {
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
struct PlacedArray {
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

  /// Whether it is one series without an axis of series.
  var isOne = false

  /// The array with the axes series, time steps, columns; nil where it has others.
  ///
  /// - Parameter isOne: Whether there is no axis of series.
  func asSeries(isOne: Bool) -> PlacedArray? {
    guard isOne ? array.axes < 3 && array.isRectangular : array.axes > 1 else { return nil }
    var series = self
    series.isOne = isOne
    let width = array.axes == 2 && isOne ? array.lengths[0] : array.width
    series.array = RaggedArray(
      axes: 3, lengths: isOne ? [array.count] : array.lengths, width: width, values: array.values,
      doubles: array.doubles)
    return series
  }

  /// Refuses numbers that are not finite.
  ///
  /// - Parameters:
  ///   - mayMiss: Whether NaN stands for one that is missing.
  ///   - next: What to do about NaN where it may not.
  func requireFinite(
    mayMiss: Bool, next: String = MissingValues.advice
  ) throws(LabError) {
    guard
      let index = array.values.firstIndex(where: { !$0.isFinite && !(mayMiss && $0.isNaN) })
    else { return }
    let indices = array.place(of: index)
    let shown = isOne ? String(indices.drop { $0 != "]" }.dropFirst()) : indices
    throw LabError(
      .data, "`\(path)\(shown)` is \(array.values[index]) as float32",
      where: place,
      next: array.values[index].isNaN
        ? "NaN is a missing value: \(next)"
        : "replace values that are not finite before training")
  }
}
