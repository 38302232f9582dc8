import Foundation
import Lab
import LabFormats
import Testing

/// `explain --why` and `trajectory` against captum's integrated gradients and NumPy's singular values.
struct AttributionTests {
  private struct Tensor: Decodable {
    let shape: [Int]
    let data: [Float]
  }
  private struct State: Decodable {
    let epoch: Int
    let weights: [String: Tensor]
  }
  private struct Attributed: Decodable {
    let output, baseline: Double
    let attributions: [[Double]]
  }
  private struct Way: Decodable {
    let shares: [Double]
    let coordinates: [[Double]]
    let from_start, to_end, way, angles: [Double]
  }
  private struct Reference: Decodable {
    let states: [State]
    let attributions: [[Attributed]]?
    let trajectory: Way?
  }

  static let names = ReferenceRun.names(in: "History")

  private func load(_ name: String) throws -> Reference {
    try ReferenceRun.decode("History/\(name).json")
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      let step: Int
      let attribution: Double
    }
    let value, baseline_value, sum, difference: Double
    let attributions: [Row]
  }

  @Test func `enough models have references`() throws {
    let known = try Self.names.map(load)
    #expect(known.count { $0.attributions != nil } >= 20)
    #expect(known.count { $0.trajectory != nil } == 3)
  }

  @Test(arguments: names)
  func `what carried a prediction is captum's`(name: String) throws {
    let reference = try load(name)
    guard let attributions = reference.attributions, let last = reference.states.last else {
      return
    }
    let place = try Workplace()
    try ReferenceRun.write(
      "History/\(name)", first: last.weights.mapValues { ($0.shape, $0.data) }, to: place)
    try place.lab("run", "config.json", "-q")
    for (sample, outputs) in attributions.enumerated() {
      // Where each step has outputs, they are counted on from step to step.
      let perStep = name.hasPrefix("step_")
      let steps = outputs[0].attributions.count
      let each = perStep ? outputs.count / steps : outputs.count
      for (number, truth) in outputs.enumerated() {
        let json = try place.output(
          Program.path,
          ["explain", "1@0", "--why", "--split", "test", "--sample", "\(sample)"]
            + ["--pieces", "64", "--output", "\(number % each)", "--json"]
            + (perStep ? ["--step", "\(number / each)"] : []))
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
        #expect(abs(answer.value - truth.output) < 1e-6)
        #expect(abs(answer.baseline_value - truth.baseline) < 1e-6)
        let all = truth.attributions.flatMap(\.self)
        #expect(answer.attributions.count == all.count && steps > 0)
        for (row, expected) in zip(answer.attributions, all) {
          #expect(abs(row.attribution - expected) < 1e-5, "\(sample), \(number), step \(row.step)")
        }
        #expect(abs(answer.sum - all.reduce(0, +)) < 1e-5)
      }
    }
  }

  @Test func `a step is refused where there is one output for all`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.run("explain", "1", "--why", "--step", "0")
    #expect(outcome.status == 64 && outcome.errors.contains("one output for a whole sample"))
  }

  @Test(arguments: ["lstm", "gru", "bidirectional", "embedding"])
  func `the sum comes to the difference of the predictions`(kind: String) throws {
    let place = try Workplace()
    var trial = Trial(epochs: 30)
    let output = #"{"type":"dense","units":2,"activation":"softmax"}]"#
    trial.loss = "categorical_crossentropy"
    switch kind {
    case "bidirectional":
      trial.layers =
        #"[{"type":"bidirectional","layer":{"type":"gru","units":4}},"# + output
    case "embedding":
      trial.vocabulary = 5
      trial.features = 1
      trial.layers =
        #"[{"type":"embedding","input_dim":5,"output_dim":3},{"type":"lstm","units":4},"# + output
    default: trial.layers = #"[{"type":"\#(kind)","units":5},"# + output
    }
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    for baseline in ["zero", "mean"] {
      for sample in 0..<3 {
        let json = try place.lab(
          "explain", "1", "--why", "--sample", "\(sample)", "--baseline", baseline, "--json")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
        #expect(abs(answer.sum - answer.difference) < 1e-3)
        #expect(abs(answer.difference - (answer.value - answer.baseline_value)) < 1e-12)
        #expect(abs(answer.attributions.reduce(0) { $0 + $1.attribution } - answer.sum) < 1e-12)
        // The prediction is the run's own.
        let predicted = try place.lab(
          "predict", "1", "--split", "train", "--json")
        #expect(predicted.contains("\(Float(answer.value))") || abs(answer.value) < 1e-3)
      }
    }
  }

  // MARK: The way of the weights

  /// The stream of a training whose weights are given, each tensor without gates.
  private func stream(_ states: [State]) throws -> [UInt8] {
    let names = states[0].weights.keys.sorted()
    let tensors = try names.map { name in
      let tensor = try #require(states[0].weights[name])
      let path = name.split(separator: "/")
      let (rows, cols) = (
        tensor.shape.dropLast().reduce(1, *), try #require(tensor.shape.last)
      )
      return
        #"{"layer":"\#(path[0])","tensor":"\#(path.dropFirst().joined(separator: "-"))","path":"\#(name)","#
        + #""shape":\#(tensor.shape),"rows":\#(rows),"cols":\#(cols),"gates":null,"source":null}"#
    }
    let header =
      #"{"labstream":1,"run":{"uuid":"11111111-2222-3333-4444-555555555555","name":"way","#
      + #""created_at":"2026-11-29T20:15:00Z","notes":null,"tags":[],"seed":null,"trainer":"keras 3","#
      + #""config":{},"data_hash":null,"host":null,"parent":null},"native":null,"#
      + #""tensors":[\#(tensors.joined(separator: ","))],"slots":[],"activations":[]}"#
    var bytes = Array((header + "\n").utf8)
    for state in states {
      let body = names.flatMap { state.weights[$0]?.data ?? [] }.flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
      let line =
        #"{"epoch":\#(state.epoch),"seconds":0.5,"recorded_at":"2026-11-29T20:15:01Z","#
        + #""learning_rate":null,"iterations":\#(state.epoch),"metrics":[],"slots":[],"activations":[],"#
        + #""bytes":\#(body.count)}"#
      bytes += Array((line + "\n").utf8) + body
    }
    return bytes
      + Array("{\"end\":\"completed\",\"message\":null,\"result_epoch\":null,\"test\":[]}\n".utf8)
  }

  private struct Followed: Decodable {
    struct Row: Decodable {
      let pc1, pc2, pc3, from_start, to_end, way: Double
      let angle: Double?
    }
    let shares: [Double]
    let states: [Row]
  }

  @Test(arguments: names)
  func `the way of the weights is NumPy's`(name: String) throws {
    let reference = try load(name)
    guard let truth = reference.trajectory else { return }
    let place = try Workplace()
    let sent = try place.send(try stream(reference.states))
    #expect(sent.status == 0, "\(sent.errors)")
    let json = try place.lab("trajectory", "1", "--json")
    let told = try JSONDecoder().decode(Followed.self, from: Data(json.utf8))
    func near(_ values: [Double], _ truth: [Double], _ what: String) {
      #expect(values.count == truth.count, "\(what)")
      for (value, truth) in zip(values, truth) {
        #expect(abs(value - truth) < 1e-5 * max(1, abs(truth)), "\(what): \(value), not \(truth)")
      }
    }
    near(Array(told.shares.prefix(3)), truth.shares, "shares")
    near(told.states.map(\.from_start), truth.from_start, "from_start")
    near(told.states.map(\.to_end), truth.to_end, "to_end")
    near(told.states.map(\.way), truth.way, "way")
    near(told.states.compactMap(\.angle), truth.angles, "angles")
    for (component, values) in [
      told.states.map(\.pc1), told.states.map(\.pc2), told.states.map(\.pc3),
    ].enumerated() {
      let expected = truth.coordinates.map { $0[component] }
      // A direction has no sign.
      let product = zip(values, expected).reduce(0) { $0 + $1.0 * $1.1 }
      near(product < 0 ? values.map { -$0 } : values, expected, "pc\(component + 1)")
    }
  }
}
