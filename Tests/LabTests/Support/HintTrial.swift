import Testing

/// Configurations of a small model for data that are told of, and for what is advised instead.
enum HintTrial {
  /// The keys of a table `d.csv`.
  static let columns = #""csv":"d.csv","sequence":"id","features":["v"],"target":"y""#

  /// A configuration of one file or inline arrays.
  static func config(
    _ train: String, units: Int = 2, activation: String = "softmax",
    loss: String = "sparse_categorical_crossentropy"
  ) -> String {
    """
    {"data":{"train":{\(train)}},"model":{"layers":[{"type":"lstm","units":2},
    {"type":"dense","units":\(units),"activation":"\(activation)"}]},
    "training":{"loss":"\(loss)","epochs":1}}
    """
  }

  /// The same with one output between two classes.
  static func sigmoid(_ train: String) -> String {
    config(train, units: 1, activation: "sigmoid", loss: "binary_crossentropy")
  }
}

extension Workplace {
  /// What `check` says of a configuration that it must refuse.
  func refusal(of config: String) throws -> String {
    try write(config, to: "config.json")
    let outcome = try run("check", "config.json")
    #expect(outcome.status == 65, "\(outcome.output)")
    return outcome.errors
  }

  /// Expects that a configuration is trained.
  func mustTrain(_ config: String) throws {
    try write(config, to: "config.json")
    let outcome = try run("run", "config.json", "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
