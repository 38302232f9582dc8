import Foundation
import LSTMEngine
import LabStore

extension RunDescription {
  /// Describes a run before its first epoch: its plan, and where and by what it is trained.
  init(_ plan: TrainingPlan, layout: ParameterLayout, parent: Parent?) {
    let config = plan.config
    let normalised = config.normalised()
    self.init(
      name: config.name, createdAt: Date(), seed: Int64(config.seed), config: normalised,
      configHash: Config.hash(of: normalised),
      configDirectory: URL(filePath: config.file.path).deletingLastPathComponent().path,
      data: plan.data, parent: parent, tags: config.tags,
      notes: config.notes.isEmpty ? nil : config.notes, host: ProcessInfo.processInfo.hostName,
      version: LabVersion.current, tensors: layout.tensors.map(TensorDescription.init),
      splits: config.record.predictionsEvery > 0
        ? plan.splits.map { Split($0, $1, plan) } : [])
    fold = config.data.validation?.folds?.fold
    drawnTensors = Set(parent == nil ? plan.initialWeights?.drawn ?? [] : [])
    guard config.record.activationsEvery > 0 else { return }
    activations = plan.network.activationDescriptions
    activationSteps = config.record.activationSamples.map { plan.train.steps(of: $0) }.max() ?? 0
  }
}

extension TrainingPlan {
  /// Whether a run was trained and measured with the same samples; those of another fold have the same
  /// hash.
  func readsData(of run: StoredRun) throws -> Bool {
    try data.hash == run.dataHash
      && config.data.validation?.folds == Config(of: run).data.validation?.folds
  }
}

extension RunDescription.Split {
  /// Describes samples that predictions are stored of.
  init(_ name: DataSplit, _ samples: SampleSet, _ plan: TrainingPlan) {
    let width = plan.network.outputs
    let targets = samples.targetValues(outputs: width)
    self.init(
      name: name, samples: samples.count, outputs: plan.outputs(of: samples),
      targets: Data(samples.recorded(targets, width: width)))
  }
}

extension TensorDescription {
  /// Describes a model's tensor as it is stored.
  init(_ tensor: ParameterTensor) {
    let source: Source =
      switch tensor.source {
      case .input, .lookup: .input
      case .hidden: .hidden
      case .bias: .bias
      }
    self.init(
      layer: tensor.layer, part: LayerPart(tensor.direction, tensor.source.rawValue),
      rows: tensor.rows, cols: tensor.columns, gates: tensor.gates.map(\.rawValue),
      source: source)
  }
}
