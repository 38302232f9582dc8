import LabFormats

/// Samples and their targets as arrays, or series that are cut into windows.
package struct ArraysSource: Equatable, Sendable {
  /// Samples × time steps × features; of series those, or the time steps × features of one.
  package var x: ArraySource
  /// Samples; samples × outputs; or samples × time steps × outputs. Of series what may be predicted at
  /// each time step; nil where that is x itself.
  package var y: ArraySource?
  /// The number of time steps of each sample that count; nil for all.
  package var lengths: LengthsSource?
  /// On which side of a sample the steps stand that do not count.
  package var padding = Padding.post
  /// What is done about values that are not there.
  package var missing = MissingValues.error
  /// How series are cut into samples; nil: a sequence is a sample.
  package var windows: Windows?

  /// Names arrays, by default with all their steps, or padded behind where there are `lengths`.
  package init(
    x: ArraySource, y: ArraySource? = nil, lengths: LengthsSource? = nil,
    padding: Padding = .post, missing: MissingValues = .error, windows: Windows? = nil
  ) {
    self.x = x
    self.y = y
    self.lengths = lengths
    self.padding = padding
    self.missing = missing
    self.windows = windows
  }
}

// MARK: Its keys

extension ArraysSource {
  /// Arrays: of samples, or of series that windows are cut from.
  static var form: ObjectForm<ArraysSource> {
    let (samples, windowed) = (samples, windowed)
    return ObjectForm(
      fallback: samples.fallback,
      read: { ($0.contains("windows") ? windowed : samples).read($0) },
      members: { samples.members($0) ?? windowed.members($0) },
      objects: { samples.objects() + windowed.objects() })
  }

  private static var samples: ObjectForm<ArraysSource> {
    ObjectForm(
      "Arrays, inline or in `.npy` and `.npz` files.", name: "arrays",
      start: ArraysSource(x: .file(""), y: .file("")), isOf: { $0.windows == nil },
      [
        Field(
          required: "x", \.x, ArraySource.rule(.samples), "Samples × time steps × features."),
        Field(
          required: "y", \.targets, ArraySource.rule(.targets),
          "A class a sample, samples × outputs, or samples × time steps × outputs."),
      ] + padded)
  }

  private static var windowed: ObjectForm<ArraysSource> {
    ObjectForm(
      "Arrays of series that are cut into windows.", name: "arrays_windows",
      start: ArraysSource(x: .file(""), windows: Windows(length: 1)),
      isOf: { $0.windows != nil },
      [
        Field(
          required: "x", \.x, ArraySource.rule(.series),
          "Time steps × features of one series, or series × time steps × features."),
        Field(
          optional: "y", \.y, ArraySource.rule(.seriesTargets),
          "What may be predicted at each time step of x: a number, or several.", default: "x"),
        Field(required: "windows", \.cut, .object(Windows.ofColumns), "How samples are cut."),
      ] + padded)
  }

  private static var padded: [Field<ArraysSource>] {
    [
      Field(
        optional: "lengths", \.lengths, LengthsSource.rule,
        "The time steps of each sample that count.", default: "all"),
      Field(
        "padding", \.padding, .name,
        "On which side of a sample the steps stand that do not count."
      ).omittedAtDefault
        .needs("lengths", next: "add `lengths`, the time steps of each sample that count"),
      MissingValues.field(\.missing),
    ]
  }

  /// The targets that must be there.
  private var targets: ArraySource {
    get { y ?? .file("") }
    set { y = newValue }
  }
  private var cut: Windows {
    get { windows ?? Windows(length: 1) }
    set { windows = newValue }
  }
}
