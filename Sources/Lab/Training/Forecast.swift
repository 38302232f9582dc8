import LSTMEngine

/// How long a run will take, by a few steps that are trained and forgotten.
package struct Forecast: Sendable {
  /// The seconds of an epoch, with its validation and all that its metrics need.
  package let epochSeconds: Double

  /// Trains some samples of a plan for about `seconds`; at least one step of a few.
  ///
  /// - Parameter share: How much of the time that the run is forecast to take may be spent on this.
  package init(
    _ plan: TrainingPlan, resources: TrainingSession.Resources, seconds: Double,
    share: Double = .infinity
  ) {
    let order = Self.order(of: plan)
    var description = plan.network
    // What a step may take here; a share of a batch tells as much as the whole.
    let operations = plan.network.floatingPointOperations / Double(plan.network.batchSize)
    let affordable = max(1, seconds * 4e10 / max(operations, 1))
    description.batchSize = min(plan.network.batchSize, Int(min(affordable, 1e9)))
    let network = resources.network(description)
    network.initialize(seed: UInt64(plan.config.seed))
    let start = ContinuousClock.now
    var measured = (seconds: 0.0, rows: 0)
    var next = 0
    var isFirst = true
    let rows = plan.train.allSteps
    // Measuring goes forward only, which is a third of a step.
    let forward = (plan.validation?.allSteps ?? 0) + (plan.measuresPredictions ? rows : 0)
    let epoch = { measured.seconds / Double(measured.rows) * (Double(rows) + Double(forward) / 3) }
    let limit = {
      min(
        seconds,
        share == .infinity ? seconds : share * epoch() * Double(plan.config.training.epochs))
    }
    while measured.rows == 0 || (ContinuousClock.now - start) / .seconds(1) < limit() {
      let samples = Array(order[next..<min(next + description.batchSize, order.count)])
      let before = ContinuousClock.now
      _ = network.trainEpoch(plan.train, order: samples, learningRate: 0)
      let taken = (ContinuousClock.now - before) / .seconds(1)
      next = next + samples.count < order.count ? next + samples.count : 0
      // The first step meets cold caches; it counts where there is no time for another.
      if isFirst, taken < seconds / 4 {
        isFirst = false
        continue
      }
      measured.seconds += taken
      measured.rows += samples.reduce(0) { $0 + plan.train.steps(of: $1) }
    }
    epochSeconds = epoch()
  }

  /// The samples of the first epoch in their order; of very many, some that are spread over all.
  private static func order(of plan: TrainingPlan) -> [Int] {
    let most = 1 << 16
    guard plan.train.count > most else { return plan.order(epoch: 1) }
    let distance = plan.train.count / most
    return RandomStream(seed: 0, purpose: .shuffle, number: 1).permutation(most)
      .map { $0 * distance }
  }
}
