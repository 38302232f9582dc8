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

  /// Makes a source of computed samples.
  package init(_ task: Task, samples: Int, length: Int, seed: Int) {
    self.task = task
    self.samples = samples
    self.length = length
    self.seed = seed
  }
}

/// The names of the tasks in a configuration.
private enum GeneratorName: String, CaseIterable {
  case adding
  case copyMemory = "copy_memory"
  case temporalOrder = "temporal_order"
  case parity
  case sine
}

extension GeneratorSource {
  private static let longest = 1_000_000
  /// The most numbers that are computed: 8 GiB of float32.
  private static let most = 1 << 31

  init(_ object: ObjectReader) {
    let before = object.node.problems.count
    let name = object.required("generator", .name(of: GeneratorName.adding))
    // Which keys belong to a task is not known where its name is not.
    if object.node.problems.count > before { object.acceptAnyKey() }
    let samples = object.required("samples", .integer(1...100_000_000))
    func targetPer() -> TargetPer {
      object.optional("target_per", .name(of: .sequence), default: .sequence)
    }
    let task: Task =
      switch name {
      case .adding: .adding
      case .copyMemory:
        .copyMemory(entries: object.optional("entries", .integer(1...10_000), default: 10))
      case .temporalOrder:
        .temporalOrder(signals: object.optional("signals", .integer(2...3), default: 2))
      case .parity: .parity(targetPer())
      case .sine: .sine(targetPer())
      }
    self.init(
      task, samples: samples,
      length: object.required("length", .integer(task.leastLength...Self.longest)),
      seed: object.required("seed", .integer(0...Int.max)))
    let numbers = Double(samples) * Double(task.longest(length)) * Double(task.featureNames.count)
    if numbers > Double(Self.most) {
      _ = object.node.refuse(
        "`\(object.node.path)` would compute \(NumberText.bytes(4 * numbers)) of samples",
        next: "ask for fewer or shorter ones: at most 8 GiB", as: GeneratorSource.self)
    }
  }

  var text: JSONText {
    var members = [JSONTextMember("generator", .string(task.name.rawValue))]
    members.append(JSONTextMember("samples", .integer(samples)))
    members.append(JSONTextMember("length", .integer(length)))
    members.append(JSONTextMember("seed", .integer(seed)))
    switch task {
    case .adding: break
    case .copyMemory(let entries): members.append(JSONTextMember("entries", .integer(entries)))
    case .temporalOrder(let signals): members.append(JSONTextMember("signals", .integer(signals)))
    case .parity(let per), .sine(let per):
      members.append(JSONTextMember("target_per", .string(per.rawValue)))
    }
    return .object(members)
  }
}

extension GeneratorSource.Task {
  fileprivate var name: GeneratorName {
    switch self {
    case .adding: .adding
    case .copyMemory: .copyMemory
    case .temporalOrder: .temporalOrder
    case .parity: .parity
    case .sine: .sine
    }
  }
}
