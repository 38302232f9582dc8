import Foundation

/// A training of another program, as a stream of it: an LSTM with a dense layer, a layer that nobody knows, and
/// an optimizer with a slot of its own shapes. Every number is a function of seed and epoch.
struct SentTraining {
  var uuid = "11111111-2222-3333-4444-555555555555"
  var name = "walks"
  var seed: UInt64 = 1
  var epochs = 0...4
  /// Members of the first line in the place of `run`.
  var after: String?
  /// Whether the tensors are PyTorch's, turned into our order.
  var isTurned = false
  var hasActivations = true
  var end: String? = #"{"end":"completed","message":null,"result_epoch":2,"test":[["loss",0.25]]}"#

  struct Tensor {
    let layer, tensor: String
    let rows, cols: Int
    var gates = "null"
    var source = "null"
    var shape: String
    var more = ""
  }

  static let gates = #"["input","forget","cell","output"]"#
  static let samples = [(sample: 3, steps: 5), (sample: 0, steps: 2)]
  static let units = 4

  var tensors: [Tensor] {
    let turned = isTurned ? #","turned":{"transpose":true,"blocks":[0,1,2,3]}"# : ""
    return [
      Tensor(
        layer: "lstm", tensor: "kernel", rows: 3, cols: 16, gates: Self.gates, source: #""x""#,
        shape: isTurned ? "[16,3]" : "[3,16]", more: turned),
      Tensor(
        layer: "lstm", tensor: "recurrent_kernel", rows: 4, cols: 16, gates: Self.gates,
        source: #""h""#, shape: "[4,16]",
        more: isTurned ? #","turned":{"blocks":[1,3,0,2]}"# : ""),
      Tensor(
        layer: "lstm", tensor: "bias", rows: isTurned ? 2 : 1, cols: 16, gates: Self.gates,
        source: #""bias""#, shape: isTurned ? "[2,16]" : "[16]",
        more: isTurned ? #","turned":{"stacked":["lstm.bias_ih","lstm.bias_hh"]}"# : ""),
      Tensor(
        layer: "dense", tensor: "kernel", rows: 4, cols: 2, source: #""x""#, shape: "[4,2]"),
      Tensor(layer: "dense", tensor: "bias", rows: 1, cols: 2, source: #""bias""#, shape: "[2]"),
      Tensor(
        layer: "mixer", tensor: "weight", rows: 6, cols: 2, shape: "[3,2,2]",
        more: #","dtype":"bfloat16""#),
      Tensor(
        layer: "mixer", tensor: "moving_mean", rows: 1, cols: 1, shape: "[]",
        more: #","trainable":false"#),
    ]
  }

  /// Number of values of all weights.
  var count: Int { tensors.reduce(0) { $0 + $1.rows * $1.cols } }

  private var header: String {
    let tensors = tensors.map { tensor in
      #"{"layer":"\#(tensor.layer)","tensor":"\#(tensor.tensor)","path":"m/\#(tensor.layer)/\#(tensor.tensor)","#
        + #""shape":\#(tensor.shape),"rows":\#(tensor.rows),"cols":\#(tensor.cols),"#
        + #""gates":\#(tensor.gates),"source":\#(tensor.source)\#(tensor.more)}"#
    }.joined(separator: ",")
    let run =
      after
      ?? #""run":{"uuid":"\#(uuid)","name":"\#(name)","created_at":"2026-11-29T20:15:00.250Z","notes":null,"#
      + #""tags":["sent"],"seed":null,"trainer":"keras 3.12","config":{"lr":0.01,"model":{"units":4}},"#
      + #""data_hash":null,"host":"there","parent":null}"#
    let activations =
      hasActivations
      ? #"[{"layer":"lstm","gate":"forget","units":4},{"layer":"lstm","gate":"hidden_state","units":4}]"#
      : "[]"
    return #"{"labstream":1,\#(run),"native":null,"tensors":[\#(tensors)],"#
      + #""slots":[{"name":"momentum","tensors":"all"},"#
      + #"{"name":"factored","tensors":[{"of":0,"shape":[3]},{"of":null,"shape":[]}]}],"#
      + #""activations":\#(activations)}"#
  }

  private static func numbers(_ count: Int, seed: UInt64, _ epoch: Int, _ part: UInt64) -> [Float] {
    var random = CounterRandom(seed: seed &* 1_000 &+ UInt64(epoch) &* 10 &+ part)
    return (0..<count).map { _ in Float(Int(random.next() % 4_001) - 2_000) / 1_024 }
  }

  /// All weights of an epoch, in the order of their bytes.
  func weights(_ epoch: Int) -> [Float] { Self.numbers(count, seed: seed, epoch, 1) }
  /// The optimizer's `momentum`.
  func momentum(_ epoch: Int) -> [Float] { Self.numbers(count, seed: seed, epoch, 2) }
  /// Its `factored`.
  func factored(_ epoch: Int) -> [Float] { Self.numbers(4, seed: seed, epoch, 3) }
  /// The gates and states of a sample.
  func activations(_ epoch: Int, _ index: Int) -> [Float] {
    Self.numbers(Self.samples[index].steps * 2 * Self.units, seed: seed, epoch, 4 + UInt64(index))
  }

  /// The pieces of the stream: the first line, each epoch's line with its bytes, the end.
  var pieces: [[UInt8]] {
    var pieces = [Array((header + "\n").utf8)]
    for epoch in epochs {
      let slots = epoch == 0 ? [] : momentum(epoch) + factored(epoch)
      let samples = hasActivations ? Self.samples.indices.flatMap { activations(epoch, $0) } : []
      let body = Self.bytes(weights(epoch) + slots + samples)
      let metrics =
        epoch == 0
        ? "[]"
        : #"[["train","loss",\#(1 / Double(epoch))],["validation","loss",\#(1.5 / Double(epoch))],["train","odd",null]]"#
      let sent =
        hasActivations
        ? Self.samples.map {
          #"{"sample":\#($0.sample),"steps":\#($0.steps),"bytes":\#($0.steps * 2 * Self.units * 4)}"#
        }.joined(separator: ",") : ""
      let line =
        #"{"epoch":\#(epoch),"seconds":0.5,"recorded_at":"2026-11-29T20:15:01Z","#
        + #""learning_rate":\#(epoch == 0 ? "null" : "0.01"),"iterations":\#(7 * epoch),"#
        + #""metrics":\#(metrics),"slots":\#(epoch == 0 ? "[]" : #"["momentum","factored"]"#),"#
        + #""activations":[\#(sent)],"bytes":\#(body.count)}"#
      pieces.append(Array((line + "\n").utf8) + body)
    }
    if let end { pieces.append(Array((end + "\n").utf8)) }
    return pieces
  }

  /// The stream.
  var bytes: [UInt8] { Array(pieces.joined()) }

  private static func bytes(_ numbers: [Float]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
    }
  }
}

extension Workplace {
  /// Sends a stream to `lstm-lab record` through a pipe.
  func send(_ stream: [UInt8], database: String = "lab.db") throws -> Program.Outcome {
    let name = "sent-\(UUID().uuidString)"
    try write(stream, to: name)
    return try shell(
      "cat \(name) | \"$LAB\" record --db \(database); code=$?; rm \(name); exit $code")
  }

  /// All that is stored of a run but when it was, for comparison.
  func everything(database: String = "lab.db") throws -> String {
    try sqlite(
      """
      SELECT uuid, name, created_at, outcome, message, result_epoch, test_loss, parameters, config, tags, trainer,
        native, exact FROM run;
      SELECT * FROM progress; SELECT * FROM tensor; SELECT * FROM slot; SELECT * FROM activation;
      SELECT run_id, epoch, recorded_at, seconds, learning_rate, loss, val_loss, hex(hash), resumable, state FROM epoch;
      SELECT * FROM metric; SELECT * FROM gate_stat; SELECT run_id, epoch, part, name, vectors FROM recording;
      SELECT hex(data) FROM vector ORDER BY id
      """, database: database)
  }
}
