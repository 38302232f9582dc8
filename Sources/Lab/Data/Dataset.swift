import LSTMEngine
package import LabFormats

/// Samples and their targets in memory: sequences of one or more time steps, or windows on longer series.
package struct Dataset: Equatable, Sendable {
  /// The number of time steps of each sample, (N), each from 1.
  package private(set) var lengths: Progression
  /// The number of time steps of the longest sample.
  package let steps: Int
  /// The number of features of every time step, F.
  package let features: Int
  /// The samples one after the other, without padding, (Σ lengths, F); of windows the series,
  /// (Σ lengths of the series, F). A value that is missing is NaN until it is filled in.
  package private(set) var x: [Float]
  /// What the model should make of each sample; of new data NaN where that is not known. Windows that
  /// share their targets have those of the series' rows.
  package private(set) var targets: RaggedArray
  /// Where windows begin; nil where each sample has rows of its own.
  package private(set) var windows: WindowPlaces?
  /// The name of each class, where the targets are the places of names in this list.
  package let classNames: [String]?
  /// The name of each feature, where the source has names.
  package let featureNames: [String]?
  /// The text that each feature marks with 1; nil for one that is a number.
  package var categories: [String?]?
  /// The names of the numbers that are predicted, one an output, where the source has names.
  package var targetNames: [String]?
  /// What the source calls each sample, where it has names for them.
  package internal(set) var ids: TextList?
  /// The number that each sample had before some were left out or split off, (N); nil where it is the
  /// one that it has.
  package private(set) var numbers: Progression?
  /// What missing values of each feature became, where one number stands for all.
  package internal(set) var fills: [Double?]?
  /// How many values of `x` were filled in.
  package internal(set) var filled = 0
  /// How many values that windows predict were filled in, each counted once in its series.
  package internal(set) var filledTargets = 0
  /// How many samples were left out, because they miss a value.
  package internal(set) var dropped = 0
  /// The samples as they were read, like `x`, where they are wanted and one is no float32; gone once
  /// they were scaled.
  package private(set) var doubles: [Double]?
  /// What was suspicious when they were loaded; a selection of them has none.
  package var warnings: [LabWarning] = []
  /// How the targets are written, where they were read from a table of text.
  package var targetTexts: TargetTexts?

  /// The number of samples, N.
  package var samples: Int { lengths.count }
  /// The targets' values, sample after sample.
  package var y: [Float] { targets.values }
  /// Whether the targets are those of the rows of series, which windows share.
  package var sharesTargets: Bool { windows?.sharesTargets ?? false }
  /// Whether all samples have the same number of time steps.
  package var isRectangular: Bool { lengths.isConstant }

  /// There are three axes in `x`, and as many samples as in `targets`.
  ///
  /// - Parameter windows: Where samples begin in the series that `x` is then; each has one target, or they
  ///   share those of the series' rows.
  package init(
    x: RaggedArray, targets: RaggedArray, windows: WindowPlaces? = nil, classNames: [String]? = nil,
    featureNames: [String]? = nil, ids: TextList? = nil
  ) {
    let lengths =
      windows.map { Progression(repeating: $0.length, count: $0.starts.count) } ?? x.lengths
    precondition(x.axes == 3, "x has \(x.axes) axes")
    let targeted = windows.map { $0.sharesTargets ? $0.seriesLengths.count : lengths.count }
    precondition(
      targeted ?? lengths.count == targets.count,
      "\(lengths.count) samples, \(targets.count) targets")
    let places = lengths.isConstant ? lengths.prefix(1) : lengths[...]
    precondition(places.allSatisfy { $0 > 0 }, "a sample without time step")
    precondition(
      featureNames.map { $0.count == x.width } ?? true, "names for \(x.width) features")
    self.lengths = lengths
    steps = places.max() ?? 0
    features = x.width
    self.x = x.values
    doubles = x.doubles.flatMap { doubles in
      zip(doubles, x.values).contains { $0 != Double($1) && !$1.isNaN } ? doubles : nil
    }
    self.targets = targets
    self.windows = windows
    self.classNames = classNames
    self.featureNames = featureNames
    self.ids = ids
  }

  /// The rows of `x`: of each sample, or of each series that has windows.
  package var sequences: RaggedArray {
    RaggedArray(
      axes: 3, lengths: windows.map { Progression($0.seriesLengths) } ?? lengths, width: features,
      values: x,
      doubles: doubles)
  }

  /// Returns the samples with the given numbers, in that order; windows stay on the same series.
  package func selecting(_ samples: [Int]) -> Dataset {
    var data = self
    data.lengths = Progression(samples.lazy.map { lengths[$0] })
    if !sharesTargets { data.targets = targets.selecting(samples) }
    data.ids = ids.map { ids in
      var chosen = TextList()
      for sample in samples { chosen.append(utf8: ids.utf8(of: sample)) }
      return chosen
    }
    let areFirst = numbers == nil && samples.elementsEqual(samples.indices)
    data.numbers = areFirst ? nil : Progression(samples.lazy.map { numbers?[$0] ?? $0 })
    data.warnings = []
    if let windows {
      data.windows?.starts = Progression(samples.lazy.map { windows.starts[$0] })
      return data
    }
    let rows = sequences.selecting(samples)
    return Dataset(x: rows, targets: data.targets, like: data)
  }

  /// Makes other samples of the same kind.
  private init(x: RaggedArray, targets: RaggedArray, like data: Dataset) {
    self.init(
      x: x, targets: targets, classNames: data.classNames, featureNames: data.featureNames,
      ids: data.ids)
    numbers = data.numbers
    categories = data.categories
    targetNames = data.targetNames
    fills = data.fills
    filled = data.filled
    filledTargets = data.filledTargets
    dropped = data.dropped
    targetTexts = data.targetTexts
  }

  /// Returns the same samples with each class number as a row with 1 in its place and 0 elsewhere;
  /// targets that are not classes stay as they are.
  package func withClassRows() -> Dataset {
    guard let classNames else { return self }
    var rows = [Float](repeating: 0, count: y.count * classNames.count)
    for (row, number) in y.enumerated() { rows[row * classNames.count + Int(number)] = 1 }
    let isPerStep = targets.axes == 3
    var data = self
    data.targets = RaggedArray(
      axes: isPerStep ? 3 : 2,
      lengths: isPerStep
        ? targets.lengths : Progression(repeating: classNames.count, count: targets.count),
      width: isPerStep ? classNames.count : 1, values: rows)
    return data
  }

  /// Returns the same samples with one target in the place of all that are not known.
  func replacingUnknownTargets(with known: Float) -> Dataset {
    var data = self
    data.targets = RaggedArray(
      axes: targets.axes, lengths: targets.lengths, width: targets.width,
      values: y.map { $0.isNaN ? known : $0 })
    return data
  }

  /// Returns the same samples with every feature scaled.
  package func normalized(by normalization: Normalization) -> Dataset {
    var data = self
    data.x = normalization.applied(to: self)
    data.doubles = nil
    return data
  }

  /// The same samples with nothing but float32 numbers.
  package var withoutDoubles: Dataset {
    var data = self
    data.doubles = nil
    return data
  }

  /// Returns the same samples without the missing values: `x` and its float64 numbers are those given.
  func filling(_ x: [Float], _ doubles: [Double]?, _ fills: [Double?]?, count: Int) -> Dataset {
    var data = self
    data.x = x
    data.doubles = doubles
    data.fills = fills
    data.filled = count
    return data
  }

  /// The rows that miss no value, as one sample: what scales are taken from.
  var withoutMissingRows: Dataset {
    guard x.contains(where: \.isNaN) else { return self }
    let rows = (0..<x.count / features).filter { row in
      !x[row * features..<(row + 1) * features].contains(where: \.isNaN)
    }
    func kept<Number>(_ numbers: [Number]) -> [Number] {
      rows.flatMap { numbers[$0 * features..<($0 + 1) * features] }
    }
    return Dataset(
      x: RaggedArray(
        axes: 3, lengths: [rows.count], width: features, values: kept(x),
        doubles: doubles.map(kept)),
      targets: RaggedArray(axes: 1, lengths: [1], values: [0]))
  }

  /// The same samples with 0 in the rows that no window reads because they miss a value.
  var withoutGaps: Dataset {
    guard x.contains(where: \.isNaN) else { return self }
    var data = self
    for index in x.indices where x[index].isNaN { data.x[index] = 0 }
    return data
  }

  /// Returns the samples that are kept, and how many are not.
  func keeping(_ samples: [Int]) -> Dataset {
    var data = selecting(samples)
    data.dropped = dropped + self.samples - samples.count
    return data
  }
}

/// Where windows stand on series.
package struct WindowPlaces: Equatable, Sendable {
  /// The rows of each series.
  package let seriesLengths: [Int]
  /// The number of each series' first row in the series that it was cut from; nil where none was cut.
  var firstRows: [Int]?
  /// What the source calls each series, where it has names for them.
  var ids: TextList?
  /// The row at which each window begins, counted from the first series' first one.
  package var starts: Progression
  /// The time steps of a window.
  package let length: Int
  /// The rows between two of them.
  package let rate: Int
  /// The same rows for the engine.
  var rows: SampleSet.Starts {
    starts.spacing.map { .even(first: $0.first, distance: $0.distance, count: starts.count) }
      ?? .each(Array(starts))
  }
  /// What the windows' settings and the columns that they predict hash to, beside the series.
  let settings: [Int]
  /// The targets of every row of the series, (rows, K), which windows take theirs from.
  let series: [Float]
  /// Whether a window has a target at each time step: that of the row.
  var sharesTargets = false
}
