import LabStore

extension TrainingSession {
  /// How a trial ended.
  enum Trial: Equatable {
    case diverged
    /// Every epoch up to this one was finite, the last with this loss; then the trial was over, or was
    /// stopped.
    case finite(to: Int, loss: Double)
  }

  /// Trains on from a stored epoch with another learning rate, as a fork would, to the same bits, and
  /// stores nothing. The session's own training must be over.
  ///
  /// - Parameters:
  ///   - metrics: Those that the epoch has stored.
  ///   - last: The last epoch to train.
  func tryTraining(
    from state: StoredState, _ metrics: [MetricValue], epoch: Int, learningRate: Double,
    to last: Int, place: String, shouldStop: () -> Bool
  ) throws -> Trial {
    let plan = plan.forTrial(learningRate: learningRate, to: last)
    try network.restore(state, place: place)
    let controls = TrainingControls(
      plan, forking: nil, metrics.filter { $0.split != .test }, epoch: epoch)
    var reached = (epoch: epoch, loss: Double.infinity)
    let trainer = Trainer(plan: plan, network: network, controls: controls) {
      reached = ($0.number, $0.metrics.trainingLoss ?? .infinity)
    }
    let end = try trainer.train(after: epoch, report: { _ in }, shouldStop: shouldStop)
    if case .diverged = end { return .diverged }
    return .finite(to: end.isComplete ? last : reached.epoch, loss: reached.loss)
  }
}

extension [MetricValue] {
  /// The loss of the samples that are trained on; nil where it is not a number.
  var trainingLoss: Double? { first { $0.kerasName == "loss" && $0.value.isFinite }?.value }
}
