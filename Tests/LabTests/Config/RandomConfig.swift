import LSTMEngine
import LabFormats

@testable import Lab

/// Valid configurations of every form, for laws.
enum RandomConfig {
  static func config(using random: inout CounterRandom) -> Config {
    var config = Config(
      name: "run \(random.next() % 100) é", data: data(using: &random),
      model: ModelConfig(layers: layers(using: &random)),
      training: training(using: &random))
    config.seed = Int(random.next() >> 1)
    config.tags = (0..<Int.random(in: 0..<3, using: &random)).map { "tag \($0)" }
    if config.data.train.text != nil { leaveSizesOut(&config.model, using: &random) }
    config.notes = Bool.random(using: &random) ? "two\nlines \"quoted\"" : ""
    if Bool.random(using: &random) {
      config.model.initialWeights = WeightsFile(
        "init.npz", isPartial: Bool.random(using: &random))
    }
    config.record.weightsEvery = Int.random(in: 1..<9, using: &random)
    config.record.optimizerEvery = Int.random(in: 1..<9, using: &random)
    config.record.predictionsEvery = Int.random(in: 0..<9, using: &random)
    return config
  }

  /// What a text's vocabulary tells.
  private static func leaveSizesOut(_ model: inout ModelConfig, using random: inout CounterRandom) {
    for (index, layer) in model.layers.enumerated() where Bool.random(using: &random) {
      switch layer.kind {
      case .embedding:
        model.layers[index].kind = .embedding(
          EmbeddingSpecification(inputDimension: 0, outputDimension: 7))
      case .dense(var dense) where index == model.layers.count - 1:
        dense.units = 0
        model.layers[index].kind = .dense(dense)
      default: break
      }
    }
  }

  private static func text(using random: inout CounterRandom) -> TextSource {
    var text = TextSource(
      "a b.txt", length: Int.random(in: 1..<100, using: &random),
      stride: [nil, 3].randomElement(using: &random) ?? nil)
    text.encoding = TextEncoding.allCases.randomElement(using: &random) ?? .utf8
    return text
  }

  private static func data(using random: inout CounterRandom) -> DataConfig {
    var data = DataConfig(train: source(using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 3, 4:
      let count = Int.random(in: 2..<99, using: &random)
      let kinds: [ValidationFolds.Kind] = [.blocks, .stratified, .rolling]
      data.validation = .folds(
        ValidationFolds(
          count, fold: Int.random(in: 0..<count, using: &random),
          kinds.randomElement(using: &random) ?? .blocks))
    case 0:
      data.validation = .split(
        ValidationSplit(
          Double.random(in: 0.01..<0.99, using: &random),
          isStratified: Bool.random(using: &random)))
    case 1: data.validation = .source(source(using: &random))
    default: break
    }
    if Bool.random(using: &random) { data.test = source(using: &random) }
    data.normalize = Normalize.allCases.randomElement(using: &random) ?? .none
    data = data.read
    return data
  }

  private static func source(using random: inout CounterRandom) -> DataSource {
    switch Int.random(in: 0..<6, using: &random) {
    case 5: return .text(text(using: &random))
    case 0:
      var arrays = ArraysSource(x: .file("data/x.npy"), y: .file("y.npy"), lengths: .file("n.npy"))
      arrays.padding = Padding.allCases.randomElement(using: &random) ?? .pre
      arrays.missing = missing(using: &random)
      if Bool.random(using: &random) {
        arrays.windows = windows(targets: ["2", "0"], using: &random)
        if Bool.random(using: &random) { arrays.y = nil }
      }
      return .arrays(arrays)
    case 1:
      return .timeSeries(
        TimeSeriesSource(
          ["data/a b.ts", "A.TS.gz"].randomElement(using: &random) ?? "",
          missing: missing(using: &random)))
    case 2:
      return .csv(table(using: &random))
    case 3: return .generator(generator(using: &random))
    default: return arrays(using: &random)
    }
  }

  private static func table(using random: inout CounterRandom) -> CSVSource {
    let path = ["a.csv", "b/c.TSV", "d.txt.gz"].randomElement(using: &random) ?? ""
    var csv = CSVSource(path: path, sequence: "", features: ["x", "é"], targets: ["\"t\""])
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      csv.layout = .wide
      if Bool.random(using: &random) { csv.sequence = nil }
      if Bool.random(using: &random) { csv.features = nil }
    case 1:
      csv.targets = []
      if Bool.random(using: &random) { csv.sequence = nil }
      csv.windows = windows(targets: ["x"], using: &random)
    default: csv.targetPer = TargetPer.allCases.randomElement(using: &random) ?? .step
    }
    if csv.windows == nil {
      csv.classes = Bool.random(using: &random) ? ["b", "a"] : nil
      if Bool.random(using: &random) { csv.targets = ["t", "u"] }
    }
    guard Bool.random(using: &random) else { return csv }
    csv.delimiter = Delimiter.allCases.randomElement(using: &random)
    csv.decimal = DecimalMark.allCases.randomElement(using: &random) ?? .point
    csv.encoding = TextEncoding.allCases.randomElement(using: &random) ?? .utf8
    csv.hasHeader = Bool.random(using: &random)
    csv.missing = missing(using: &random)
    return csv
  }

