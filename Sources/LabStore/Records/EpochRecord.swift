package import Foundation

/// Everything an epoch stores, in one transaction or not at all.
package struct EpochRecord: Sendable {
  /// Number of the epoch: 0 before training, k after k epochs.
  package var epoch: Int
  /// Seconds the epoch took.
  package var seconds: Double
  /// End of the epoch.
  package var recordedAt: Date
  /// Learning rate at the end of the epoch; nil where another program's is not known.
  package var learningRate: Double?
  /// Metrics, each (split, name) once.
  package var metrics: [MetricValue]
  /// SHA-256 over the hash before, the weights and the optimizer's state: 32 bytes.
  package var hash: [UInt8]
  /// What a resume needs besides weights and optimizer: a JSON object.
  package var state: String
  /// One value a tensor in canonical order, row by row, little-endian float32; nil: not stored.
  package var weights: [Data]?
  /// The optimizer's state, empty for one without; nil: not stored.
  package var optimizer: [OptimizerSlot]?
  /// Norms, in the order of layers and gates.
  package var gateStats: [GateStat]
  /// Predictions of splits that the run's description names.
  package var predictions: [Prediction]
  /// Gates and states of samples that the run's description asks for.
  package var activations: [Activations]

  /// The hash has 32 bytes; what is not given is not stored of the epoch.
  package init(
    epoch: Int, seconds: Double, recordedAt: Date, learningRate: Double?,
    metrics: [MetricValue] = [], hash: [UInt8], state: String, weights: [Data]? = nil,
    optimizer: [OptimizerSlot]? = nil, gateStats: [GateStat] = [], predictions: [Prediction] = [],
    activations: [Activations] = []
  ) {
    precondition(hash.count == 32, "a hash of \(hash.count) bytes, not 32")
    self.epoch = epoch
    self.seconds = seconds
    self.recordedAt = recordedAt
    self.learningRate = learningRate
    self.metrics = metrics
    self.hash = hash
    self.state = state
    self.weights = weights
    self.optimizer = optimizer
    self.gateStats = gateStats
    self.predictions = predictions
    self.activations = activations
  }

  /// The bytes that the record takes while it waits to be stored, roughly.
  var bytes: Int {
    let tensors = (weights ?? []) + (optimizer ?? []).flatMap(\.tensors)
    return (tensors + predictions.map(\.values) + activations.map(\.values))
      .reduce(4_096) { $0 + $1.count }
  }
}

/// One kind of state an optimizer keeps for each weight.
package struct OptimizerSlot: Equatable, Sendable {
  /// As Keras calls it: `momentum`, `velocity`, …
  package let name: String
  /// One value a tensor in canonical order, row by row, little-endian float32; of a foreign slot its own.
  package let tensors: [Data]

  /// There are as many tensors as the run's description has, or as its foreign slot of this name.
  package init(name: String, tensors: [Data]) {
    self.name = name
    self.tensors = tensors
  }
}

/// What the model made of one split in one epoch.
package struct Prediction: Equatable, Sendable {
  /// The part of the data.
  package let split: DataSplit
  /// The outputs, sample after sample: little-endian float32.
  package let values: Data

  /// There are as many values as the split has targets in the run's description.
  package init(split: DataSplit, values: Data) {
    self.split = split
    self.values = values
  }
}

/// Norms of one gate of one layer over an epoch.
package struct GateStat: Equatable, Sendable {
  /// The layer's name.
  package let layer: String
  /// The gate, or all of a layer without gates.
  package let part: LayerPart
  /// Euclidean norm of the gate's weights at the end of the epoch.
  package let weightNorm: Double
  /// Euclidean norm of the whole epoch's change; nil in a run's first state, which has none.
  package let updateNorm: Double?
  /// Euclidean norm of the gradient of the epoch's last batch; nil in a run's first state.
  package let gradientNorm: Double?

  /// The gate as the file has it.
  package var gate: String? { part.text }

  /// Norms are nil where the epoch had no step.
  package init(
    layer: String, part: LayerPart, weightNorm: Double, updateNorm: Double?, gradientNorm: Double?
  ) {
    self.layer = layer
    self.part = part
    self.weightNorm = weightNorm
    self.updateNorm = updateNorm
    self.gradientNorm = gradientNorm
  }
}
