import LSTMEngine
import LabFormats
import LabStore

/// A run's model and samples, to be measured with weights of any kind: those of other epochs, or between two.
final class MeasuredModel {
  let applied: AppliedEpoch
  private let network: Network

  /// Takes samples that the run's model reads.
  init(_ applied: AppliedEpoch, resources: TrainingSession.Resources) {
    self.applied = applied
    var description = applied.network
    description.metrics = applied.metrics.compactMap(\.ofRows)
    network = resources.network(description)
  }

  /// What the outputs say.
  var kind: OutputKind {
    OutputKind(
      applied.config.training.loss, outputs: applied.network.outputs,
      hasClasses: applied.outputs.classes?.names.isEmpty == false)
  }

  /// Measures all samples: the loss, each metric that says something, and the outputs, row by row.
  ///
  /// - Parameter weights: The values of each tensor in canonical order, row by row.
  func measured(
    with weights: [[Float]]
  ) -> (loss: Double, metrics: [(metric: Metric, value: Double)], outputs: [Float]) {
    network.restore(weights: weights, slots: nil, iterations: 0)
    var outputs: [Float]? = []
    let measured = network.evaluate(applied.samples, predictions: &outputs)
    let inUnits = applied.samples.inUnits(outputs ?? [])
    return (
      measured.loss,
      applied.metrics.values(
        rowMeans: measured.metrics, predictions: applied.predictions(inUnits)),
      inUnits
    )
  }
}

extension NetworkDescription {
  /// The same for batches that are only looked at: as many samples at once as are worth it.
  func forLooking(at samples: SampleSet) -> NetworkDescription {
    var description = self
    description.batchSize = max(1, min(64, samples.count))
    description.steps = max(1, samples.steps)
    description.metrics = []
    return description
  }
}
