import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// A stored run that is trained again, from one of its stored states.
struct Replay {
  let run: StoredRun
  let plan: TrainingPlan
  let network: Network
  /// The epoch whose state the network holds at first.
  let start: Int
  private let database: LabDatabase

  /// Restores the last state at or before an epoch.
  ///
  /// - Throws: What epoch can be asked for instead, where no state is stored before this one.
  init(
    _ run: StoredRun, before epoch: Int, in laboratory: Laboratory, _ database: LabDatabase,
    resources: TrainingSession.Resources
  ) throws {
    let known = try database.epochs(of: run.runID, storing: .resumable)
    guard let start = known.last(where: { $0 <= epoch }) else {
      throw LabError(
        .notFound, "run \(run.runID) has no whole state at or before epoch \(epoch)",
        where: database.path,
        next: known.first.map { "the first is that of epoch \($0)" }
          ?? "states are stored where record.weights and record.optimizer ask for them")
    }
    var config = try Config(of: run)
    config.training.epochs = max(config.training.epochs, run.epochs)
    self.run = run
    self.start = start
    self.database = database
    plan = try laboratory.restoredPlan(config, of: run, in: database)
    network = resources.network(plan.network)
    let state = try laboratory.checkedState(of: run, at: start, in: database)
    try network.restore(
      state, place: "\(database.path), run \(run.runID), epoch \(start)")
  }

  /// Trains up to an epoch without looking.
  func advance(to epoch: Int) throws {
    for number in stride(from: start + 1, through: epoch, by: 1) {
      let result = network.trainEpoch(
        plan.train, order: plan.order(epoch: number), learningRate: try learningRate(of: number))
      guard case .finished = result else { throw diverged(number) }
    }
  }

  /// The learning rate of each step of an epoch: by the schedule, or the one that the epoch stored,
  /// which was the same for all of its steps.
  func learningRate(of epoch: Int) throws -> LearningRate {
    let initial = plan.network.optimizer.learningRate
    if case .schedule(let schedule) = plan.config.training.rateControl {
      return .scheduled(initial: initial, schedule)
    }
    return .constant(try database.learningRate(of: run.runID, at: epoch) ?? initial)
  }

  /// The error of an epoch that was stored but cannot be trained again.
  func diverged(_ epoch: Int) -> LabError {
    LabError(
      .data, "epoch \(epoch) of run \(run.runID) does not stay finite when it is trained again",
      where: database.path, next: "check what is stored with: lstm-lab verify \(run.runID)")
  }

  /// The hash that the network's state has as the epoch after one with `hash`.
  func hash(after hash: [UInt8]) -> [UInt8] {
    let snapshot = network.snapshot()
    var chain = HashChain(after: hash)
    return chain.append(
      weights: network.layout.tensors.map { Data($0.values(in: snapshot.weights)) },
      iterations: snapshot.iterations,
      slots: snapshot.slots.map { slot in
        network.layout.tensors.map { Data($0.values(in: slot)) }
      })
  }
}
