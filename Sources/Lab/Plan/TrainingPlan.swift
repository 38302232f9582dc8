package import LSTMEngine
package import LabFormats
package import LabStore

/// A configuration together with its data, checked to fit: the only thing that can be trained.
///
/// ```swift
/// let plan = try TrainingPlan(config)
/// #expect(plan.train.count == 15 && plan.train.steps == 5)
/// #expect(plan.order(epoch: 1).sorted() == Array(0..<15))
/// ```
package struct TrainingPlan: Sendable {
  /// The configuration, every default filled in.
  package private(set) var config: Config
  /// What was read.
  let source: TrainingData
  /// What is stored of the data.
  package var data: DataDescription { source.description }
  /// The samples to train on.
  package let train: SampleSet
  /// The samples to measure with after every epoch; nil for none.
  package let validation: SampleSet?
  /// The samples to measure with when training is over; nil for none.
  package let test: SampleSet?
  /// The model, its loss and its optimizer.
  package private(set) var network: NetworkDescription
  /// The initial weights that a file gives, or nil where all are drawn from the seed.
  package let initialWeights: InitialWeights?

  /// Loads the data that a configuration names and checks that model, loss and data fit.
  ///
  /// - Parameters:
  ///   - rules: By which the data are prepared; those of a stored run give them again to the bit.
  ///   - loadsInitialWeights: Whether a file of first weights that it names is read.
  /// - Throws: `LabError` with the JSON path of what does not fit.
  package init(
    _ config: Config, rules: DataRules = .current, loadsInitialWeights: Bool = true
  ) throws(LabError) {
    var config = config
    if rules.scaledFrom == .float32 { config.data = config.data.withoutDoubles }
    let data = try TrainingData(config, rules: rules)
    if config.data.train.text != nil {
      let size = data.train.classNames?.count ?? 0
      config.model.layers = config.model.layers.map { $0.filled(vocabulary: size) }
    }
    let steps = max(data.train.steps, data.validation?.steps ?? 0, data.test?.steps ?? 0)
    let check = ModelCheck(config: config, features: data.train.features)
    var network = try check.description(steps: steps, samples: data.train.samples)
    try check.requireRoom(network)
    let targets = TargetCheck(
      config: config, outputs: network.outputs, hasSteps: network.outputHasSteps,
      rules: rules, scaling: data.targetNormalization)
    let inputs = InputCheck(config: config)
    let parts: [(Dataset?, String)] = [
      (data.train, "data.train"), (data.validation, "data.validation"), (data.test, "data.test"),
    ]
    for case (let part?, let path) in parts { try inputs.requireReadable(part, path: path) }
    let controls = ControlCheck(
      config: config, hasValidation: data.validation != nil,
      classNames: data.description.classes, network: network)
    try controls.requireMetrics()
    try controls.requireMonitors()
    network.classWeights = try controls.classWeights()
    network.clipping = config.training.clipping
    if rules.given != nil, let scales = data.targetNormalization?.scales {
      guard scales.count == network.outputs else {
        throw LabError(
          .data, "\(scales.count) outputs have stored scales, and \(network.outputs) need them",
          where: config.file.path, next: "leave the model and `windows` as the run has them")
      }
    }
    network.outputScales = data.targetNormalization?.scales.map(Float.init) ?? []
    self.config = config
    self.network = network
    source = data
    train = try targets.samples(data.train, path: "data.train")
    validation = try data.validation.map { data throws(LabError) in
      try targets.samples(data, path: "data.validation")
    }
    test = try data.test.map { data throws(LabError) in
      try targets.samples(data, path: "data.test")
    }
    try Self.requireActivations(config, among: train.count)
    let weights = loadsInitialWeights ? config.model.initialWeights : nil
    let places = WeightPlaces(network.layers, features: network.features)
    initialWeights = try weights.map { file throws(LabError) in
      try InitialWeights(
        config.file.locating(file.path), isPartial: file.isPartial, for: places)
    }
  }

  /// Returns the plan with another seed; the data are the same.
  package func withSeed(_ seed: Int) -> TrainingPlan {
    var plan = self
    plan.config.seed = seed
    plan.network.seed = UInt64(seed)
    return plan
  }

  /// Returns the plan of a trial: with another learning rate, up to an epoch, and nothing to store beside
  /// the state; the data are the same.
  func forTrial(learningRate: Double, to epoch: Int) -> TrainingPlan {
    var plan = self
    plan.config.training.optimizer.learningRate = learningRate
    plan.network.optimizer.learningRate = learningRate
    plan.config.training.epochs = epoch
    plan.config.record.predictionsEvery = 0
    plan.config.record.activationsEvery = 0
    return plan
  }

  /// Refuses samples to record that there are not, and a model without gates and states.
  private static func requireActivations(_ config: Config, among count: Int) throws(LabError) {
    let samples = config.record.activationSamples
    guard samples.isEmpty || config.model.layers.contains(where: { $0.recurrent != nil }) else {
      throw LabError(
        .data, "`record.activations` asks for gates, and the model has no recurrent layer",
        where: config.file.path, next: "leave it out, or add a recurrent layer")
    }
    guard let unknown = samples.first(where: { $0 >= count }) else { return }
    throw LabError(
      .data,
      "`record.activations.samples` names sample \(unknown), and training has \(count)",
      where: config.file.path, next: "allowed: 0 to \(count - 1)")
  }

  /// The samples' order in an epoch (1 is the first): a pure function of seed and epoch.
  package func order(epoch: Int) -> [Int] {
    guard config.training.shuffle else { return Array(0..<train.count) }
    return RandomStream(seed: UInt64(config.seed), purpose: .shuffle, number: epoch)
      .permutation(train.count)
  }
}
