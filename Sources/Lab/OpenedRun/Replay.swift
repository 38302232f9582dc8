import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// A stored run that is trained again, from one of its stored states.
struct Replay {
  let opened: OpenedRun
  let plan: TrainingPlan
  let network: Network
  /// The epoch whose state the network holds at first.
  let start: Int

  /// Restores the last state at or before an epoch.
  ///
  /// - Throws: What epoch can be asked for instead, where no state is stored before this one.
  init(_ opened: OpenedRun, before epoch: Int, resources: TrainingSession.Resources) throws {
    let (run, database) = (opened.run, opened.database)
    let known = try database.epochs(of: run.runID, storing: .resumable)
    guard let start = known.last(where: { $0 <= epoch }) else {
      throw LabError(
        .notFound, "run \(run.runID) has stored no state to train from at or before epoch \(epoch)",
        where: database.path,
        next: known.first.map { "the first that it has stored is that of epoch \($0)" }
          ?? "`record.weights` and `record.optimizer` of a configuration say when states are stored"
      )
    }
    var config = try opened.config
    config.training.epochs = max(config.training.epochs, run.epochs)
    self.opened = opened
    self.start = start
    plan = try opened.plan(config)
    network = resources.network(plan.network)
    try network.restore(opened.state(at: start), place: opened.place(of: start))
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
    return .constant(try opened.database.learningRate(of: opened.id, at: epoch) ?? initial)
  }

  /// The error of an epoch that was stored but cannot be trained again.
  func diverged(_ epoch: Int) -> LabError {
    LabError(
      .data, "trained again, epoch \(epoch) of run \(opened.id) does not stay finite",
      where: opened.database.path,
      next: "check what is stored with: lstm-lab verify \(opened.id)\(opened.database.option)")
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
