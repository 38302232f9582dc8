import LSTMEngine
import LabFormats
import LabStore

/// A stored epoch and the samples that it is applied to.
struct AppliedEpoch {
  let weights: StoredWeights
  let config: Config
  /// The samples as the model reads them, with their names.
  let data: Dataset
  /// The same for the engine; targets that are not known are any.
  let samples: SampleSet
  /// The model, for batches of these samples.
  let network: NetworkDescription
  /// What the outputs say.
  let outputs: OutputMeaning
  /// Where the samples are from.
  let origin: Origin
  /// The table that they are read from; nil for other sources of data.
  let table: (source: CSVSource, path: String)?

  /// Where samples are from.
  enum Origin {
    case split(DataSplit)
    /// The path of a file, as the user gave it.
    case file(String)
  }

  /// Takes a part of the data that the run was trained with: by default what it was tested with, else
  /// validated with, else trained with.
  ///
  /// - Parameter plan: The run's own, where it is loaded already.
  init(_ opened: OpenedRun, split name: String?, plan: TrainingPlan? = nil) throws {
    weights = try StoredWeights(opened)
    config = try opened.config
    let plan = try plan ?? opened.plan(config)
    let split = try Self.split(name, of: plan, at: opened.place)
    origin = .split(split)
    table = plan.source(of: split).table(in: plan.config.file)
    switch split {
    case .train: (data, samples) = (plan.source.train, plan.train)
    case .validation:
      (data, samples) = (
        plan.source.validation ?? plan.source.train, plan.validation ?? plan.train
      )
    case .test: (data, samples) = (plan.source.test ?? plan.source.train, plan.test ?? plan.train)
    }
    network = plan.network
    outputs = OutputMeaning(
      config, classes: plan.data.classes, names: data.targetNames, outputs: network.outputs)
  }

  /// The part of the data that has this name; by default the last one there is.
  static func split(
    _ name: String?, of plan: TrainingPlan, at place: String
  ) throws(LabError) -> DataSplit {
    let known = plan.allSplits.map(\.0.rawValue)
    let chosen = try Nearest.name(
      name ?? known.last ?? "", among: known, what: "split", where: place)
    return DataSplit(rawValue: chosen) ?? .train
  }

  /// Takes the samples of a file.
  ///
  /// - Parameter presence: Whether they may be without targets.
  init(_ opened: OpenedRun, file: NewData, targets presence: TargetPresence) throws {
    let reading = try NewDataReading(opened, data: file)
    try self.init(
      reading, reading.dataset(targets: presence), from: .file(file.path), table: reading.table)
  }

  /// Takes samples that are read for the run, once its weights were found.
  init(
    _ reading: NewDataReading, _ read: @autoclosure () throws -> Dataset, from origin: Origin,
    table: (source: CSVSource, path: String)?
  ) throws {
    weights = try StoredWeights(reading.opened)
    config = try reading.opened.config
    data = try read()
    network = try reading.network(for: data)
    samples = try reading.samples(data, network)
    outputs = OutputMeaning(
      config, classes: reading.stored.classes, names: data.targetNames, outputs: network.outputs)
    self.origin = origin
    self.table = table
  }

  private var hasClasses: Bool { outputs.classes?.names.isEmpty == false }

  /// The outputs of all samples beside their targets.
  func predictions(_ outputs: [Float]) -> MeasuredPredictions {
    MeasuredPredictions(
      outputs, of: samples, width: network.outputs, loss: network.loss, hasClasses: hasClasses)
  }

  /// Every metric that says something about the outputs, and those that the run measures.
  var metrics: [Metric] {
    let loss = config.training.loss
    let kind = OutputKind(loss, outputs: network.outputs, hasClasses: hasClasses)
    return Metric.allCases.filter {
      config.training.metrics.contains($0)
        || kind.fits($0, loss) && ($0 != .accuracy || loss.isCrossentropy)
          // Of five classes every one is among the first five.
          && ($0 != .topKCategoricalAccuracy || network.outputs > 5)
    }
  }

  /// Measures the samples and returns the output of every row of their targets, by the way on which
  /// predictions are stored.
  func computed(
    metrics: [RowMetric] = [], resources: TrainingSession.Resources
  ) -> (measured: LSTMEngine.Measurement, outputs: [Float]) {
    var description = network
    description.metrics = metrics
    let network = resources.network(description)
    network.restore(
      weights: weights.values(for: self.network), slots: nil, iterations: 0)
    var outputs: [Float]? = []
    let measured = network.evaluate(samples, predictions: &outputs)
    return (measured, samples.inUnits(outputs ?? []))
  }

  /// Whether the target of some row is known.
  var hasTargets: Bool { data.y.contains { !$0.isNaN } }

  /// Whether the target of a row is known.
  func isKnown(row: Int) -> Bool {
    if data.sharesTargets { return true }
    let width = data.y.count / max(samples.targets.rows, 1)
    return width == 0 || !data.y[row * width].isNaN
  }

  /// Whether a number of the targets is known, where they are numbers.
  func isKnown(value index: Int) -> Bool {
    !data.y.indices.contains(index) || !data.y[index].isNaN
  }

  /// What was done about missing values, where there were some.
  var missing: String? {
    let parts = [
      data.filled == 0 ? nil : "missing values filled in: \(data.filled)",
      data.dropped == 0 ? nil : "samples left out, because a value is missing: \(data.dropped)",
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The samples as messages and headings call them: `test data, 30 samples`.
  var description: String {
    let count = "\(samples.count) sample\(samples.count == 1 ? "" : "s")"
    return switch origin {
    case .split(let split): "\(split == .train ? "training" : split.rawValue) data, \(count)"
    case .file(let path): "\(Visible.line(path)), \(count)"
    }
  }
}
