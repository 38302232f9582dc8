import Foundation
import LSTMEngine
import LabStore

/// Trains a plan epoch by epoch and hands each finished epoch to be stored.
///
/// It never waits for the disk unless the queue of finished epochs is full.
final class Trainer {
  let plan: TrainingPlan
  let network: Network
  /// Where early stopping and the learning rate stand.
  private(set) var controls: TrainingControls
  /// Takes a finished epoch; throws what stopped the recording.
  let store: (FinishedEpoch) throws -> Void

  init(
    plan: TrainingPlan, network: Network, controls: TrainingControls,
    store: @escaping (FinishedEpoch) throws -> Void
  ) {
    self.plan = plan
    self.network = network
    self.controls = controls
    self.store = store
  }

  private var batches: Int {
    plan.network.batches(of: plan.train.count)
  }

  /// Trains the epochs after `epoch` up to the plan's last.
  ///
  /// - Parameters:
  ///   - stop: The epoch after which training stops for now, if the plan's last comes later.
  ///   - report: Told of batches and epochs.
  ///   - shouldStop: Asked after each batch; true drops the epoch that is under way.
  func train(
    after epoch: Int, upTo stop: Int? = nil, report: (TrainingEvent) -> Void,
    shouldStop: () -> Bool
  ) throws -> TrainingEnd {
    if controls.state.isStopped { return stoppedEarly(after: epoch) }
    let last = min(stop ?? .max, plan.config.training.epochs)
    for number in stride(from: epoch + 1, through: last, by: 1) {
      if shouldStop() { return .interrupted }
      let learningRate = controls.learningRate
      let clock = ContinuousClock()
      let start = clock.now
      let result = network.trainEpoch(
        plan.train, order: plan.order(epoch: number), learningRate: learningRate
      ) { done in
        report(.batch(epoch: number, done: done, of: batches, loss: network.runningLoss))
        return !shouldStop()
      }
      switch result {
      case .stopped: return .interrupted
      case .diverged(let batch): return .diverged(epoch: number, batch: batch)
      case .finished(let training):
        let metrics =
          afterTraining(training)
          + (plan.validation.map { measure($0, .validation) } ?? [])
        controls.observe(metrics, epoch: number)
        // The rate of the epoch's last step; others have been made since the epoch began.
        let rate = learningRate.at(iteration: network.iterations - 1)
        let seconds = (clock.now - start) / .seconds(1)
        try store(finished(number, metrics, rate: rate, seconds: seconds))
        report(.epoch(summary(number, metrics, rate: rate, seconds: seconds)))
        if controls.state.isStopped { return stoppedEarly(after: number) }
      }
    }
    let reached = max(epoch, last)
    return reached < plan.config.training.epochs ? .stopped(epoch: reached) : .completed
  }

  private func stoppedEarly(after epoch: Int) -> TrainingEnd {
    .stoppedEarly(
      epoch: epoch, best: controls.state.best?.epoch,
      monitor: plan.config.training.earlyStopping?.monitor.name ?? "loss")
  }

  private func finished(
    _ number: Int, _ metrics: [MetricValue], rate: Double, seconds: Double
  ) -> FinishedEpoch {
    var epoch = FinishedEpoch(
      number: number, seconds: seconds, recordedAt: Date(),
      learningRate: rate, metrics: metrics, controls: controls.state,
      predictions: predictions(number))
    epoch.activations = activations(number)
    epoch.isLast = isLast(number)
    epoch.isBest = plan.needsBest && controls.state.best?.epoch == number
    return epoch
  }

  /// The epoch's figures as they are shown: with the learning rate, where it may change.
  private func summary(
    _ number: Int, _ metrics: [MetricValue], rate: Double, seconds: Double
  ) -> EpochSummary {
    let values = metrics.map { (name: $0.kerasName, value: $0.value) }
    return EpochSummary(
      epoch: number, steps: batches, seconds: seconds,
      values: values
        + (plan.config.training.rateControl == nil
          ? [] : [(name: "learning_rate", value: rate)]))
  }

  /// What an epoch's batches measured, and where a metric needs every prediction, those of the weights
  /// that they led to: a pass forward more.
  private func afterTraining(_ training: LSTMEngine.Measurement) -> [MetricValue] {
    guard plan.measuresPredictions else { return measured(training, .train) }
    return measured(training, .train, outputs(of: plan.train).values, of: plan.train)
  }

