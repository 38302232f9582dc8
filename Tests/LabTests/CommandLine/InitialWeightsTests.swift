import Foundation
import LabFormats
import Testing

/// Initial weights as PyTorch and Keras save them; what their models predict is in
/// `Fixtures/InitialWeights`, which they wrote themselves.
@Suite struct InitialWeightsTests {
  /// A reference case: files of the same weights, and what a model with them predicts.
  struct Case: CustomTestStringConvertible, Sendable {
    let config: String
    let files: [String]
    let predictions: [Double]
    let testDescription: String

    /// The configuration with a file of initial weights.
    func config(_ weights: String) -> String {
      config.replacing(
        #""model": {"#, with: "\"model\": {\"initial_weights\": \(weights), ", maxReplacements: 1)
    }
  }

  static let cases: [Case] = {
    do {
      let bytes = try Fixture.bytes("InitialWeights/cases.json")
      return try JSONDocument(bytes, source: "cases.json").root.elements.map { value in
        let member = { (key: String) in value.members.first { $0.key == key }?.value }
        let config = try #require(member("config"))
        return Case(
          config: String(decoding: config.bytes, as: UTF8.self),
          files: member("files")?.elements.compactMap(\.string) ?? [],
          predictions: member("predictions")?.elements.compactMap(\.double) ?? [],
          testDescription: config.members.first { $0.key == "name" }?.value.string ?? "")
      }
    } catch {
      Issue.record(error)
      return []
    }
  }()

  /// The weights of a run's epoch to the bit, in the model's order.
  static func weights(_ place: Workplace, run: Int, epoch: Int = 0) throws -> String {
    try place.sqlite(
      "SELECT layer, tensor, row, col, printf('%!.17g', value) FROM weights "
        + "WHERE run_id = \(run) AND epoch = \(epoch)")
  }

  @Test(arguments: cases)
  func `models of PyTorch and Keras predict the same here`(reference: Case) throws {
    let place = try Workplace()
    try #require(reference.files.count > 0 && reference.predictions.count >= 8)
    var bits: [String] = []
    for (index, file) in reference.files.enumerated() {
      try place.write(Fixture.bytes("InitialWeights/\(file)"), to: file)
      try place.write(reference.config("\"\(file)\""), to: "config.json")
      try place.lab("run", "config.json", "-q")
      let found = try place.sqlite(
        "SELECT printf('%!.17g', value) FROM predictions WHERE run_id = \(index + 1) "
          + "AND epoch = 0 ORDER BY sample, output"
      ).split(separator: "\n").compactMap { Double($0) }
      try #require(found.count == reference.predictions.count)
      for (one, other) in zip(found, reference.predictions) {
        #expect(abs(one - other) <= 1e-6, "\(file)")
      }
      bits.append(try Self.weights(place, run: index + 1))
    }
    #expect(bits.allSatisfy { $0 == bits[0] }, "the files hold the same weights")
  }

  /// What `run` and `check` tell of a file.
  private func notes(_ index: Int, _ file: String) throws -> [String] {
    let reference = try #require(Self.cases.first { $0.files.contains(file) })
    let place = try Workplace()
    try place.write(Fixture.bytes("InitialWeights/\(file)"), to: file)
    try place.write(reference.config("\"\(file)\""), to: "config.json")
    let told = try [place.run("check", "config.json"), place.run("run", "config.json")].map {
      #expect($0.status == 0)
      return $0.errors.split(separator: "\n").filter { $0.hasPrefix("note: ") }.map(String.init)
    }
    #expect(told[0] == told[1])
    return told[0].map { String($0.dropFirst("note: \(file): ".count)) }
  }

  @Test func `what was converted or added is told`() throws {
    #expect(
      try notes(0, "torch_gru.npz") == [
        "all of 6 tensors are float64 and become float32, which rounds 0 of 118 numbers"
          .replacing("which rounds 0 of 118 numbers", with: "exactly")
      ])
    let sum = { (layer: String, direction: String, rest: String) in
      "`\(layer)/bias` is `rnn.bias_ih_\(direction)` + `rnn.bias_hh_\(direction)` in float32, \(rest)"
    }
    let half = try notes(0, "torch_rnn.safetensors")
    #expect(half.first == "all of 6 tensors are float16 and become float32, exactly")
    #expect(half.dropFirst() == [sum("rnn", "l0", "all sums exact")])
    let brain = try notes(0, "torch_bfloat16.safetensors")
    #expect(brain.first == "all of 6 tensors are bfloat16 and become float32, exactly")
    let plain = try notes(0, "torch_lstm.safetensors")
    #expect(plain.count == 4 && plain.allSatisfy { $0.contains(" of 12 sums rounded") })
    #expect(plain[3].hasPrefix("`above/backward/bias` is `rnn.bias_ih_l1_reverse` + "))
    #expect(try notes(0, "torch_gru_both.npz").isEmpty, "a GRU has both biases")
    #expect(try notes(0, "keras_list.npz").isEmpty)
    let state = ["the state of the optimizer and of random numbers is left out"]
    #expect(try notes(0, "keras_paths.npz") == state)
    #expect(try notes(0, "keras_file.npz") == state)
  }

  private static let stacks = [
    #"{"type":"lstm","units":3}"#, #"{"type":"gru","units":17}"#,
    #"{"type":"simple_rnn","units":3}"#, #"{"type":"lstm","units":3,"use_bias":false}"#,
    #"{"type":"bidirectional","layer":{"type":"gru","units":3}}"#,
    #"{"type":"bidirectional","name":"a.b","layer":{"type":"lstm","units":17}}"#,
    #"{"type":"lstm","units":2},{"type":"dropout","rate":0.5},{"type":"lstm","units":3}"#,
    #"{"type":"embedding","input_dim":9,"output_dim":2},{"type":"lstm","units":3}"#,
  ]

  @Test(arguments: stacks)
  func `what export writes is read to the bit`(stack: String) throws {
    let place = try Workplace()
    var trial = Trial(
      epochs: 3, layers: "[\(stack),{\"type\":\"dense\",\"units\":2,\"activation\":\"sigmoid\"}]")
    if stack.contains("embedding") { (trial.features, trial.vocabulary) = (1, 9) }
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    let trained = try Self.weights(place, run: 1, epoch: 3)
    try #require(trained.count > 100)
    var run = 1
    for names in ["keras", "pytorch"] {
      for kind in ["safetensors", "npz"] {
        let file = "\(names).\(kind)"
        try place.lab("export", "1", file, "--names", names)
        trial.model = #","initial_weights":"\#(file)""#
        try place.write(trial)
        let told = try place.run("run", "config.json")
        #expect(told.status == 0 && !told.errors.contains("note: "), "\(file): \(told.errors)")
        run += 1
        #expect(try Self.weights(place, run: run) == trained, "\(file)")
      }
    }
    // Without names, in the order of Keras's get_weights.
    let tensors = try TensorFile.read(place.file("keras.npz")).enumerated().map {
      NamedTensor(name: "arr_\($0)", shape: $1.shape, values: $1.values)
    }
    try place.write(NPZFile.bytes(of: tensors.reversed(), place: "list.npz"), to: "list.npz")
    trial.model = #","initial_weights":"list.npz""#
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    #expect(try Self.weights(place, run: run + 1) == trained)
  }
}
