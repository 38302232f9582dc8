import LSTMEngine
import Testing

@testable import Lab

/// Metrics of whole epochs, as runs store them.
@Suite struct MeasuredMetricsTests {
  struct Model: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: OutputKind
    let outputs: Int
    let data: String
    let layers: String
    let loss: String

    func config(_ metrics: [Metric], more: String = "") -> String {
      let names = metrics.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
      return """
        {"seed":4,"data":{\(data)},"model":{"layers":[\(layers)]},
        "training":{"epochs":6,"batch_size":7,"loss":"\(loss)","metrics":[\(names)]\(more)},
        "record":{"predictions":{"every":1}}}
        """
    }
  }

  private static let ragged = """
    {"x":[[[1],[2],[0]],[[3],[1]],[[2]],[[0],[0],[1],[2]]],"y":[[0,1,2],[2,1],[0],[1,1,2,0]]}
    """
  private static let labels = """
    {"x":[[[1],[2]],[[0],[1]],[[2],[2]],[[0],[0]]],"y":[[0,1,1],[1,1,0],[0,0,0],[1,0,1]]}
    """

  static let models = [
    Model(
      testDescription: "a class a sample", kind: .classes, outputs: 4,
      data: #""train":{"generator":"temporal_order","samples":30,"length":12,"seed":1},"#
        + #""validation":{"split":0.3},"#
        + #""test":{"generator":"temporal_order","samples":9,"length":12,"seed":2}"#,
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":4,"activation":"softmax"}"#,
      loss: "sparse_categorical_crossentropy"),
    Model(
      testDescription: "a class a step, unequal lengths", kind: .classes, outputs: 3,
      data: #""train":\#(ragged),"validation":\#(ragged)"#,
      layers: #"{"type":"gru","units":3,"return_sequences":true},"#
        + #"{"type":"dense","units":3,"activation":"softmax"}"#,
      loss: "sparse_categorical_crossentropy"),
    Model(
      testDescription: "one of two classes", kind: .second, outputs: 1,
      data: #""train":{"generator":"parity","samples":30,"length":9,"seed":1},"#
        + #""validation":{"split":0.3}"#,
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":1,"activation":"sigmoid"}"#,
      loss: "binary_crossentropy"),
    Model(
      testDescription: "labels", kind: .labels, outputs: 3,
      data: #""train":\#(labels),"validation":\#(labels)"#,
      layers: #"{"type":"simple_rnn","units":3},{"type":"dense","units":3,"activation":"sigmoid"}"#,
      loss: "binary_crossentropy"),
    Model(
      testDescription: "a scaled number", kind: .numbers, outputs: 1,
      data: #""normalize_target":"standard","validation":{"split":0.3},"#
        + #""train":{"generator":"adding","samples":20,"length":12,"seed":1}"#,
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":1}"#,
      loss: "mean_squared_error"),
  ]

  private func fitting(_ model: Model) throws -> [Metric] {
    let loss = try #require(Loss(rawValue: model.loss))
    return Metric.allCases.reversed().filter { model.kind.fits($0, loss) }
  }

  @Test(arguments: models)
  func `each epoch's value is that of its recorded predictions`(model: Model) throws {
    let place = try Workplace()
    let metrics = try fitting(model)
    try place.write(model.config(metrics), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let parts =
      try place.sqlite(
        "SELECT DISTINCT epoch, split FROM predictions WHERE epoch > 0 ORDER BY 1, 2"
      )
      .split(separator: "\n").map { $0.split(separator: "|") }
    #expect(parts.count == (model.data.contains("test") ? 13 : 12))
    for part in parts {
      let condition = "epoch = \(part[0]) AND split = '\(part[1])'"
      let rows = try place.sqlite(
        "SELECT target, value FROM predictions WHERE \(condition) ORDER BY sample, output"
      ).split(separator: "\n").map { $0.split(separator: "|").compactMap { Float($0) } }
      let measured = MeasuredPredictions(
        rows.map { $0[1] }, width: model.outputs,
        targets: .values(rows.map { $0[0] }, outputs: model.outputs), kind: model.kind
      ).values(of: metrics)
      let stored = try place.sqlite("SELECT name, value FROM metrics WHERE \(condition)")
        .split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
      #expect(Set(stored.map { String($0[0]) }) == Set(["loss"] + metrics.map(\.rawValue)))
      for (metric, value) in measured {
        let found = try #require(stored.first { $0[0] == metric.rawValue })[1]
        if value.isNaN {
          #expect(found.isEmpty)
        } else {
          let number = try #require(Double(found))
          #expect(abs(number - value) < 1e-12, "\(part), \(metric)")
        }
      }
    }
  }

  @Test(arguments: models)
  func `a metric that says nothing is refused, and names those that do`(model: Model) throws {
    let place = try Workplace()
    let fitting = try fitting(model)
    for metric in Metric.allCases where !fitting.contains(metric) {
      try place.write(model.config([metric]), to: "config.json")
      let outcome = try place.run("run", "config.json")
      #expect(outcome.status == 65)
      #expect(outcome.errors.hasPrefix("error: `\(metric.rawValue)` has no meaning for outputs"))
      #expect(fitting.allSatisfy { outcome.errors.contains("`\($0.rawValue)`") })
    }
  }

  @Test func `training is not changed by what is measured of it`() throws {
    let place = try Workplace()
    for (name, metrics) in [("few", [Metric.accuracy]), ("all", try fitting(Self.models[0]))] {
      try place.write(Self.models[0].config(metrics), to: "\(name).json")
      try place.lab("run", "\(name).json", "-q", "--db", "\(name).db")
    }
    let weights = "SELECT * FROM weights"
    #expect(
      try place.sqlite(weights, database: "few.db") == place.sqlite(weights, database: "all.db"))
  }

  @Test func `a score is followed upwards, and a kill changes no bit`() throws {
    let place = try Workplace()
    let stopping =
      #","early_stopping":{"monitor":"val_f1_score","patience":40,"restore_best":true}"#
    try place.write(
      Self.models[0].config([.f1Score, .auc], more: stopping).replacing(
        #""epochs":6"#, with: #""epochs":60"#), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let best = try place.sqlite(
      "SELECT epoch FROM metrics WHERE split = 'validation' AND name = 'f1_score' "
        + "ORDER BY value DESC, epoch LIMIT 1")
    #expect(try place.sqlite("SELECT result_epoch FROM runs") == best)
    try place.write(
      place.text("config.json").replacing(#""epochs":60"#, with: #""epochs":23"#), to: "short.json")
    try place.lab("run", "short.json", "-q", "--db", "short.db")
    try place.lab("resume", "1", "--epochs", "60", "-q", "--db", "short.db")
    let metrics = "SELECT epoch, split, name, value FROM metrics WHERE split <> 'test'"
    #expect(
      try place.sqlite(metrics) == place.sqlite(metrics, database: "short.db"))
    #expect(try place.hashes(of: "1") == place.hashes(of: "1", database: "short.db"))
  }
}