  /// Measures a part of the data with the present weights.
  func measure(_ samples: SampleSet, _ split: DataSplit) -> [MetricValue] {
    if plan.measuresPredictions { return predict(samples, split).metrics }
    var none: [Float]?
    return measured(network.evaluate(samples, predictions: &none), split)
  }

  /// Returns what the model makes of a part of the data with the present weights, and how good it is.
  func predict(
    _ samples: SampleSet, _ split: DataSplit
  ) -> (metrics: [MetricValue], values: Data) {
    let (result, values) = outputs(of: samples)
    let recorded = samples.recorded(values, width: plan.network.outputs)
    return (measured(result, split, values, of: samples), Data(recorded))
  }

  /// The outputs for some samples, in the units of the data.
  private func outputs(of samples: SampleSet) -> (LSTMEngine.Measurement, values: [Float]) {
    var outputs: [Float]? = []
    let measured = network.evaluate(samples, predictions: &outputs)
    return (measured, samples.inUnits(outputs ?? []))
  }

  private func measured(
    _ measured: LSTMEngine.Measurement, _ split: DataSplit, _ outputs: [Float] = [],
    of samples: SampleSet? = nil
  ) -> [MetricValue] {
    [MetricValue(split, "loss", measured.loss)]
      + plan.config.training.metrics.values(
        rowMeans: measured.metrics, predictions: samples.map { plan.predictions(outputs, of: $0) }
      ).map { MetricValue(split, $0.metric.rawValue, $0.value) }
  }

  /// What the model makes of all samples, where the configuration asks for it in this epoch.
  func predictions(_ epoch: Int) -> [Prediction] {
    guard records(epoch, every: plan.config.record.predictionsEvery) else { return [] }
    return plan.splits.map { split, samples in
      Prediction(split: split, values: predict(samples, split).values)
    }
  }

  /// Measures the test data with an epoch's weights, which the network has; what the model makes of
  /// them is kept of the result's epoch.
  func measure(_ test: SampleSet, _ epoch: Int, last: Int, into result: inout RunResult) {
    guard epoch == result.epoch ?? last, plan.storesTestPredictions else {
      return result.measured.append(.init(epoch: epoch, metrics: measure(test, .test)))
    }
    let (metrics, values) = predict(test, .test)
    result.measured.append(.init(epoch: epoch, metrics: metrics))
    result.test = .init(split: .init(.test, test, plan), values: values)
  }

  private func records(_ epoch: Int, every: Int) -> Bool {
    every > 0 && (epoch % every == 0 || isLast(epoch))
  }

  /// Whether no epoch comes after this one, as far as is known at its end.
  private func isLast(_ epoch: Int) -> Bool {
    epoch == plan.config.training.epochs || controls.state.isStopped
  }

  /// The gates and states of the samples that the configuration asks for in this epoch.
  func activations(_ epoch: Int) -> [Activations] {
    let record = plan.config.record
    guard records(epoch, every: record.activationsEvery) else { return [] }
    return network.activations(of: record.activationSamples, in: plan.train)
  }
}

extension TrainingPlan {
  /// The parts of the data that there are while the model is trained.
  var splits: [(DataSplit, SampleSet)] {
    [(.train, train)] + (validation.map { [(.validation, $0)] } ?? [])
  }

  /// Those, and the test data.
  var allSplits: [(DataSplit, SampleSet)] { splits + (test.map { [(.test, $0)] } ?? []) }

  /// The most predictions of test data that are stored without being asked for.
  private static let unaskedPredictions = 1_000_000

  /// Whether a result's predictions of the test data are stored.
  var storesTestPredictions: Bool {
    guard let test else { return false }
    return config.record.predictionsEvery > 0 || predictions(of: test) <= Self.unaskedPredictions
  }

  /// Whether a metric needs every prediction of the data.
  var measuresPredictions: Bool { config.training.metrics.contains { $0.ofRows == nil } }

  /// Some samples' outputs, in the units of the data, beside what they should be.
  func predictions(_ outputs: [Float], of samples: SampleSet) -> MeasuredPredictions {
    MeasuredPredictions(
      outputs, of: samples, width: network.outputs, loss: network.loss,
      hasClasses: !data.classes.isEmpty)
  }

  /// The number of values that are stored as an epoch's predictions of some samples.
  func predictions(of samples: SampleSet) -> Int { samples.count * outputs(of: samples) }

  /// The number of values that are stored for each of some samples.
  func outputs(of samples: SampleSet) -> Int {
    network.outputs * (network.outputHasSteps ? samples.steps : 1)
  }
}
