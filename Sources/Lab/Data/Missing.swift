import LabFormats

/// Fills in what is missing among the features of samples, where NaN stands for it, or leaves their
/// samples out.
struct MissingFilling {
  let kind: MissingValues
  /// The number that stands for all missing ones of each feature; nil where neighbours do.
  let values: [Double]?

  /// Takes what stands for missing values from the samples to train on.
  ///
  /// The mean is that of all values that are there, in float64, summed in their order.
  /// - Throws: `LabError` that names a feature without any value.
  init(_ kind: MissingValues, trainedOn data: Dataset, path: String, file: ConfigFile)
    throws(LabError)
  {
    self.kind = kind
    switch kind {
    case .error, .drop, .forwardFill: values = nil
    case .zero: values = [Double](repeating: 0, count: data.features)
    case .mean:
      var sums = [Double](repeating: 0, count: data.features)
      var counts = [Int](repeating: 0, count: data.features)
      for (index, value) in data.x.enumerated() where !value.isNaN {
        sums[index % data.features] += data.doubles?[index] ?? Double(value)
        counts[index % data.features] += 1
      }
      if let empty = counts.firstIndex(of: 0) {
        throw Self.nothing(of: empty, in: data, "`\(path)`", file)
      }
      values = zip(sums, counts).map { $0 / Double($1) }
    }
  }

  /// - Parameter values: The number that stands for all missing ones of each feature, where it is known.
  init(kind: MissingValues, values: [Double]?) {
    self.kind = kind
    self.values = values
  }

  private static func nothing(
    of feature: Int, in data: Dataset, _ place: String, _ file: ConfigFile
  ) -> LabError {
    let name =
      data.featureNames.map { "feature `\(Visible.shortened(Visible.line($0[feature]), to: 40))`" }
      ?? "feature \(feature)"
    return LabError(
      .data, "\(name) has no value at all in \(place)", where: file.path,
      next: "leave the feature out, or set `\"missing\": \"drop\"` or \"zero\"")
  }

  /// Returns samples without missing values.
  ///
  /// - Throws: `LabError` where nothing is left, or a series has no value to fill forward.
  func applied(to data: Dataset, path: String, file: ConfigFile) throws(LabError) -> Dataset {
    guard data.x.contains(where: \.isNaN) else {
      // What would have been filled in is stored, for data that come later.
      return values.map { data.filling(data.x, data.doubles, $0, count: 0) } ?? data
    }
    switch kind {
    case .error: return data
    case .drop: return try dropping(data, path: path, file: file)
    case .forwardFill: return try forwardFilling(data, path: path, file: file)
    case .mean, .zero:
      let values = values ?? []
      var (x, doubles, count) = (data.x, data.doubles, 0)
      for index in x.indices where x[index].isNaN {
        let value = values[index % data.features]
        x[index] = Float(value)
        doubles?[index] = value
        count += 1
      }
      return data.filling(x, doubles, values, count: count)
    }
  }

  private func dropping(
    _ data: Dataset, path: String, file: ConfigFile
  ) throws(LabError) -> Dataset {
    let width = data.features
    var row = 0
    let kept = data.lengths.indices.filter { sample in
      let (start, rate) = data.windows.map { ($0.starts[sample], $0.rate) } ?? (row, 1)
      row += data.lengths[sample]
      return !(0..<data.lengths[sample]).contains { step in
        let first = (start + step * rate) * width
        return data.x[first..<first + width].contains(where: \.isNaN)
      }
    }
    guard !kept.isEmpty else {
      throw LabError(
        .data,
        "in every sample of `\(path)` a value is missing, so `\"missing\": \"drop\"` leaves none",
        where: file.path, next: "fill them: `\"missing\": \"forward_fill\"`, \"mean\" or \"zero\"")
    }
    return data.keeping(kept)
  }

  private func forwardFilling(
    _ data: Dataset, path: String, file: ConfigFile
  ) throws(LabError) -> Dataset {
    let fill = ForwardFill(data.x, width: data.features, lengths: data.sequences.lengths)
    if let empty = fill.empty {
      let name = data.windows == nil ? data.ids?[empty.series] : nil
      throw Self.nothing(
        of: empty.column, in: data,
        "sequence "
          + (name.map { "`\(Visible.shortened(Visible.line($0), to: 40))`" } ?? "\(empty.series)")
          + " of `\(path)`", file)
    }
    return data.filling(
      fill.applied(to: data.x), data.doubles.map(fill.applied), nil, count: fill.gaps.count)
  }
}

extension Dataset {
  /// Returns the samples whose targets are there.
  ///
  /// - Throws: `LabError` where none is.
  func withKnownTargets(path: String, file: ConfigFile) throws(LabError) -> Dataset {
    guard y.contains(where: \.isNaN) else { return self }
    var start = 0
    let known = targets.lengths.indices.filter { sample in
      let end = start + targets.lengths[sample] * targets.width
      defer { start = end }
      return !y[start..<end].contains(where: \.isNaN)
    }
    guard !known.isEmpty else {
      throw LabError(
        .data,
        "every sample of `\(path)` misses its target, so `\"missing\": \"drop\"` leaves none",
        where: file.path, next: "look at the file, and at what `\(path)` names as its targets")
    }
    return keeping(known)
  }
}

/// The gaps in columns of rows, and what fills each: the value before it in its series, or the first one
/// behind a leading gap.
struct ForwardFill {
  /// The places of missing values, each with the place of the value that it takes.
  private(set) var gaps: [(place: Int, source: Int)] = []
  /// The first column of a series that has no value at all; its gaps stay.
  private(set) var empty: (series: Int, column: Int)?

  /// Looks for NaN.
  ///
  /// - Parameters:
  ///   - values: Rows of `width` columns, series after series.
  ///   - lengths: The rows of each series.
  init(_ values: [Float], width: Int, lengths: some Sequence<Int>) {
    var first = 0
    for (series, length) in lengths.enumerated() {
      for column in 0..<width {
        let places = stride(from: first * width + column, to: (first + length) * width, by: width)
        guard var source = places.first(where: { !values[$0].isNaN }) else {
          empty = empty ?? (series, column)
          continue
        }
        for place in places {
          if values[place].isNaN { gaps.append((place, source)) } else { source = place }
        }
      }
      first += length
    }
  }

  /// Returns numbers that stand like those that were looked at, without the gaps.
  func applied<Number>(to numbers: [Number]) -> [Number] {
    var numbers = numbers
    for gap in gaps { numbers[gap.place] = numbers[gap.source] }
    return numbers
  }
}
