import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension OpenedRun {
  /// Returns the weights of an epoch that has not stored them.
  ///
  /// - Parameter error: What is thrown where they cannot be had, with the reason.
  func weightsTrainedAgain(to epoch: Int, insteadOf error: LabError) throws -> [[Float]] {
    let (_, network) = try trainedAgain(to: epoch, insteadOf: error)
    let weights = network.snapshot().weights
    return network.layout.tensors.map { $0.values(in: weights) }
  }

  /// Returns all that a run needs to go on from an epoch, be it stored or not.
  func wholeState(at epoch: Int) throws -> StoredState {
    do {
      return try state(at: epoch)
    } catch let error as LabError where error.kind == .notFound {
      let (hash, network) = try trainedAgain(to: epoch, insteadOf: error)
      guard let state = try database.trainerState(of: id, at: epoch) else { throw error }
      let snapshot = network.snapshot()
      func data(_ values: [Float]) -> [Data] {
        network.layout.tensors.map { Data($0.values(in: values)) }
      }
      return StoredState(
        weights: data(snapshot.weights),
        optimizer: zip(network.description.optimizer.slotNames, snapshot.slots).map {
          OptimizerSlot(name: $0, tensors: data($1))
        }, state: state, hash: hash, isWhole: true)
    }
  }

  /// Trains an epoch again from the nearest state before; its hash proves it. Nothing is stored.
  private func trainedAgain(
    to epoch: Int, insteadOf error: LabError
  ) throws -> (hash: [UInt8], network: Network) {
    guard let hash = try database.hash(of: id, at: epoch) else { throw error }
    let replay: Replay
    do {
      replay = try Replay(self, before: epoch, resources: resources())
    } catch let reason as LabError {
      var error = error
      error.next += "; it cannot be trained again: \(reason.what); \(reason.next)"
      throw error
    }
    try replay.advance(to: epoch)
    guard let before = try self.hash(before: epoch), replay.hash(after: before) == hash else {
      throw LabError(
        .data, "trained again, epoch \(epoch) of run \(id) does not have its stored hash",
        where: place,
        next: "check what is stored with: lstm-lab verify \(id)\(database.option)")
    }
    tell("epoch \(epoch) is not stored: trained again from epoch \(replay.start)")
    return (hash, replay.network)
  }
}
