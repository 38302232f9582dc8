package import Foundation

/// Everything an epoch stores, in one transaction or not at all.
package struct EpochRecord: Sendable {
  /// Number of the epoch: 0 before training, k after k epochs.
  package var epoch: Int
  /// Seconds the epoch took.
  package var seconds: Double
  /// End of the epoch.
  package var recordedAt: Date
  /// Learning rate at the end of the epoch.
  package var learningRate: Double
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

  /// Makes a record.
  package init(
    epoch: Int, seconds: Double, recordedAt: Date, learningRate: Double,
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
