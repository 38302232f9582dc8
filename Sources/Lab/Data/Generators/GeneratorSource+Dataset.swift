import LabFormats

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
