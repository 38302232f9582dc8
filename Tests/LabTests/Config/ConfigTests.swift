import LSTMEngine
import Lab
import Testing

/// What a configuration means, and that its normalised form means the same.
@Suite struct ConfigTests {
  static let minimal = """
    {"data":{"train":{"x":[[[1,0.1],[3,4]]],"y":[[1]]}},
     "model":{"layers":[{"type":"lstm","units":4},{"type":"lstm","units":2},
                        {"type":"dense","units":1}]},
     "training":{"loss":"huber"}}
    """

  @Test func `defaults are Keras's`() throws {
    let config = try Config(json: Self.minimal, source: "folder/first try.json")
    #expect(
      config.normalised()
        == #"{"name":"first try","seed":0,"tags":[],"notes":"","#
        + #""data":{"train":{"x":[[[1.0,0.1],[3.0,4.0]]],"y":[[1.0]]},"normalize":"none"},"#
        + #""model":{"layers":["#
        + #"{"type":"lstm","name":"lstm","trainable":true,"units":4,"activation":"tanh","#
        + #""recurrent_activation":"sigmoid","use_bias":true,"unit_forget_bias":true,"#
        + #""return_sequences":true,"dropout":0.0,"recurrent_dropout":0.0},"#
        + #"{"type":"lstm","name":"lstm_1","trainable":true,"units":2,"activation":"tanh","#
        + #""recurrent_activation":"sigmoid","use_bias":true,"unit_forget_bias":true,"#
        + #""return_sequences":false,"dropout":0.0,"recurrent_dropout":0.0},"#
        + #"{"type":"dense","name":"dense","trainable":true,"units":1,"activation":"linear","#
        + #""use_bias":true}]},"#
        + #""training":{"epochs":1,"batch_size":32,"shuffle":true,"loss":"huber","#
        + #""optimizer":{"type":"adam","learning_rate":0.001,"beta_1":0.9,"beta_2":0.999,"#
        + #""epsilon":1e-07,"amsgrad":false},"metrics":[]},"#
        + #""record":{"weights":{"every":1},"optimizer":{"every":1},"predictions":{"every":0}}}"#)
    #expect(
      config.hash == "8fcae2c7067b15de0937f809ab506f22bde56606f4323d0630c6aafc2979ae52")
  }

  @Test(arguments: [
    ("sgd", #"{"type":"sgd","learning_rate":0.01,"momentum":0.0,"nesterov":false}"#),
    (
      "adamw",
      #"{"type":"adamw","learning_rate":0.001,"beta_1":0.9,"beta_2":0.999,"epsilon":1e-07,"#
        + #""amsgrad":false,"weight_decay":0.004}"#
    ),
    (
      "rmsprop",
      #"{"type":"rmsprop","learning_rate":0.001,"rho":0.9,"momentum":0.0,"epsilon":1e-07,"#
        + #""centered":false}"#
    ),
  ]) func `an optimizer may be named alone`(name: String, normalised: String) throws {
    for optimizer in ["\"\(name)\"", "{\"type\":\"\(name)\"}", normalised] {
      let json = ConfigErrorTests.config(
        training: "{\"loss\":\"huber\",\"optimizer\":\(optimizer)}")
      let config = try Config(json: json, source: "c.json")
      #expect(config.normalised().contains("\"optimizer\":\(normalised),"))
    }
  }

  @Test func `layout and spelling of numbers do not matter`() throws {
    let other = """
      {"training":{"loss":"huber"},"$schema":"./config.schema.json",
       "model":{"layers":[{"units":4,"type":"lstm"},{"type":"lstm","units":2},
                          {"type":"dense","units":1}]},
       "data":{"train":{"y":[[1e0]],"x":[[[1.0,1e-1],[3,400e-2]]]}}}
      """
    let first = try Config(json: Self.minimal, source: "a.json")
    let second = try Config(json: other, source: "a.json")
    #expect(first == second)
    #expect(first.hash == second.hash)
  }

  @Test func `the file is no part of what is configured`() throws {
    let here = try Config(json: Self.minimal, source: "a/c.json")
    let there = try Config(json: Self.minimal, source: "b/c.json")
    #expect(here.file.path == "a/c.json" && there.file.path == "b/c.json")
    #expect(here == there)
    #expect(here.hash == there.hash)
  }

  @Test(arguments: [
    ("a/b/seed.json", "seed"), ("seed", "seed"), (".json", "run"), ("12.json", "run"),
    ("a.b.json", "a.b"), ("x@3.json", "run"), ("", "run"),
  ]) func `a run is named after its file`(source: String, name: String) throws {
    #expect(try Config(json: Self.minimal, source: source).name == name)
  }

  @Test func `unnamed layers are counted as Keras does`() throws {
    let layers = #"""
      [{"type":"lstm","units":1},{"type":"lstm","units":1,"name":"middle"},
       {"type":"dense","units":1},{"type":"lstm","units":1},{"type":"dense","units":1}]
      """#
    let config = try Config(json: ConfigErrorTests.config(layers: layers), source: "c")
    #expect(config.model.layers.map(\.name) == ["lstm", "middle", "dense", "lstm_1", "dense_1"])
  }

  @Test func `parameters are counted as Keras does`() throws {
    let config = try Config(json: Self.minimal, source: "c")
    #expect(try ParameterCount.byLayer(config.model.layers, features: 3) == [128, 56, 3])
  }

  /// decode ∘ normalised is the identity, and normalised text is its own normalised form.
  @Test(arguments: 0..<200 as Range<UInt64>) func `the normalised form means the same`(seed: UInt64)
    throws
  {
    var random = CounterRandom(seed: seed)
    let config = RandomConfig.config(using: &random)
    let text = config.normalised()
    var again = try Config(json: text, source: "other.json")
    // What is not scaled is stored as float32.
    if again.data.normalize == .none { again.data = again.data.withoutDoubles }
    #expect(again == config)
    #expect(again.normalised() == text)
    #expect(again.hash == config.hash)
  }
}
