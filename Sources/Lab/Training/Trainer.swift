import Foundation
import LSTMEngine
import LabStore

/// Trains a plan epoch by epoch and hands each finished epoch to be stored.
///
/// It never waits for the disk unless the queue of finished epochs is full.
struct Trainer {
  let plan: TrainingPlan
  let network: Network
  /// Takes a finished epoch; throws what stopped the recording.
  let store: (FinishedEpoch) throws -> Void

  private var batches: Int {
    (plan.train.count + plan.network.batchSize - 1) / plan.network.batchSize
  }

  /// Trains the epochs after `epoch` up to the plan's last.
  ///
  /// - Parameters:
  ///   - report: Told of batches and epochs.
  ///   - shouldStop: Asked after each batch; true drops the epoch that is under way.
  func train(
    after epoch: Int, report: (TrainingEvent) -> Void, shouldStop: () -> Bool
  ) throws -> TrainingEnd {
    guard epoch < plan.config.training.epochs else { return .completed }
    for number in (epoch + 1)...plan.config.training.epochs {
      if shouldStop() { return .interrupted }
      let clock = ContinuousClock()
      let start = clock.now
      let result = network.trainEpoch(
        plan.train, order: plan.order(epoch: number), learningRate: learningRate
      ) { done in
        report(.batch(epoch: number, done: done, of: batches))
        return !shouldStop()
      }
      switch result {
      case .stopped: return .interrupted
      case .diverged(let batch): return .diverged(epoch: number, batch: batch)
      case .finished(let training):
        let metrics = self.metrics(training, .train) + validate()
        let seconds = (clock.now - start) / .seconds(1)
        try store(finished(number, metrics, seconds: seconds))
        report(
          .epoch(
            EpochSummary(
              epoch: number, steps: batches, seconds: seconds, values: metrics.map(\.kerasName))))
      }
    }
    return .completed
  }

  private var learningRate: Double { plan.network.optimizer.learningRate }

  private func finished(
    _ number: Int, _ metrics: [MetricValue], seconds: Double
  ) -> FinishedEpoch {
    FinishedEpoch(
      number: number, snapshot: network.snapshot(), seconds: seconds, recordedAt: Date(),
      learningRate: learningRate, metrics: metrics, predictions: predictions(number))
  }

  private func validate() -> [MetricValue] {
    guard let validation = plan.validation else { return [] }
    var none: [Float]?
    return metrics(network.evaluate(validation, predictions: &none), .validation)
  }

  private func metrics(_ measured: LSTMEngine.Measurement, _ split: DataSplit) -> [MetricValue] {
    [MetricValue(split, "loss", measured.loss)]
      + zip(plan.network.metrics, measured.metrics).map { MetricValue(split, $0.rawValue, $1) }
  }

  /// What the model makes of all samples, where the configuration asks for it in this epoch.
  func predictions(_ epoch: Int) -> [Prediction] {
    let every = plan.config.record.predictionsEvery
    guard every > 0, epoch % every == 0 || epoch == plan.config.training.epochs else { return [] }
    return plan.splits.map { split, samples in
      var outputs: [Float]? = []
      _ = network.evaluate(samples, predictions: &outputs)
      let recorded = samples.recorded(outputs ?? [], width: plan.network.outputs)
      return Prediction(split: split, values: Data(recorded))
    }
  }
}

extension TrainingPlan {
  /// The parts of the data that there are.
  var splits: [(DataSplit, SampleSet)] {
    [(.train, train)] + (validation.map { [(.validation, $0)] } ?? [])
  }
}

extension MetricValue {
  /// The name that Keras prints: `loss`, `val_loss`, ….
  fileprivate var kerasName: (name: String, value: Double) {
    (split == .validation ? "val_\(name)" : name, value)
  }
}