  private static func missing(using random: inout CounterRandom) -> MissingValues {
    MissingValues.allCases.randomElement(using: &random) ?? .error
  }

  private static func windows(targets: [String], using random: inout CounterRandom) -> Windows {
    var windows = Windows(length: Int.random(in: 1..<100, using: &random))
    windows.stride = Int.random(in: 1..<5, using: &random)
    windows.rate = Int.random(in: 1..<5, using: &random)
    windows.horizon = Int.random(in: 1..<5, using: &random)
    windows.targets = Bool.random(using: &random) ? targets : nil
    return windows
  }

  private static func generator(using random: inout CounterRandom) -> GeneratorSource {
    let per = TargetPer.allCases.randomElement(using: &random) ?? .step
    let tasks: [GeneratorSource.Task] = [
      .adding, .copyMemory(entries: 7), .temporalOrder(signals: 3), .parity(per), .sine(per),
    ]
    var source = GeneratorSource(
      tasks.randomElement(using: &random) ?? .adding,
      samples: Int.random(in: 1..<1000, using: &random),
      length: Int.random(in: 20..<1000, using: &random), seed: Int(random.next() >> 1))
    guard Bool.random(using: &random) else { return source }
    // No key says where windows have targets of their own.
    if case .parity = source.task { source.task = .parity(.sequence) }
    if case .sine = source.task { source.task = .sine(.sequence) }
    source.windows = windows(
      targets: Array(source.task.featureNames.suffix(1)), using: &random)
    return source
  }

  private static func arrays(using random: inout CounterRandom) -> DataSource {
    let lengths = (0..<Int.random(in: 1..<4, using: &random)).map { _ in
      Int.random(in: 1..<5, using: &random)
    }
    var arrays = ArraysSource(
      x: .inline(array(axes: 3, lengths, using: &random)),
      y: .inline(array(axes: Int.random(in: 1...3, using: &random), lengths, using: &random)),
      lengths: Bool.random(using: &random) ? .inline(lengths) : nil)
    if Bool.random(using: &random) {
      arrays.windows = windows(targets: ["0"], using: &random)
      let isOne = Bool.random(using: &random)
      if isOne { arrays.x = .inline(array(axes: 2, [3, 3, 3], using: &random)) }
      if Bool.random(using: &random) { arrays.y = nil }
    }
    return .arrays(arrays)
  }

  private static func array(
    axes: Int, _ lengths: [Int], using random: inout CounterRandom
  ) -> RaggedArray {
    let lengths = axes == 1 ? lengths.map { _ in 1 } : lengths
    let width = axes == 3 ? Int.random(in: 1..<4, using: &random) : 1
    let values = (0..<lengths.reduce(0, +) * width).map { _ in random.finiteFloat() }
    return RaggedArray(axes: axes, lengths: lengths, width: width, values: values)
  }

  private static func layers(using random: inout CounterRandom) -> [LayerSpecification] {
    (0..<Int.random(in: 1..<5, using: &random)).map { index in
      let units = Int.random(in: 1..<20, using: &random)
      let elementwise = Activation.allCases.filter { $0 != .softmax }
      if Bool.random(using: &random) {
        var dense = DenseSpecification(units: units)
        dense.activation = Activation.allCases.randomElement(using: &random) ?? .tanh
        dense.useBias = Bool.random(using: &random)
        return LayerSpecification(name: "layer.\(index)", kind: .dense(dense))
      }
      var lstm = RecurrentSpecification(.lstm, units: units)
      lstm.activation = elementwise.randomElement(using: &random) ?? .tanh
      lstm.recurrentActivation = elementwise.randomElement(using: &random) ?? .sigmoid
      lstm.useBias = Bool.random(using: &random)
      lstm.unitForgetBias = Bool.random(using: &random)
      lstm.returnSequences = Bool.random(using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        return LayerSpecification(name: "layer.\(index)", kind: .bidirectional(lstm))
      case 1:
        let embedding = EmbeddingSpecification(inputDimension: units, outputDimension: 7)
        return LayerSpecification(name: "layer.\(index)", kind: .embedding(embedding))
      default: break
      }
      return LayerSpecification(name: "layer.\(index)", kind: .recurrent(lstm))
    }
  }

