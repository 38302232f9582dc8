import LSTMEngine
import LabFormats
import LabStore

extension OpenedRun {
  /// Returns the weights of an epoch that has not stored them: trained again from the nearest state before,
  /// and proven by the epoch's hash. Nothing is stored.
  ///
  /// - Parameter error: What is thrown where that is not possible, with the reason.
  func weightsTrainedAgain(to epoch: Int, insteadOf error: LabError) throws -> [[Float]] {
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
    let weights = replay.network.snapshot().weights
    return replay.network.layout.tensors.map { $0.values(in: weights) }
  }
}
