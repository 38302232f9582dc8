import Foundation

@testable import LabStore

/// Small runs to record.
enum Sample {
  static let gates = ["input", "forget", "cell", "output"]
  /// 2000-01-01 00:00:00 UTC.
  static let start = Date(timeIntervalSince1970: 946_684_800)

  /// An LSTM with a dense layer behind it.
  static func tensors(inputs: Int = 3, units: Int = 4, outputs: Int = 2) -> [TensorDescription] {
    [
      TensorDescription(
        layer: "lstm", tensor: "kernel", rows: inputs, cols: 4 * units, gates: gates,
        source: .input),
      TensorDescription(
        layer: "lstm", tensor: "recurrent_kernel", rows: units, cols: 4 * units, gates: gates,
        source: .hidden),
      TensorDescription(
        layer: "lstm", tensor: "bias", rows: 1, cols: 4 * units, gates: gates, source: .bias),
      TensorDescription(
        layer: "dense", tensor: "kernel", rows: units, cols: outputs, gates: [], source: .input),
      TensorDescription(
        layer: "dense", tensor: "bias", rows: 1, cols: outputs, gates: [], source: .bias),
    ]
  }

  static func description(
    name: String = "sample", tensors: [TensorDescription] = tensors(),
    parent: RunDescription.Parent? = nil, splits: [RunDescription.Split] = []
  ) -> RunDescription {
    RunDescription(
      name: name, createdAt: start, seed: 7, config: #"{"name":"sample"}"#, configHash: "c0",
      configDirectory: "/configs", data: DataDescription(hash: "da"), parent: parent,
      tags: ["a", "b c"],
      notes: "two\nlines", host: "host", version: "1.2.3", tensors: tensors, splits: splits)
  }

  /// An epoch whose numbers are a function of `epoch` and `seed`.
  static func record(
    _ epoch: Int, tensors: [TensorDescription] = tensors(), seed: UInt64 = 1,
    isFull: Bool = true
  ) -> EpochRecord {
    var random = SplitMix(state: seed &* 1_000_003 &+ UInt64(epoch))
    let hash = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let weights = tensors.map { values($0.count, &random) }
    let slots = ["m", "v"].map { name in
      OptimizerSlot(name: name, tensors: tensors.map { values($0.count, &random) })
    }
    return EpochRecord(
      epoch: epoch, seconds: 0.5, recordedAt: start.addingTimeInterval(Double(epoch)),
      learningRate: 0.001, metrics: metrics(epoch), hash: hash, state: #"{"t":\#(epoch)}"#,
      weights: isFull ? weights : nil, optimizer: isFull ? slots : nil)
  }

  /// Loss falls, validation loss has its lowest value at epochs 3 and 4.
  static func metrics(_ epoch: Int) -> [MetricValue] {
    guard epoch > 0 else { return [] }
    return [
      MetricValue(.train, "loss", 1 / Double(epoch)),
      MetricValue(.train, "accuracy", 0.5),
      MetricValue(.validation, "loss", max(4 - Double(epoch), Double(epoch) - 3)),
      MetricValue(.validation, "accuracy", 0.25),
      MetricValue(.train, "mean_absolute_error", 0.125),
      MetricValue(.test, "loss", 2),
    ]
  }

  /// Finite float32 values of every size.
  static func values(_ count: Int, _ random: inout SplitMix) -> Data {
    data((0..<count).map { _ in random.finiteFloat() })
  }

  /// Float32 values as the store takes them.
  static func data(_ values: [Float]) -> Data {
    var data = Data(capacity: 4 * values.count)
    for value in values {
      let bits = value.bitPattern
      data.append(contentsOf: [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) })
    }
    return data
  }

  /// What ``data(_:)`` took.
  static func floats(_ data: Data) -> [Float] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
    }
  }
}

/// A small generator of random numbers (Steele, Lea and Flood 2014).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Any bit pattern but those of infinities and not-a-number.
  mutating func finiteFloat() -> Float {
    let value = Float(bitPattern: UInt32(truncatingIfNeeded: next()))
    return value.isFinite ? value : 0
  }
}