  private static func training(using random: inout CounterRandom) -> TrainingConfig {
    var training = TrainingConfig(loss: Loss.allCases.randomElement(using: &random) ?? .huber)
    training.epochs = Int.random(in: 1..<1000, using: &random)
    training.batchSize = Int.random(in: 1..<1000, using: &random)
    training.shuffle = Bool.random(using: &random)
    training.metrics = Metric.allCases.filter { _ in Bool.random(using: &random) }
    training.optimizer = OptimizerSpecification(
      kind: optimizer(using: &random), learningRate: Double.random(in: 0..<2, using: &random))
    training.classWeights = ["0", "7", "10", "a", "é"].filter { _ in Bool.random(using: &random) }
      .map { ClassWeight($0, Double.random(in: 0..<9, using: &random)) }
    training.clipping = clipping(using: &random)
    if Bool.random(using: &random) { training.rateControl = rateControl(using: &random) }
    if Bool.random(using: &random) {
      var stopping = EarlyStopping()
      stopping.monitor = monitor(using: &random)
      stopping.patience = Int.random(in: 0..<99, using: &random)
      stopping.restoresBest = Bool.random(using: &random)
      stopping.startFromEpoch = Int.random(in: 0..<9, using: &random)
      if Bool.random(using: &random) {
        stopping.baseline = Double.random(in: -2..<2, using: &random)
      }
      training.earlyStopping = stopping
    }
    return training
  }

  private static func clipping(using random: inout CounterRandom) -> GradientClipping {
    let limit = Double.random(in: 0.001..<9, using: &random)
    return GradientClipping(
      value: Bool.random(using: &random) ? limit / 3 : nil,
      norm: [nil, .ofEachTensor(limit), .ofAll(limit)].randomElement(using: &random) ?? nil)
  }

  private static func monitor(using random: inout CounterRandom) -> Monitor {
    var monitor = Monitor(
      Bool.random(using: &random) ? "val_accuracy" : "loss",
      minDelta: Double.random(in: 0..<1, using: &random))
    monitor.mode = Monitor.Mode.allCases.randomElement(using: &random) ?? .auto
    return monitor
  }

  private static func rateControl(using random: inout CounterRandom) -> RateControl {
    let steps = Int.random(in: 1..<999, using: &random)
    let rate = Double.random(in: 0..<1, using: &random)
    let flag = Bool.random(using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return .schedule(.exponentialDecay(steps: steps, rate: rate, staircase: flag))
    case 1: return .schedule(.inverseTimeDecay(steps: steps, rate: rate, staircase: flag))
    case 2:
      return .schedule(
        .cosineDecay(
          steps: steps, alpha: rate, warmup: flag ? .init(target: rate, steps: steps) : nil))
    case 3:
      return .schedule(.polynomialDecay(steps: steps, end: rate, power: 2 * rate, cycle: flag))
    case 4:
      return .schedule(
        .piecewiseConstantDecay(boundaries: [steps, 2 * steps], values: [rate, 0, 1]))
    default:
      var plateau = PlateauReduction()
      plateau.monitor = monitor(using: &random)
      plateau.factor = max(rate, 0.01)
      plateau.patience = steps
      plateau.cooldown = steps / 2
      plateau.minimum = rate / 100
      return .plateau(plateau)
    }
  }

  private static func optimizer(
    using random: inout CounterRandom
  ) -> OptimizerSpecification.Kind {
    let rate = Double.random(in: 0..<0.999, using: &random)
    let flag = Bool.random(using: &random)
    var adam = AdamSettings()
    adam.beta1 = rate
    adam.epsilon = Double.random(in: 1e-9..<1, using: &random)
    adam.amsgrad = flag
    var rmsprop = RMSpropSettings()
    rmsprop.rho = rate
    rmsprop.centered = flag
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .sgd(momentum: rate, nesterov: flag)
    case 1: return .adam(adam)
    case 2: return .adamw(adam, weightDecay: rate)
    default: return .rmsprop(rmsprop)
    }
  }
}
