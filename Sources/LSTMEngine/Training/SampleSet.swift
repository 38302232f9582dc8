/// The sequences and targets that a model trains on or is measured with.
///
/// Sequences may differ in length; they stand one after the other, with nothing between them. Or they
/// are windows on longer series, which may overlap and leave steps out. Such windows have a row of targets
/// each, or share those of the series' rows.
package struct SampleSet: Sendable {
  /// The number of sequences, N.
  package let count: Int
  /// The number of time steps of each sequence, (N), each at least 1; empty where all have as many.
  private let lengths: [Int]
  /// The number of features at each step, F.
  package let features: Int
  /// The inputs, (Σ lengths, F); of windows those of the series, (rows, F).
  package let x: [Float]
  /// What the outputs should be; of windows that share targets a row for each row of x.
  package let targets: Targets
  /// Whether windows share their targets: those of a window are the rows that it reads.
  package let sharesTargets: Bool
  /// What the targets were before they were scaled; nil where they are in the units of the data.
  package var unscaled: UnscaledTargets?
  /// The number of time steps of the longest sequence, T.
  package let steps: Int
  /// Whether all sequences have as many time steps as the longest.
  package let areEquallyLong: Bool
  /// The rows of x at which the sequences start, (N).
  private let starts: Starts
  /// The distance between the rows of two steps: of windows every `rate`-th row is read.
  package let rate: Int

  /// The rows at which sequences start.
  package enum Starts: Sendable {
    /// So many rows, each as far from the one before.
    case even(first: Int, distance: Int, count: Int)
    /// The row of each sequence.
    case each([Int])

    var count: Int {
      switch self {
      case .even(_, _, let count): count
      case .each(let rows): rows.count
      }
    }

    subscript(sample: Int) -> Int {
      switch self {
      case .even(let first, let distance, _): first + sample * distance
      case .each(let rows): rows[sample]
      }
    }

    /// The least row and the greatest; nil where there is none.
    var bounds: (least: Int, greatest: Int)? {
      switch self {
      case .even(let first, let distance, let count):
        let last = first + (count - 1) * distance
        return count == 0 ? nil : (min(first, last), max(first, last))
      case .each(let rows):
        guard let least = rows.min(), let greatest = rows.max() else { return nil }
        return (least, greatest)
      }
    }
  }

  /// Targets in the units of the data.
  package struct UnscaledTargets: Sendable {
    /// The targets, (N, O) or (Σ lengths, O).
    package let values: [Float]
    /// What is subtracted from each output's target, and what that is divided by then.
    package let shifts, scales: [Double]

    /// Takes targets and how each of O outputs is scaled.
    package init(values: [Float], shifts: [Double], scales: [Double]) {
      self.values = values
      self.shifts = shifts
      self.scales = scales
    }
  }

  /// The targets of a sample set.
  package enum Targets: Sendable {
    /// One value an output: (N, O), or (Σ lengths, O) where the model's output has time steps.
    case values([Float], outputs: Int)
    /// One class index: (N), or (Σ lengths) where the model's output has time steps.
    case classes([Int32])

    /// The number of rows: N, or Σ lengths.
    package var rows: Int {
      switch self {
      case .values(let values, let outputs): values.count / outputs
      case .classes(let classes): classes.count
      }
    }
  }

  /// The lengths of the arrays must fit those of the sequences.
  package init(lengths: [Int], features: Int, x: [Float], targets: Targets) {
    let steps = lengths.max() ?? 0
    var starts: [Int] = []
    var rows = 0
    starts.reserveCapacity(lengths.count)
    for (sample, length) in lengths.enumerated() {
      precondition(length > 0, "sequence \(sample) has \(length) steps")
      starts.append(rows)
      rows += length
    }
    areEquallyLong = rows == steps * lengths.count
    count = lengths.count
    precondition(x.count == rows * features, "\(x.count) inputs for \(rows) × \(features)")
    precondition(
      targets.rows == lengths.count || targets.rows == rows,
      "\(targets.rows) rows of targets for \(lengths.count) sequences of \(rows) steps")
    self.lengths = areEquallyLong ? [] : lengths
    self.features = features
    self.x = x
    self.targets = targets
    self.starts =
      areEquallyLong ? .even(first: 0, distance: steps, count: count) : .each(starts)
    rate = 1
    sharesTargets = false
    self.steps = steps
  }

  /// Windows of `steps` time steps on rows of series, which begin at the rows `starts`
  /// and read every `rate`-th row; each has one row of targets, or where they share them one for each time
  /// step: that of the row that is read.
  package init(
    windowsAt starts: Starts, steps: Int, rate: Int, features: Int, x: [Float], targets: Targets,
    sharesTargets: Bool = false
  ) {
    let last = (steps - 1) * rate
    let rows = x.count / features
    precondition(
      starts.bounds.map { $0 >= 0 && $1 + last < rows } ?? true, "a window beyond \(rows) rows")
    precondition(
      targets.rows == (sharesTargets ? rows : starts.count),
      "\(targets.rows) targets, \(starts.count) windows on \(rows) rows")
    precondition(!sharesTargets || rate == 1, "shared targets of every \(rate)th row")
    self.sharesTargets = sharesTargets
    count = starts.count
    lengths = []
    self.features = features
    self.x = x
    self.targets = targets
    self.starts = starts
    self.rate = rate
    self.steps = steps
    areEquallyLong = true
  }

  /// A set of `count` sequences of one length.
  package init(count: Int, steps: Int, features: Int, x: [Float], targets: Targets) {
    self.init(
      lengths: [Int](repeating: steps, count: count), features: features, x: x, targets: targets)
  }

  /// The number of all time steps of the sequences.
  package var allSteps: Int { areEquallyLong ? count * steps : lengths.reduce(0, +) }

  /// Returns the number of time steps of a sequence.
  package func steps(of sample: Int) -> Int {
    precondition(sample >= 0 && sample < count, "sequence \(sample) of \(count)")
    return areEquallyLong ? steps : lengths[sample]
  }

  /// Returns the rows of x, and of targets with time steps, that belong to a sequence; of a window as
  /// many rows as it has steps, from its first one on.
  package func rows(of sample: Int) -> Range<Int> {
    let first = starts[sample]
    return first..<first + steps(of: sample)
  }

  /// The number of rows of the outputs that have targets: N, or that of all time steps.
  package var outputRows: Int { sharesTargets ? allSteps : targets.rows }

  /// Returns the rows of the outputs, sequence after sequence, that belong to one where each of its time
  /// steps has an output.
  package func outputRows(of sample: Int) -> Range<Int> {
    sharesTargets ? sample * steps..<(sample + 1) * steps : rows(of: sample)
  }

  /// The targets sequence after sequence, a row for each of the outputs': those that windows share once
  /// for each of them.
  package var outputTargets: Targets {
    guard sharesTargets else { return targets }
    return switch targets {
    case .values(let values, let outputs):
      .values(
        (0..<count).flatMap { sample in
          let rows = rows(of: sample)
          return values[rows.lowerBound * outputs..<rows.upperBound * outputs]
        }, outputs: outputs)
    case .classes(let classes): .classes((0..<count).flatMap { classes[rows(of: $0)] })
    }
  }
}
