import LabFormats

/// Samples that are computed: the same on every machine.
package struct GeneratorSource: Equatable, Sendable {
  /// What there is to learn.
  package enum Task: Equatable, Sendable {
    /// The sum of two marked numbers far apart.
    case adding
    /// So many symbols, to be told again at the end.
    case copyMemory(entries: Int)
    /// The order of so many signals between noise.
    case temporalOrder(signals: Int)
    /// Whether the number of ones is odd.
    case parity(TargetPer)
    /// The next value of a sine wave.
    case sine(TargetPer)
  }

  /// What there is to learn.
  package var task: Task
  /// The number of samples.
  package var samples: Int
  /// The number of time steps; in some tasks the least.
  package var length: Int
  /// The seed; sample `i` is a function of it and `i`.
  package var seed: Int
  /// How the sequences are cut into samples, whose targets are then their own; nil: a sequence is a
  /// sample.
  package var windows: Windows?

  /// The numbers are within the bounds of the configuration's rules.
  package init(_ task: Task, samples: Int, length: Int, seed: Int) {
    self.task = task
    self.samples = samples
    self.length = length
    self.seed = seed
  }
}

extension GeneratorSource {
  private static let longest = 1_000_000
  /// The most numbers that are computed: 8 GiB of float32.
  private static let most = 1 << 31

  static var form: ObjectForm<GeneratorSource> {
    let targetPer = Field(
      "target_per", \.self, Rule<TargetPer>.name,
      "Whether there is a target a sequence or a time step.")
    return .choice(
      by: "generator", "What there is to learn.",
      [
        ("adding", form("The sum of two marked numbers far apart.", .adding, \.adding, [])),
        (
          "copy_memory",
          form(
            "Symbols, to be told again at the end.", .copyMemory(entries: 10), \.entries,
            [Field("entries", \.self, .integer(1...10_000), "How many symbols.")],
            shortest: .copyMemory(entries: 1))
        ),
        (
          "temporal_order",
          form(
            "The order of signals between noise.", .temporalOrder(signals: 2), \.signals,
            [Field("signals", \.self, .integer(2...3), "How many signals.")])
        ),
        (
          "parity",
          form("Whether the number of ones is odd.", .parity(.sequence), \.parity, [targetPer])
        ),
        ("sine", form("The next value of a sine wave.", .sine(.sequence), \.sine, [targetPer])),
      ], fallback: nil)
  }

  /// The keys that all tasks have, and those of one, which are written last.
  ///
  /// - Parameter shortest: The task with the fewest time steps, where that depends on its settings.
  private static func form<Part: Sendable>(
    _ about: String, _ task: Task, _ settings: FieldPath<Task, Part?>,
    _ fields: @autoclosure @escaping @Sendable () -> [Field<Part>], shortest: Task? = nil
  ) -> ObjectForm<GeneratorSource> {
    let length = { @Sendable (task: Task) in Rule.integer(task.leastLength...longest) }
    return ObjectForm(
      about, start: GeneratorSource(task, samples: 1, length: 1, seed: 0),
      isOf: { $0.task[keyPath: settings] != nil },
      [Field(required: "samples", \.samples, .integer(1...100_000_000), "How many.")]
        + fields().map { taken($0.within(settings).within(\.task).written(after: "seed")) } + [
          Field(
            required: "length", \.length, length(shortest ?? task),
            narrowed: { length($0.task) }, "Time steps of a sample; in some tasks at least."),
          Field(
            required: "seed", \.seed, .integer(0...Int.max),
            "A sample is a function of the task, `length`, this and its number."
          ).then(refuseTooMany),
          Field(
            optional: "windows", \.windows, .object(Windows.form),
            "How sequences are cut into samples, see [windows](#windows).",
            default: "a sequence is a sample"
          ).then(refuseTargets),
        ])
  }

  /// A task's own key; that of its targets is not written where windows have theirs.
  private static func taken(_ field: Field<GeneratorSource>) -> Field<GeneratorSource> {
    guard field.key == "target_per" else { return field }
    return field.written { source, _ in source.windows == nil }
  }

  private static func refuseTargets(_ reader: ObjectReader, _ source: GeneratorSource) {
    guard source.windows != nil, reader.contains("target_per") else { return }
    reader.node.note(
      "`\(reader.node.path(of: "target_per"))` has no meaning with `windows`",
      next: "name the features to predict as `windows.targets`")
  }

  private static func refuseTooMany(_ reader: ObjectReader, _ source: GeneratorSource) {
    let task = source.task
    let count = Double(source.samples) * Double(task.longest(source.length))
    let numbers = count * Double(task.featureNames.count)
    guard numbers > Double(most) else { return }
    reader.node.note(
      "`\(reader.node.path)` would compute \(NumberText.bytes(4 * numbers)) of samples",
      next: "ask for fewer or shorter ones: at most 8 GiB")
  }
}

/// The settings of one task; nil for another's.
extension GeneratorSource.Task {
  fileprivate var adding: Bool? {
    get { self == .adding ? true : nil }
    set { self = newValue == nil ? self : .adding }
  }
  fileprivate var entries: Int? {
    get { if case .copyMemory(let entries) = self { entries } else { nil } }
    set { self = newValue.map(Self.copyMemory) ?? self }
  }
  fileprivate var signals: Int? {
    get { if case .temporalOrder(let signals) = self { signals } else { nil } }
    set { self = newValue.map(Self.temporalOrder) ?? self }
  }
  fileprivate var parity: TargetPer? {
    get { if case .parity(let per) = self { per } else { nil } }
    set { self = newValue.map(Self.parity) ?? self }
  }
  fileprivate var sine: TargetPer? {
    get { if case .sine(let per) = self { per } else { nil } }
    set { self = newValue.map(Self.sine) ?? self }
  }
}
