extension GeneratorSource {
  /// The samples; each is a function of task, length, seed and its number alone.
  func dataset() -> Dataset {
    let features = task.featureNames.count
    var lengths: [Int] = []
    var targetLengths: [Int] = []
    var x: [Float] = []
    var y: [Float] = []
    for sample in 0..<samples {
      var random = GeneratorRandom(seed: seed, sample: sample)
      let generated = task.sample(length: length, &random)
      lengths.append(generated.x.count / features)
      targetLengths.append(generated.y.count)
      x += generated.x
      y += generated.y
    }
    return Dataset(
      x: RaggedArray(axes: 3, lengths: lengths, width: features, values: x),
      targets: RaggedArray(
        axes: task.targetPer == .step ? 3 : 1, lengths: targetLengths, values: y),
      classNames: task.classNames, featureNames: task.featureNames)
  }
}

extension GeneratorSource.Task {
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
    case .copyMemory: CopyMemory.symbols
    case .temporalOrder: TemporalOrder.symbols
    case .parity: ["bit"]
    case .sine: ["value"]
    }
  }

  var classNames: [String]? {
    switch self {
    case .adding, .parity, .sine: nil
    case .copyMemory: CopyMemory.classes
    case .temporalOrder(let signals): TemporalOrder.classes(signals: signals)
    }
  }

  fileprivate func sample(length: Int, _ random: inout GeneratorRandom) -> GeneratedSample {
    switch self {
    case .adding: AddingProblem.sample(length: length, &random)
    case .copyMemory(let entries): CopyMemory.sample(length: length, entries: entries, &random)
    case .temporalOrder(let signals):
      TemporalOrder.sample(length: length, signals: signals, &random)
    case .parity(let per): ParityTask.sample(length: length, per, &random)
    case .sine(let per): SineTask.sample(length: length, per, &random)
    }
  }
}
