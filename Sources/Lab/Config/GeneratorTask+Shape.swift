/// The shapes and names of what each task generates.
extension GeneratorSource.Task {
  static let copyMemorySymbols = (0..<8).map { "a\($0)" } + ["blank", "delimiter"]
  static let temporalOrderSymbols = ["E", "B", "a", "b", "c", "d", "X", "Y"]

  /// The least number of time steps that the task makes sense with.
  var leastLength: Int {
    switch self {
    case .adding: 11  // the two marks lie in the first ten steps, before the last one
    case .copyMemory(let entries): 2 * entries + 1
    case .temporalOrder: 10  // the signals' places do not overlap
    case .parity, .sine: 1
    }
  }

  /// The most time steps of a sample for which `length` is asked.
  func longest(_ length: Int) -> Int {
    switch self {
    case .adding, .temporalOrder: length + length / 10
    case .copyMemory, .parity, .sine: length
    }
  }

  var targetPer: TargetPer {
    switch self {
    case .adding, .temporalOrder: .sequence
    case .copyMemory: .step
    case .parity(let per), .sine(let per): per
    }
  }

  var featureNames: [String] {
    switch self {
    case .adding: ["value", "marker"]
    case .copyMemory: Self.copyMemorySymbols
    case .temporalOrder: Self.temporalOrderSymbols
    case .parity: ["bit"]
    case .sine: ["value"]
    }
  }

  var classNames: [String]? {
    switch self {
    case .adding, .parity, .sine: nil
    case .copyMemory: Array(Self.copyMemorySymbols.dropLast())  // the delimiter is never a target
    case .temporalOrder(let signals): Self.temporalOrderClasses(signals: signals)
    }
  }

  /// The classes in the paper's order, which is that of the signals read as a binary number.
  private static func temporalOrderClasses(signals: Int) -> [String] {
    Array(["Q", "R", "S", "U", "V", "A", "B", "C"].prefix(1 << signals))
  }
}
