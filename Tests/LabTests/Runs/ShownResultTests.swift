import Foundation
import Testing

/// What `show` tells of a run's result: what `evaluate` and the stored predictions say.
@Suite struct ShownResultTests {
  /// The facts of a run by their names.
  private func facts(_ run: String, in place: Workplace) throws -> [String: String] {
    let lines = try place.lab("show", run).split(separator: "\n").prefix { !$0.hasPrefix("Model:") }
    return Dictionary(
      lines.compactMap { line in
        line.firstMatch(of: /^(.+?)  +(.+)$/).map { (String($0.output.1), String($0.output.2)) }
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func `of classes it is how many are right, and what others are taken for`() throws {
    let place = try PredictedKind.tables[0].place()
    let report = try EvaluateTests.Report(try place.lab("evaluate", "1", "--json"))
    let matrix = try #require(report.confusion_matrix)
    let names = ["high", "low", "very high"]
    let facts = try facts("1", in: place)
    #expect(
      facts["test recall"]
        == names.indices.map { "\(names[$0]) \(matrix[$0][$0])/\(matrix[$0].reduce(0, +))" }
        .joined(separator: ", "))
    let mistakes = names.indices.flatMap { target in
      names.indices.filter { $0 != target && matrix[target][$0] > 0 }.map {
        (matrix[target][$0], "\(names[target]) as \(names[$0]) \(matrix[target][$0])")
      }
    }.sorted { $0.0 > $1.0 }.map(\.1)
    let told = try #require(facts["test mistakes"]).components(separatedBy: ", ")
    #expect(told.sorted() == mistakes.sorted() && !mistakes.isEmpty)
    #expect(
      told.compactMap { $0.last?.wholeNumberValue }
        == mistakes.compactMap { $0.last?.wholeNumberValue })
  }

  /// The root of the mean squared error and R² of stored predictions, by the stock shell.
  private static let scores = """
    WITH o AS (
      SELECT output, avg((value - target) * (value - target)) AS error,
        avg(target * target) - avg(target) * avg(target) AS variance
      FROM predictions WHERE run_id = 1 AND epoch = 4 AND split = 'test' GROUP BY output)
    SELECT printf('%.4f|%.4f', sqrt(avg(error)), avg(1 - error / variance)) FROM o
    """

  @Test(arguments: ["a table with a number a step, both directions", "arrays in files"])
  func `of numbers it is how far they are off`(id: String) throws {
    let kind = try #require(PredictedKind.all.first { $0.id == id })
    let place = try kind.place()
    let facts = try facts("1", in: place)
    let isSingle = kind.outputs.count == 1
    for (output, name) in kind.outputs.enumerated() {
      // Outputs of time steps are counted on.
      let own =
        isSingle
        ? Self.scores.replacing("GROUP BY output", with: "").replacing("output, ", with: "")
        : Self.scores.replacing("GROUP BY", with: "AND output = \(output) GROUP BY")
      let scores = try place.sqlite(own).split(separator: "|")
      for (fact, score) in zip(["test RMSE", "test R²"], scores) {
        let told = try #require(facts[fact])
        #expect(isSingle ? told == score : told.contains("\(name) \(score)"), "\(fact): \(told)")
      }
    }
  }

  @Test func `what is not stored is not told, and validation data stand for test data`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, loss: "mean_squared_error"))
    try place.lab("run", "config.json", "-q")
    for loss in ["mean_squared_error", "binary_crossentropy"] {
      try place.write(Trial(epochs: 2, loss: loss, record: #""predictions":{"every":1}"#))
      try place.lab("run", "config.json", "-q")
    }
    #expect(try !facts("1", in: place).keys.contains { $0.contains("RMSE") })
    let facts = try facts("2", in: place)
    #expect(facts["validation RMSE"]?.hasPrefix("y0 0.") == true && facts["test RMSE"] == nil)
    // Of several probabilities no distance is told.
    #expect(try !self.facts("3", in: place).keys.contains { $0.contains("RMSE") })
  }
}
