import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sequences of unequal length, both directions of time and embeddings in whole runs.
@Suite struct SequenceTests {
  /// A model, whether it reads whole numbers, and whether it has an output for every time step.
  struct Model: Sendable, CustomTestStringConvertible {
    let layers: String
    var readsNumbers = false
    var hasSteps = false
    var testDescription: String { layers }
  }

  static let models = [
    Model(layers: #"{"type":"bidirectional","layer":{"type":"lstm","units":17}}"#),
    Model(
      layers: #"{"type":"bidirectional","layer":{"type":"gru","units":9}},"#
        + #"{"type":"bidirectional","layer":{"type":"simple_rnn","units":18}}"#),
    Model(
      layers: #"{"type":"gru","units":18,"return_sequences":true}"#, hasSteps: true),
    Model(
      layers: #"{"type":"embedding","input_dim":9,"output_dim":18},{"type":"lstm","units":17}"#,
      readsNumbers: true),
    Model(
      layers: #"{"type":"embedding","input_dim":9,"output_dim":5},{"type":"bidirectional","#
        + #""layer":{"type":"lstm","units":17,"return_sequences":true}}"#,
      readsNumbers: true, hasSteps: true),
  ]

  /// Samples of 1 to 12 time steps and their classes.
  private func source(_ model: Model, samples: Int, seed: UInt64) -> String {
    var random = CounterRandom(seed: seed)
    var x: [String] = []
    var y: [String] = []
    for _ in 0..<samples {
      let steps = 0..<1 + Int(random.next() % 12)
      x.append(
        "["
          + steps.map { _ in
            model.readsNumbers
              ? "[\(random.next() % 9)]"
              : "[\(Double(random.next() % 65) / 64),\(random.next() % 3)]"
          }.joined(separator: ",") + "]")
      y.append(
        model.hasSteps
          ? "[" + steps.map { _ in "[\(random.next() % 3)]" }.joined(separator: ",") + "]"
          : "\(random.next() % 3)")
    }
    return #"{"x":[\#(x.joined(separator: ","))],"y":[\#(y.joined(separator: ","))]}"#
  }

  private func config(_ model: Model) -> String {
    """
    {"name":"sequences","seed":5,
    "data":{"train":\(source(model, samples: 40, seed: 1)),
      "validation":\(source(model, samples: 7, seed: 2))},
    "model":{"layers":[\(model.layers),{"type":"dense","units":3,"activation":"softmax"}]},
    "training":{"epochs":12,"batch_size":16,"loss":"sparse_categorical_crossentropy",
      "metrics":["accuracy"]},
    "record":{"predictions":{"every":4}}}
    """
  }

  /// Each life but the last is killed at some epoch; each has another number of threads.
  @Test(arguments: models)
  func `kills, resumes and threads change no bit`(model: Model) throws {
    let place = try Workplace()
    try place.write(config(model), to: "config.json")
    try place.lab("run", "config.json", "-q", "--threads", "1")
    let whole = try #require(try place.hashes(of: "1").last).prefix { $0 != "|" }
    var random = CounterRandom(seed: UInt64(model.layers.utf8.count))
    for life in 1...3 {
      let start = life == 1 ? ["run", "config.json"] : ["resume", "2"]
      let program = try LiveProgram(start + ["--threads", "\(life % 2 + 1)"], in: place)
      program.read(upTo: 1)
      usleep(UInt32(random.next() % 30_000))
      while life == 1, try place.run("show", "2").status != 0 {}
      _ = try program.killNow()
    }
    try place.lab("resume", "2", "-q", "--threads", "2")
    #expect(try place.hashes(of: "2").last?.prefix { $0 != "|" } == whole)
    #expect(try place.bits(of: "2") == place.bits(of: "1"))
    let outputs = try place.sqlite(
      "SELECT count(*), count(value), count(target) FROM predictions WHERE run_id = 1")
    #expect(try place.sqlite(Self.predicted) == outputs)
  }

  /// What the samples of the configuration need: an output a class, for each step or sample.
  private static let predicted = """
    WITH x AS (
      SELECT json_array_length(value) AS steps
      FROM runs, json_each(config, '$.data.train.x') WHERE run_id = 1
      UNION ALL
      SELECT json_array_length(value)
      FROM runs, json_each(config, '$.data.validation.x') WHERE run_id = 1),
    y AS (
      SELECT json_type(config, '$.data.train.y[0]') = 'array' AS is_per_step
      FROM runs WHERE run_id = 1)
    SELECT n, n, n FROM (
      SELECT 4 * 3 * sum(CASE WHEN is_per_step THEN steps ELSE 1 END) AS n FROM x, y);
    """

  @Test func `each direction has names of its own`() throws {
    let place = try Workplace()
    try place.write(config(Self.models[4]), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let tensors = try place.sqlite(
      "SELECT layer || '/' || tensor, rows, cols FROM tensors WHERE run_id = 1")
    #expect(
      tensors == """
        embedding/embeddings|9|5
        bidirectional/forward/kernel|5|68
        bidirectional/forward/recurrent_kernel|17|68
        bidirectional/forward/bias|1|68
        bidirectional/backward/kernel|5|68
        bidirectional/backward/recurrent_kernel|17|68
        bidirectional/backward/bias|1|68
        dense/kernel|34|3
        dense/bias|1|3
        """)
    // A direction's norm is that of the gate's weights in the tensors of its name.
    let apart = try place.sqlite(
      """
      SELECT count(*), max(abs(norm - weight_norm)) < 1e-6 FROM (
        SELECT layer, direction, gate, sqrt(sum(value * value)) AS norm
        FROM weights WHERE run_id = 1 AND epoch = 12 GROUP BY 1, 2, 3)
      JOIN gate_stats USING (layer, direction, gate) WHERE run_id = 1 AND epoch = 12;
      """)
    #expect(apart == "8|1")
    let places = try place.sqlite(
      """
      SELECT count(*), count(gate), min(source), max(unit) FROM weights
      WHERE run_id = 1 AND epoch = 0 AND layer = 'embedding';
      """)
    #expect(places == "45|0|x0|4")
  }

  /// Layers that do not fit, and what is said.
  static let refused: [(layers: String, error: String)] = [
    (
      #"{"type":"bidirectional"}"#,
      "error: `model.layers[0].layer` is missing (config.json:4:20)\n  allowed: an object { … }"
    ),
    (
      #"{"type":"bidirectional","layer":{"type":"dense","units":3}}"#,
      "error: `model.layers[0].layer.type` is \"dense\" (config.json:4:60)\n"
        + "  allowed: one of lstm, gru, simple_rnn"
    ),
    (
      #"{"type":"bidirectional","layers":{"type":"gru","units":3}}"#,
      "did you mean `layer`?"
    ),
    (
      #"{"type":"lstm","units":3},{"type":"embedding","input_dim":3,"output_dim":2}"#,
      "error: layer `embedding` reads whole numbers, and the layer before it gives others "
        + "(config.json, model.layers[1])\n  an `embedding` can only be the first layer"
    ),
    (
      #"{"type":"embedding","input_dim":3,"output_dim":2}"#,
      "error: layer `embedding` reads one number at each time step, and the data have 2 "
        + "(config.json, model.layers[0])\n"
        + "  give `data.train.x` the shape (samples, time steps, 1)"
    ),
  ]

  @Test(arguments: refused)
  func `layers that do not fit are refused`(layers: String, error: String) throws {
    let place = try Workplace()
    let base = config(Self.models[0])
    try place.write(base.replacing(Self.models[0].layers, with: layers), to: "config.json")
    let outcome = try place.run("check", "config.json")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(error), "\(outcome.errors)")
  }

  @Test func `an embedding reads its numbers alone`() throws {
    let place = try Workplace()
    let config = config(Self.models[3])
    for (number, text) in [("9", "9.0"), ("-1", "-1.0"), ("0.5", "0.5")] {
      try place.write(
        config.replacing(#""validation":{"x":[["#, with: #""validation":{"x":[[[\#(number)],"#),
        to: "config.json")
      let outcome = try place.run("run", "config.json")
      #expect(outcome.status == 65)
      #expect(
        outcome.errors == """
          error: `data.validation.x[0][0][0]` is \(text) (config.json)
            layer `embedding` with `input_dim` 9 reads whole numbers from 0 to 8

          """)
    }
    try place.write(
      config.replacing(#""validation":"#, with: #""normalize":"standard","validation":"#),
      to: "config.json")
    let outcome = try place.run("run", "config.json")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("`data.normalize` is `standard`, but layer `embedding`"))
    #expect(try place.names() == ["config.json"])
  }
}
