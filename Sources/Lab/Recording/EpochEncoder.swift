import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// Turns snapshots into records: Keras's order and bytes, hashes, norms.
///
/// Used by one thread at a time, one epoch after the other.
final class EpochEncoder: @unchecked Sendable {
  private let layout: ParameterLayout
  private let slotNames: [String]
  private let record: RecordConfig
  private var chain: HashChain
  private var weightsBefore: [Float]?
  /// The last epoch with everything that a resume needs, whether or not it was stored so.
  private(set) var whole: EpochRecord?

  /// Goes on after an epoch with `hash`, whose weights were `weights`.
  init(plan: TrainingPlan, layout: ParameterLayout, after hash: [UInt8], weights: [Float]?) {
    self.layout = layout
    slotNames = plan.network.optimizer.slotNames
    record = plan.config.record
    chain = HashChain(after: hash)
    weightsBefore = weights
  }

  /// Returns the record of the next epoch.
  ///
  /// - Parameters:
  ///   - snapshot: The network's state at the end of the epoch.
  ///   - inherited: The hash of the same state in another run, which a fork's first epoch keeps
  ///     instead of being chained to itself.
  func encode(
    _ epoch: FinishedEpoch, _ snapshot: Snapshot, inheriting inherited: [UInt8]? = nil
  ) -> EpochRecord {
    let weights = layout.tensors.map { Data(valuesOf: $0, in: snapshot.weights) }
    let slots = snapshot.slots.map { slot in
      layout.tensors.map { Data(valuesOf: $0, in: slot) }
    }
    let hash =
      inherited
      ?? chain.append(weights: weights, iterations: snapshot.iterations, slots: slots)
    let stats = GateNorms.stats(
      layout, snapshot, before: epoch.isFirst ? nil : weightsBefore)
    weightsBefore = snapshot.weights
    var record = EpochRecord(
      epoch: epoch.number, seconds: epoch.seconds, recordedAt: epoch.recordedAt,
      learningRate: epoch.learningRate, metrics: epoch.metrics, hash: hash,
      state: TrainingState(
        iterations: snapshot.iterations, controls: epoch.controls
      ).json,
      weights: weights,
      optimizer: zip(slotNames, slots).map { OptimizerSlot(name: $0, tensors: $1) },
      gateStats: stats, predictions: epoch.predictions,
      activations: epoch.activations)
    whole = record
    if !keeps(epoch, every: self.record.weightsEvery) { record.weights = nil }
    if !keeps(epoch, every: self.record.optimizerEvery) { record.optimizer = nil }
    return record
  }

  /// Whether an epoch is stored with all that a resume needs.
  func keepsEverything(_ epoch: FinishedEpoch) -> Bool {
    keeps(epoch, every: record.weightsEvery) && keeps(epoch, every: record.optimizerEvery)
  }

  /// The first state and the last epoch are always stored, so that the run can be trained again and
  /// its result is there and can be trained further; and the best, where it may be the result.
  private func keeps(_ epoch: FinishedEpoch, every: Int) -> Bool {
    epoch.isFirst || epoch.isLast || epoch.isBest || epoch.number % every == 0
  }
}

/// What is known of an epoch at its end, besides the network's state.
struct FinishedEpoch: Sendable {
  var number: Int
  /// Whether it is the run's first stored state, which is always kept whole.
  var isFirst = false
  /// Whether training ends with it.
  var isLast = false
  /// Whether it is the best so far, and its weights will be asked for when training is over.
  var isBest = false
  var seconds: Double
  var recordedAt: Date
  var learningRate: Double
  var metrics: [MetricValue]
  var controls = ControlState()
  var predictions: [Prediction] = []
  var activations: [Activations] = []
}

extension Data {
  /// The little-endian bytes of a tensor's elements, row-major.
  fileprivate init(valuesOf tensor: ParameterTensor, in buffer: [Float]) {
    #if _endian(little)
      self.init(count: MemoryLayout<Float>.stride * tensor.count)
      unsafe withUnsafeMutableBytes { bytes in
        unsafe tensor.copy(from: buffer, to: bytes.bindMemory(to: Float.self))
      }
    #else
      self.init(tensor.values(in: buffer))
    #endif
  }

  /// The little-endian bytes of some numbers.
  init(_ values: [Float]) {
    #if _endian(little)
      self = unsafe values.withUnsafeBytes { unsafe Data($0) }
    #else
      self = Data(
        values.flatMap { unsafe withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
    #endif
  }

  /// The float32 numbers whose little-endian bytes these are.
  var floats: [Float] {
    #if _endian(little)
      let count = count / MemoryLayout<Float>.stride
      return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = unsafe copyBytes(to: buffer) / MemoryLayout<Float>.stride
      }
    #else
      return (0..<count / 4).map { index in
        let start = startIndex + 4 * index
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(self[start + $1]) << (8 * UInt32($1)) }
        return Float(bitPattern: bits)
      }
    #endif
  }
}
