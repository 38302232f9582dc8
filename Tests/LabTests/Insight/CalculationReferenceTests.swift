import Foundation
import Lab
import Testing

/// What `gates` and `explain` print beside PyTorch and Keras in float64: every sum, gate and state of
/// every step, outputs and losses, of runs that begin with the reference's weights.
@Suite struct CalculationReferenceTests {
  private struct Reference: Decodable {
    /// Layer → quantity → (sample, step, unit); of a layer behind the last step (sample, unit).
    typealias Quantities = [String: [String: [Rows]]]

    struct Traces: Decodable {
      let output: [Rows]
      let losses: [[Double]]
      let layers, sums: Quantities
    }

    /// One row of numbers or several.
    struct Rows: Decodable {
      let values: [[Double]]

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let row = try? container.decode([Double].self) {
          values = [row]
        } else {
          values = try container.decode([[Double]].self)
        }
      }

      /// The row of a step, or the only one.
      func row(_ step: Int) -> [Double] { values[min(step, values.count - 1)] }
    }

    let traces: Traces
  }

  private static let names = ReferenceRun.names(in: "Inspection")

  /// A float32 value of a short sequence is within some roundings of the truth.
  private func check(
    _ value: Double, _ truth: Double, within bound: Double = 1e-6, _ what: @autoclosure () -> String
  ) {
    if !(abs(value - truth) <= bound * max(1, abs(truth))) {
      Issue.record("\(what()): \(value), not \(truth)")
    }
  }

  @Test func `enough cases are looked into`() { #expect(Self.names.count >= 40) }

  @Test(arguments: names)
  func `gates and explain print PyTorch's numbers`(name: String) throws {
    let reference: Reference = try ReferenceRun.decode("Inspection/\(name).json")
    let place = try Workplace()
    try ReferenceRun.write(name, to: place)
    try place.lab("run", "config.json", "-q")
    for sample in reference.traces.output.indices {
      let gates = try place.lab("gates", "1@0", "--sample", "\(sample)", "--csv")
      let steps = try checkGates(gates, reference.traces.layers, sample)
      for step in Set([0, steps / 2, steps - 1]).sorted() {
        let explained = try Laboratory(path: place.file("lab.db")).explain(
          "1@0", nil, sample: sample, step: step, unit: nil, split: nil
        ).json()
        try checkExplanation(explained, reference.traces, sample, step, of: steps)
      }
    }
  }

  /// Compares each row with the truth and returns the number of steps.
  private func checkGates(
    _ csv: String, _ truth: Reference.Quantities, _ sample: Int
  ) throws -> Int {
    let lines = csv.split(separator: "\n").dropFirst()
    var steps = 0
    for line in lines {
      let cells = line.split(separator: ",").map(String.init)
      let (step, unit) = (try #require(Int(cells[1])), try #require(Int(cells[4])))
      let rows = try #require(truth[cells[2]]?[cells[3]])[sample].values
      check(try #require(Double(cells[5])), rows[step][unit], "\(line)")
      steps = max(steps, step + 1)
    }
    let wanted = truth.values.flatMap(\.values).reduce(0) {
      $0 + $1[sample].values.reduce(0) { $0 + $1.count }
    }
    #expect(lines.count == wanted && wanted > 0)
    return steps
  }

  private func checkExplanation(
    _ text: String, _ truth: Reference.Traces, _ sample: Int, _ step: Int, of steps: Int
  ) throws {
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let explained = try #require(parsed as? [String: Any])
    let place = "sample \(sample), step \(step)"
    compare(explained["output"], truth.output[sample].row(step), "\(place), output")
    check(
      try #require(explained["loss"] as? Double),
      truth.losses[sample][min(step, truth.losses[sample].count - 1)], "\(place), loss")
    var compared = 0
    for layer in try #require(explained["layers"] as? [[String: Any]]) {
      let name = try #require(layer["layer"] as? String)
      let gates = truth.layers[name] ?? [:]
      for (key, rows) in gates.merging(truth.sums[name] ?? [:], uniquingKeysWith: { $1 }) {
        compare(layer[key], rows[sample].row(step), "\(place), \(name), \(key)")
        compared += 1
      }
      for (key, rows) in gates where key.hasSuffix("state") {
        let before = key.hasPrefix("backward/") ? step + 1 : step - 1
        let states = rows[sample].values
        compare(
          layer["\(key)_before"],
          states.indices.contains(before) ? states[before] : states[0].map { _ in 0 },
          "\(place), \(name), \(key) before")
      }
    }
    let wanted = [truth.layers, truth.sums].flatMap(\.values).reduce(0) { $0 + $1.count }
    #expect(compared == wanted)
  }

  private func compare(_ found: Any?, _ truth: [Double], _ what: String) {
    guard let values = found as? [Double], values.count == truth.count else {
      Issue.record("\(what): \(String(describing: found)), not \(truth)")
      return
    }
    for (value, truth) in zip(values, truth) { check(value, truth, what) }
  }

  /// The stock `sqlite3` computes the loss's last line: the logarithms of the written numbers.
  @Test(arguments: [
    "zero_position", "binary_one_output", "binary_softmax", "binary_clipped", "partial_batch",
    "categorical_sigmoid", "categorical_renormalized", "units_17", "sparse_clipped",
  ])
  func `a crossentropy's written numbers give its result`(name: String) throws {
    let place = try Workplace()
    try ReferenceRun.write(name, to: place)
    _ = try place.run("run", "config.json", "-q")  // one of them diverges after some epochs
    for epoch in 0...3 {
      let text = try place.lab("explain", "1@\(epoch)", "--sample", "\(epoch % 3)")
      let lines = text.split(separator: "\n").drop { !$0.hasPrefix("  loss = ") }
      let line = try #require(lines.dropFirst().first)
      let sides = line.dropFirst("      = ".count).split(separator: " = ")
      try #require(sides.count == 2)
      let sql = sides[0].replacing("1/", with: "1.0/").replacing("·", with: "*")
      let value = try #require(Double(try place.sqlite("SELECT \(sql)")))
      check(value, try #require(Double(sides[1])), within: 1e-3, String(line))
    }
  }
}
