import Foundation
import Testing

/// Predictions and scores as NumPy and scikit-learn compute them: Fixtures/predictions.py.
@Suite struct PredictionReferenceTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let id, config: String
    /// The files by their names; arrays in base64.
    let texts, arrays: [String: String]
    /// What `predict` is given, and the columns of the outputs that it prints.
    let arguments, columns: [String]
    let outputs: [Double]
    let predicted: [String]?
    let accuracy, mean_squared_error, mean_absolute_error: Double?
    let scores, means: [[Double]]?
    let confusion: [[Int]]?
    var testDescription: String { id }
  }

  static let cases: [Case] = {
    do {
      return try JSONDecoder().decode(
        [Case].self, from: Data(try Fixture.bytes("predictions.json")))
    } catch {
      Issue.record(error)
      return []
    }
  }()

  @Test func `there are cases`() { #expect(Self.cases.count == 12) }

  @Test(arguments: cases) func `an independent calculation agrees`(reference: Case) throws {
    let place = try Workplace()
    for (name, text) in reference.texts { try place.write(text, to: name) }
    for (name, text) in reference.arrays {
      try place.write([UInt8](try #require(Data(base64Encoded: text))), to: name)
    }
    try place.write(reference.config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let outcome = try Program.run(
      Program.path, ["predict", "1"] + reference.arguments, in: place.path)
    let printed = PredictTests.Printed(outcome.output)
    let values = try printed.floats(reference.columns)
    try #require(values.count == reference.outputs.count)
    for (value, expected) in zip(values, reference.outputs) {
      #expect(abs(Double(value) - expected) < 1e-6 * max(1, abs(expected)))
    }
    if let said = reference.predicted {
      let column = try #require(printed.titles.firstIndex(of: "predicted"))
      #expect(printed.rows.map { String($0[column]) } == said)
    }

    guard reference.scores != nil || reference.mean_squared_error != nil else { return }
    let report = try EvaluateTests.Report(try place.lab("evaluate", "1", "new.csv", "--json"))
    for (name, value) in [
      ("accuracy", reference.accuracy), ("mean_squared_error", reference.mean_squared_error),
      ("mean_absolute_error", reference.mean_absolute_error),
    ] {
      guard let value else { continue }
      #expect(abs(try #require(report.metrics[name] ?? nil) - value) < 1e-6)
    }
    let scores = { (one: EvaluateTests.Report.Scores) in
      [one.precision, one.recall, one.f1_score]
    }
    #expect(report.confusion_matrix == reference.confusion)
    #expect(report.classes?.map { scores($0) + [Double($0.support)] } == reference.scores)
    let means = [report.macro_average, report.weighted_average].compactMap { $0.map(scores) }
    for (mean, expected) in zip(means, reference.means ?? []) {
      #expect(zip(mean, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    #expect(means.count == reference.means?.count ?? 0)
  }
}
