import Foundation
import LSTMEngine
import LabStore

/// What a run records beside its state: predictions with their targets, gates and states.
extension RunVerifier {
  /// Compares an epoch's predictions.
  func comparePredictions(
    _ epoch: Int, _ session: Session, _ comparison: StateComparison
  ) throws {
    for stored in try database.predictions(of: run.runID, at: epoch) {
      guard let samples = session.plan.allSplits.first(where: { $0.0 == stored.split })?.1 else {
        continue
      }
      var outputs: [Float]? = []
      _ = session.network.evaluate(samples, predictions: &outputs)
      comparison.compare(
        stored.values,
        with: Data(
          samples.recorded(
            samples.inUnits(outputs ?? []), width: session.plan.network.outputs)),
        of: "predictions of \(stored.split.rawValue)", in: &verification)
    }
  }

  /// Compares an epoch's gates and states.
  func compareActivations(
    _ epoch: Int, _ session: Session, _ comparison: StateComparison
  ) throws {
    let stored = try database.activations(of: run.runID, at: epoch)
    let samples = 0..<session.plan.train.count
    guard stored.allSatisfy({ samples.contains($0.sample) }) else {
      return verification.add(epoch, "activations", "are of a sample that the data do not have")
    }
    let trained = session.network.activations(of: stored.map(\.sample), in: session.plan.train)
    for (stored, trained) in zip(stored, trained) {
      comparison.compare(
        stored.values, with: trained.values, of: "activations of sample \(stored.sample)",
        in: &verification)
    }
  }

  /// Compares what the stored numbers of a time step are said to be: the view `activations` tells them
  /// apart by it.
  func checkGates(_ plan: TrainingPlan) throws {
    let stored = try database.activationDescriptions(of: run.runID)
    guard !stored.isEmpty, stored != plan.network.activationDescriptions else { return }
    verification.add(nil, "activations", "are not listed as the gates and states of the model")
  }

  /// Compares the targets that are stored with predictions.
  func checkTargets(_ plan: TrainingPlan) {
    guard let stored = try? database.targets(of: run.runID) else { return }
    let comparison = StateComparison(tensors: tensors, epoch: run.parentEpoch ?? 0)
    let outputs = plan.network.outputs
    for targets in stored {
      guard let samples = plan.allSplits.first(where: { $0.0 == targets.split })?.1 else {
        continue
      }
      comparison.compare(
        targets.values,
        with: Data(
          samples.recorded(samples.targetValues(outputs: outputs), width: outputs)),
        of: "targets of \(targets.split.rawValue)", in: &verification)
    }
  }
}
