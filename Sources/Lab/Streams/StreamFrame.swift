import Foundation
import LabFormats
import LabStore

/// The bytes of one epoch of a stream, cut into what they are.
struct StreamFrame {
  let weights: [Data]
  let slots: [OptimizerSlot]
  let activations: [Activations]
}

/// How many bytes of an epoch are what, found good before any is read.
struct FrameLayout {
  private let weights: [Int]
  private let slots: [(name: String, tensors: [Int])]
  private let activations: [(sample: Int, bytes: Int)]

  /// Adds up what the first line and the epoch's own say.
  ///
  /// - Throws: `LabError` where they do not fit each other.
  init(of epoch: StreamedEpoch, _ header: StreamHeader, place: String) throws(LabError) {
    func refuse(_ what: String) -> LabError {
      LabError(.data, what, where: place, next: "see docs/record.md for what a stream may have")
    }
    let weights = header.tensors.map { 4 * $0.rows * $0.cols }
    self.weights = weights
    let own = header.slots.filter { epoch.slots.contains($0.name) }
    guard own.map(\.name) == epoch.slots else {
      throw refuse("epoch \(epoch.epoch) has slots that the first line does not name in this order")
    }
    slots = own.map { ($0.name, $0.tensors?.map { 4 * $0.count } ?? weights) }
    let step = 4 * header.activations.reduce(0) { $0 + $1.units }
    guard Set(epoch.activations.map(\.sample)).count == epoch.activations.count else {
      throw refuse("epoch \(epoch.epoch) has a sample's activations twice")
    }
    for sample in epoch.activations where step == 0 || sample.bytes != step * sample.steps {
      throw refuse(
        "\(sample.bytes) bytes are no \(sample.steps) steps of sample \(sample.sample)'s activations"
      )
    }
    activations = epoch.activations.map { ($0.sample, $0.bytes) }
    let all =
      weights.reduce(0, +) + slots.reduce(0) { $0 + $1.tensors.reduce(0, +) }
      + activations.reduce(0) { $0 + $1.bytes }
    guard all == epoch.bytes else {
      throw refuse("epoch \(epoch.epoch) has \(epoch.bytes) bytes, and what it names takes \(all)")
    }
  }

  /// Reads the bytes; nil where the stream ends before.
  func frame(from stream: ByteStream) throws(LabError) -> StreamFrame? {
    guard let weights = try tensors(weights, from: stream) else { return nil }
    var slots: [OptimizerSlot] = []
    for slot in self.slots {
      guard let tensors = try tensors(slot.tensors, from: stream) else { return nil }
      slots.append(OptimizerSlot(name: slot.name, tensors: tensors))
    }
    var activations: [Activations] = []
    for sample in self.activations {
      guard let values = try stream.bytes(sample.bytes) else { return nil }
      activations.append(Activations(sample: sample.sample, values: values))
    }
    return StreamFrame(weights: weights, slots: slots, activations: activations)
  }

  private func tensors(_ counts: [Int], from stream: ByteStream) throws(LabError) -> [Data]? {
    var tensors: [Data] = []
    for count in counts {
      guard let bytes = try stream.bytes(count) else { return nil }
      tensors.append(bytes)
    }
    return tensors
  }
}
