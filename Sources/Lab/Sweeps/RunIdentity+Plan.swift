import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension FoundRun {
  /// Whether it has come to its end, or with its end to an epoch.
  func isDone(at stop: Int?) -> Bool {
    if ["completed", "diverged"].contains(status) { return true }
    guard let stop else { return false }
    return epochs > stop || epochs == stop && status == "interrupted"
  }
}

extension SweepOutcome {
  /// Whether an error kept it from being trained or ended it.
  package var hasFailed: Bool {
    if case .failed = kind { true } else { false }
  }
}

extension TrainingPlan {
  /// What a run of this plan is, whatever it is called.
  func identity(_ resources: TrainingSession.Resources) throws -> RunIdentity {
    let settings = try RunSettings(config: config.normalised())
    var initial: String?
    if initialWeights != nil {
      let network = resources.network(network)
      network.setInitialWeights(self)
      let weights = network.snapshot().weights
      let drawn = Set(initialWeights?.drawn ?? [])
      let given = network.layout.tensors.enumerated().filter { !drawn.contains($0.offset) }
      initial = settings.initialHash(of: given.map { Data($0.element.values(in: weights)) })
    }
    return RunIdentity(
      settings: settings.hash, data: data.hash, initial: initial, seed: config.seed,
      fold: config.data.validation?.folds?.fold)
  }
}
