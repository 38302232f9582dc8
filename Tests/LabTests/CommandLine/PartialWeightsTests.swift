import LabFormats
import Testing

/// Files of initial weights that have some of the layers, and files that do not fit.
@Suite struct PartialWeightsTests {
  private static let head = #"{"type":"dense","units":2,"activation":"sigmoid"}"#
  private static let layers = "[{\"type\":\"lstm\",\"units\":5},\(head)]"

  /// A folder with a run of the usual layers and its weights by Keras's and PyTorch's names.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, layers: layers))
    try place.lab("run", "config.json", "-q")
    try place.lab("export", "1", "keras.npz")
    try place.lab("export", "1", "pytorch.npz", "--names", "pytorch")
    return place
  }

  private static func trial(_ layers: String, _ weights: String, seed: Int = 1) -> Trial {
    Trial(seed: seed, epochs: 2, layers: layers, model: ",\"initial_weights\":\(weights)")
  }

  private static func layer(_ name: String, _ place: Workplace, run: Int, epoch: Int = 0) throws
    -> String
  {
    try place.sqlite(
      "SELECT tensor, row, col, printf('%!.17g', value) FROM weights "
        + "WHERE run_id = \(run) AND epoch = \(epoch) AND layer = '\(name)'")
  }

  @Test(arguments: ["keras.npz", "pytorch.npz"])
  func `with partial the layers that are there are taken`(file: String) throws {
    let place = try Self.place()
    let head = #"{"type":"dense","name":"head","units":2,"activation":"sigmoid"}"#
    let layers = "[{\"type\":\"lstm\",\"units\":5},\(head)]"
    let weights = #"{"file":"\#(file)","partial":true}"#
    try place.write(Self.trial(layers, weights, seed: 8))
    let told = try place.run("run", "config.json")
    let over = file.hasPrefix("keras") ? "`dense/kernel`" : "`dense.weight`"
    #expect(
      told.errors.contains(
        "note: \(file): layers taken from the file: `lstm`; drawn: `head`; left out of the file: "
          + "\(over), `dense"), "\(told.errors)")
    #expect(try Self.layer("lstm", place, run: 2) == Self.layer("lstm", place, run: 1, epoch: 2))
    // The others are those that the seed draws without any file.
    try place.write(Trial(seed: 8, epochs: 2, layers: layers))
    try place.lab("run", "config.json", "-q")
    let drawn = try Self.layer("head", place, run: 3)
    #expect(drawn.count > 50)
    #expect(try Self.layer("head", place, run: 2) == drawn)
    // Other seeds of it are the same settings: what was given is the same.
    try place.write(Self.trial(layers, weights, seed: 9))
    try place.lab("run", "config.json", "-q")
    #expect(try Self.layer("head", place, run: 4) != drawn)
    let question = { (column: String) in
      try place.sqlite("SELECT count(DISTINCT \(column)) FROM runs WHERE run_id IN (2, 4)")
    }
    #expect(try question("initial_hash") == "1" && question("settings_hash") == "1")
    #expect(
      try place.sqlite("SELECT count(*) FROM runs WHERE initial_hash IS NULL AND run_id > 1") == "1"
    )
  }

  @Test func `a path is written as it was, and partial as an object`() throws {
    let place = try Self.place()
    for weights in [
      #""keras.npz""#, #"{"file":"keras.npz"}"#, #"{"file":"keras.npz","partial":false}"#,
    ] {
      try place.write(Self.trial(Self.layers, weights))
      try place.lab("run", "config.json", "-q")
    }
    #expect(
      try place.sqlite(
        "SELECT count(DISTINCT config_hash), sum(config LIKE '%,\"initial_weights\":\"keras.npz\"}%') "
          + "FROM runs WHERE run_id > 1") == "1|3")
    try place.write(Self.trial(Self.layers, #"{"partial":true,"file":"keras.npz"}"#))
    try place.lab("run", "config.json", "-q")
    #expect(
      try place.sqlite(
        #"SELECT config LIKE '%"initial_weights":{"file":"keras.npz","partial":true}%' FROM runs "#
          + "WHERE run_id = 5") == "1")
  }

  /// Refused configurations, what is told, and the change of the configuration that is advised.
  @Test(arguments: [
    (
      #"[{"type":"lstm","name":"rnn","units":5},{"type":"dense","name":"fc","units":2}]"#,
      #""pytorch.npz""#, "the file holds `lstm.weight_ih_l0`, which the model does not have",
      "the shapes fit; name the model's layers as the file does: `rnn` with `\"name\": \"lstm\"`, "
        + "`fc` with `\"name\": \"dense\"`",
      ["\"rnn\"": "\"lstm\"", "\"fc\"": "\"dense\""]
    ),
    (
      #"[{"type":"lstm","units":5},{"type":"dense","name":"fc","units":2}]"#,
      #""keras.npz""#, "the file holds `dense/kernel`, which the model does not have",
      "the shapes fit; name the model's layers as the file does: `fc` with `\"name\": \"dense\"`",
      ["\"fc\"": "\"dense\""]
    ),
    (
      #"[{"type":"lstm","name":"rnn","units":5},{"type":"dense","name":"x","units":3},"#
        + #"{"type":"dense","name":"z","units":2}]"#,
      #"{"file":"keras.npz","partial":true}"#, "the file has no layer of the model",
      "the shapes fit; name the model's layers as the file does: `rnn` with `\"name\": \"lstm\"`",
      ["\"rnn\"": "\"lstm\""]
    ),
    (
      #"[{"type":"lstm","units":5},{"type":"dense","name":"x","units":3},"#
        + #"{"type":"dense","name":"dense","units":2}]"#,
      #"{"file":"keras.npz","partial":true}"#,
      "`dense/kernel` has the shape [5, 2], and the model needs [3, 2]",
      "check `units` and the number of features, or transpose the array; to draw layer `dense`, "
        + "give it another `name`",
      ["\"name\":\"dense\"": "\"name\":\"other\""]
    ),
  ])
  func `what does not fit is refused, and the advice works`(
    layers: String, weights: String, what: String, next: String, changes: [String: String]
  ) throws {
    let place = try Self.place()
    try place.write(Self.trial(layers, weights))
    let refused = try place.run("check", "config.json")
    #expect(refused.status == 65)
    #expect(refused.errors.hasPrefix("error: \(what)"), "\(refused.errors)")
    #expect(refused.errors.contains("\n  \(next)\n"), "\(refused.errors)")
    let better = changes.reduce(layers) { $0.replacing($1.key, with: $1.value) }
    try place.write(Self.trial(better, weights))
    let done = try place.run("check", "config.json")
    #expect(done.status == 0, "\(done.errors)")
  }

  @Test func `a file that lacks a layer is refused with a way to draw it`() throws {
    let place = try Self.place()
    let layers =
      "[{\"type\":\"lstm\",\"units\":5},{\"type\":\"dense\",\"name\":\"x\",\"units\":5},"
      + "\(Self.head)]"
    try place.write(Self.trial(layers, #""pytorch.npz""#))
    let refused = try place.run("check", "config.json")
    #expect(refused.errors.hasPrefix("error: the file lacks `x/kernel`"), "\(refused.errors)")
    #expect(
      refused.errors.contains(
        "; to draw layers that the file lacks: `{\"file\": …, \"partial\": true}`"))
    try place.write(Self.trial(layers, #"{"file":"pytorch.npz","partial":true}"#))
    let told = try place.run("check", "config.json")
    #expect(told.status == 0, "\(told.errors)")
    #expect(
      told.errors == "note: pytorch.npz: layers taken from the file: `lstm`, `dense`; drawn: `x`\n")
  }

  /// Tensors of a file, as they are and changed.
  private static func refused(
    _ names: String, _ change: ([NamedTensor]) -> [NamedTensor], layers: String = layers
  ) throws -> String {
    let place = try place()
    let tensors = try change(TensorFile.read(place.file("\(names).npz")))
    try place.write(NPZFile.bytes(of: tensors, place: "w.npz"), to: "w.npz")
    try place.write(trial(layers, #""w.npz""#))
    let outcome = try place.run("check", "config.json")
    #expect(outcome.status == 65)
    return outcome.errors
  }

  @Test func `half a layer, a tensor too much and lists that are too short are refused`() throws {
    let half = try Self.refused("pytorch") { $0.filter { $0.name != "lstm.bias_hh_l0" } }
    #expect(half.hasPrefix("error: the file lacks what belongs to `lstm.bias_ih_l0` (w.npz)"))
    let twice = try Self.refused("pytorch") { tensors in
      tensors + [NamedTensor(name: "b.lstm.bias_ih_l0", shape: [20], values: tensors[2].values)]
    }
    #expect(
      twice.hasPrefix(
        "error: `lstm.bias_ih_l0` and `b.lstm.bias_ih_l0` are both `lstm/bias` (w.npz)"))
    let reverse = try Self.refused("pytorch") { tensors in
      tensors
        + [
          NamedTensor(name: "lstm.weight_ih_l0_reverse", shape: [20, 2], values: tensors[0].values)
        ]
    }
    #expect(reverse.hasPrefix("error: the file holds `lstm.weight_ih_l0_reverse`, which"))
    let level = try Self.refused("pytorch") { tensors in
      tensors + [NamedTensor(name: "lstm.weight_ih_l1", shape: [20, 2], values: tensors[0].values)]
    }
    #expect(level.hasPrefix("error: the file holds `lstm.weight_ih_l1`, which"))
    let list = { (tensors: [NamedTensor]) in
      tensors.enumerated().map {
        NamedTensor(name: "arr_\($0)", shape: $1.shape, values: $1.values)
      }
    }
    let short = try Self.refused("keras") { list($0).dropLast() }
    #expect(
      short.hasPrefix("error: the file holds 4 arrays without names, and the model has 5 tensors"))
    let torch = try Self.refused("pytorch") { list($0).dropLast() }
    #expect(
      torch.hasPrefix("error: `arr_0` has the shape [20, 2], and the model needs [2, 20] for"))
    #expect(
      torch.contains("`np.savez(path, **{k: v.numpy() for k, v in model.state_dict().items()})`"))
    let nan = try Self.refused("pytorch") { tensors in
      var tensors = tensors
      tensors[1].values[7] = .nan
      return tensors
    }
    #expect(nan.hasPrefix("error: `lstm.weight_hh_l0[1][2]` is nan (w.npz)"))
  }

  @Test func `a GRU with another equation is told`() throws {
    let layers = "[{\"type\":\"gru\",\"units\":5},\(Self.head)]"
    let place = try Workplace()
    try place.write(Trial(epochs: 2, layers: layers))
    try place.lab("run", "config.json", "-q")
    try place.lab("export", "1", "gru.npz")
    var tensors = try TensorFile.read(place.file("gru.npz"))
    tensors[2] = NamedTensor(
      name: "gru/bias", shape: [15], values: Array(tensors[2].values.prefix(15)))
    try place.write(NPZFile.bytes(of: tensors, place: "w.npz"), to: "w.npz")
    try place.write(Self.trial(layers, #""w.npz""#))
    let refused = try place.run("check", "config.json")
    #expect(refused.errors.contains("it is of a GRU with `reset_after=False`"), "\(refused.errors)")
  }
}
