import Testing

/// An object of the configuration: where the schema describes it, one that is valid, and a whole
/// configuration around it.
struct SchemaPlace: Sendable, CustomTestStringConvertible {
  typealias Members = KeyValuePairs<String, String>

  let pointer: String
  let members: [(key: String, value: String)]
  let whole: @Sendable (String) -> String
  /// Whether the decoder knows more of these values than a schema can say.
  let isPartial: Bool

  var testDescription: String { pointer }

  init(
    _ pointer: String, _ members: Members, isPartial: Bool = false,
    in whole: @escaping @Sendable (String) -> String
  ) {
    self.pointer = pointer
    self.members = members.map { ($0.key, $0.value) }
    self.whole = whole
    self.isPartial = isPartial
  }

  /// A configuration with this object, in which a key has another value or, where that is nil, is
  /// left out.
  func config(with key: String, _ value: String?) -> String {
    var members = members.filter { $0.key != key }
    if let value { members.append((key, value)) }
    return whole("{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}")
  }

  private static func source(_ name: String, _ members: Members, isPartial: Bool = false) -> Self {
    Self("#/$defs/\(name)", members, isPartial: isPartial) {
      ConfigErrorTests.config(data: #"{"train":\#($0)}"#)
    }
  }

  private static func layer(_ name: String, _ members: Members) -> Self {
    Self("#/$defs/\(name)", members) { ConfigErrorTests.config(layers: "[\($0)]") }
  }

  private static func direction(_ name: String, _ members: Members) -> Self {
    Self("#/$defs/\(name)", members) {
      ConfigErrorTests.config(layers: #"[{"type":"bidirectional","layer":\#($0)}]"#)
    }
  }

  private static func training(
    _ pointer: String, _ key: String, _ members: Members, isPartial: Bool = false
  ) -> Self {
    Self("#/$defs/\(pointer)", members, isPartial: isPartial) {
      ConfigErrorTests.config(training: #"{"loss":"huber","\#(key)":\#($0)}"#)
    }
  }

  private static func record(_ key: String, _ members: Members) -> Self {
    Self("#/$defs/record/properties/\(key)", members) {
      ConfigErrorTests.config(more: #","record":{"\#(key)":\#($0)}"#)
    }
  }

  private static let arrays = #"{"x":[[[1,2],[3,4]]],"y":[[1]]}"#
  private static let dense = #"[{"type":"dense","units":1}]"#

  static let all: [SchemaPlace] = parts + sources + layers + controls

  private static let parts = [
    Self(
      "#",
      [
        "data": #"{"train":\#(arrays)}"#, "model": #"{"layers":\#(dense)}"#,
        "training": #"{"loss":"huber"}"#,
      ]
    ) { $0 },
    Self("#/$defs/data", ["train": arrays]) { ConfigErrorTests.config(data: $0) },
    Self("#/$defs/split", ["split": "0.5"]) {
      ConfigErrorTests.config(data: #"{"train":\#(arrays),"validation":\#($0)}"#)
    },
    Self("#/$defs/model", ["layers": dense]) {
      #"{"data":{"train":\#(arrays)},"model":\#($0),"training":{"loss":"huber"}}"#
    },
    Self("#/$defs/training", ["loss": #""huber""#]) { ConfigErrorTests.config(training: $0) },
    Self("#/$defs/record", [:]) { ConfigErrorTests.config(more: #","record":\#($0)"#) },
    record("weights", ["every": "1"]), record("optimizer", ["every": "1"]),
    record("predictions", ["every": "1"]), record("activations", ["samples": "[0]"]),
  ]

  private static let sources = [
    source("arrays", ["x": "[[[1,2],[3,4]]]", "y": "[[1]]"]),
    source("ts", ["ts": #""a.ts""#]),
    source(
      "csv",
      [
        "csv": #""a.csv""#, "sequence": #""s""#, "features": #"["a","b"]"#, "target": #""t""#,
      ]),
    generator("adding", "adding"), generator("temporalOrder", "temporal_order"),
    generator("copyMemory", "copy_memory", isPartial: true), generator("parity", "parity"),
    generator("sine", "sine"),
  ]

  private static func generator(_ pointer: String, _ name: String, isPartial: Bool = false) -> Self
  {
    source(
      pointer, ["generator": "\"\(name)\"", "samples": "7", "length": "30", "seed": "1"],
      isPartial: isPartial)
  }

  private static let layers = [
    layer("lstm", ["type": #""lstm""#, "units": "4"]),
    layer("gru", ["type": #""gru""#, "units": "4"]),
    layer("simpleRNN", ["type": #""simple_rnn""#, "units": "4"]),
    layer(
      "bidirectional", ["type": #""bidirectional""#, "layer": #"{"type":"gru","units":2}"#]),
    layer("dense", ["type": #""dense""#, "units": "4"]),
    layer("embedding", ["type": #""embedding""#, "input_dim": "4", "output_dim": "3"]),
    layer("dropout", ["type": #""dropout""#, "rate": "0.5"]),
    direction("directedLSTM", ["type": #""lstm""#, "units": "4"]),
    direction("directedGRU", ["type": #""gru""#, "units": "4"]),
    direction("directedSimpleRNN", ["type": #""simple_rnn""#, "units": "4"]),
  ]

  private static let controls =
    ["sgd", "adam", "adamw", "rmsprop"].map { type in
      training(type, "optimizer", ["type": "\"\(type)\""])
    } + [
      training(
        "exponentialDecay", "learning_rate_schedule",
        ["type": #""exponential_decay""#, "decay_steps": "9", "decay_rate": "0.5"]),
      training(
        "inverseTimeDecay", "learning_rate_schedule",
        ["type": #""inverse_time_decay""#, "decay_steps": "9", "decay_rate": "0.5"]),
      training(
        "cosineDecay", "learning_rate_schedule",
        ["type": #""cosine_decay""#, "decay_steps": "9", "warmup_target": "0.5"]),
      training(
        "polynomialDecay", "learning_rate_schedule",
        ["type": #""polynomial_decay""#, "decay_steps": "9"]),
      training(
        "piecewiseConstantDecay", "learning_rate_schedule",
        ["type": #""piecewise_constant_decay""#, "boundaries": "[5]", "values": "[0.5,0.1]"],
        isPartial: true),
      training(
        "reduceOnPlateau", "learning_rate_schedule", ["type": #""reduce_on_plateau""#]),
      training("training/properties/early_stopping", "early_stopping", [:]),
    ]
}
