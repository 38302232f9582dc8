import LSTMEngine
import LabStore

/// What steers a run from epoch to epoch: a fold over the metrics of its epochs.
///
/// The rules are those of Keras's callbacks (keras/src/callbacks/early_stopping.py and
/// reduce_lr_on_plateau.py), which count epochs from 0 where we count from 1.
struct TrainingControls {
  /// Where they stand after the last epoch that was observed.
  private(set) var state: ControlState

  private let stopping: EarlyStopping?
  private let rateControl: RateControl?
  private let initialRate: Double
  private let bestMonitor: Monitor?

  /// The controls of a plan, standing where `state` tells.
  init(_ plan: TrainingPlan, state: ControlState = ControlState()) {
    let training = plan.config.training
    self.state = state
    stopping = training.earlyStopping
    rateControl = training.rateControl
    initialRate = training.optimizer.learningRate
    let usual = Monitor(plan.validation == nil ? "loss" : "val_loss")
    bestMonitor = stopping?.monitor ?? (plan.needsBest ? usual : nil)
  }

  /// The controls of a fork, whose first epoch has these metrics. Early stopping begins anew
  /// there; the learning rate goes on from where the parent's stood, or anew without it.
  init(_ plan: TrainingPlan, forking parent: ControlState?, _ metrics: [MetricValue], epoch: Int) {
    self.init(plan)
    observe(metrics, epoch: epoch)
    if let parent { state.plateau = parent.plateau }
  }

  /// Takes in the metrics of the next epoch.
  mutating func observe(_ metrics: [MetricValue], epoch: Int) {
    if let bestMonitor, let value = metrics.value(bestMonitor.name) {
      follow(value, bestMonitor, epoch: epoch)
    }
    if case .plateau(let plateau) = rateControl, let value = metrics.value(plateau.monitor.name) {
      reduce(value, plateau)
    }
  }

  /// Begins the patience anew after an early stop, for a training that shall go on all the same.
  mutating func goOn() {
    guard state.isStopped else { return }
    state.isStopped = false
    state.wait = 0
  }

  /// The learning rate of the next epoch's steps.
  var learningRate: LearningRate {
    switch rateControl {
    case nil: .constant(initialRate)
    case .schedule(let schedule): .scheduled(initial: initialRate, schedule)
    case .plateau(let plateau):
      .constant(plateau.rate(initialRate, reductions: state.plateau.reductions))
    }
  }

  private mutating func follow(_ value: Double, _ monitor: Monitor, epoch: Int) {
    guard let stopping else {
      if monitor.isBetter(value, than: state.best?.value) {
        state.best = ControlState.Best(value: value, epoch: epoch)
      }
      return
    }
    guard epoch > stopping.startFromEpoch else { return }
    state.wait += 1
    if monitor.isBetter(value, than: state.best?.value) {
      state.best = ControlState.Best(value: value, epoch: epoch)
      // Better than the best so far, but not than the baseline, is no reason to wait longer.
      if stopping.baseline.map({ monitor.isBetter(value, than: $0) }) ?? true { state.wait = 0 }
    } else if state.wait >= stopping.patience, epoch > 1 {
      state.isStopped = true
    }
  }

  private mutating func reduce(_ value: Double, _ plateau: PlateauReduction) {
    if state.plateau.cooldown > 0 {
      state.plateau.cooldown -= 1
      state.plateau.wait = 0
    }
    if plateau.monitor.isBetter(value, than: state.plateau.best) {
      state.plateau.best = value
      state.plateau.wait = 0
    } else if state.plateau.cooldown == 0 {
      state.plateau.wait += 1
      let rate = plateau.rate(initialRate, reductions: state.plateau.reductions)
      guard state.plateau.wait >= plateau.patience, rate > plateau.minimum else { return }
      state.plateau.reductions += 1
      state.plateau.cooldown = plateau.cooldown
      state.plateau.wait = 0
    }
  }
}

extension PlateauReduction {
  /// Returns the rate after so many reductions, each a factor, none below the minimum.
  fileprivate func rate(_ initial: Double, reductions: Int) -> Double {
    (0..<reductions).reduce(initial) { rate, _ in max(rate * factor, minimum) }
  }
}

extension TrainingPlan {
  /// Whether the best epoch's weights are needed when training is over.
  var needsBest: Bool {
    config.training.earlyStopping?.restoresBest == true || test != nil
  }
}

extension [MetricValue] {
  /// Returns the value of a loss or metric by its Keras name.
  fileprivate func value(_ kerasName: String) -> Double? {
    first { $0.kerasName == kerasName }?.value
  }
}
