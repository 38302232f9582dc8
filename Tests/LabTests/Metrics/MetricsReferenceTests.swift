import Foundation
import LSTMEngine
import Testing

@testable import Lab

/// Metrics as scikit-learn computes them: Fixtures/metrics.py.
@Suite struct MetricsReferenceTests {
  struct Case: Decodable, Sendable {
    let kind: String
    let width: Int
    let unit: Float
    let outputs, targets: [Int]
    let metrics: [String: Double?]

    var measured: MeasuredPredictions? {
      let kinds: [String: OutputKind] = [
        "classes": .classes, "second": .second, "labels": .labels, "numbers": .numbers,
      ]
      return kinds[kind].map { kind in
        MeasuredPredictions(
          outputs.map { Float($0) / unit }, width: width,
          targets: kind == .classes
            ? .classes(targets.map(Int32.init))
            : .values(targets.map { Float($0) / unit }, outputs: width), kind: kind)
      }
    }
  }

  @Test func `every metric is scikit-learn's`() throws {
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(try Fixture.bytes("metrics.json")))
    #expect(cases.count == 300)
    var compared: [Metric: Int] = [:]
    for (number, reference) in cases.enumerated() {
      let values = try #require(reference.measured).values(of: Metric.allCases)
      for (name, expected) in reference.metrics {
        let metric = try #require(Metric(rawValue: name))
        let value = try #require(values[metric])
        compared[metric, default: 0] += 1
        guard let expected else {
          #expect(value.isNaN, "case \(number), \(name): \(value)")
          continue
        }
        // A share of 2⁻⁵² makes numbers of 10¹⁵.
        #expect(
          abs(value - expected) <= 1e-6 * max(1, abs(expected)),
          "case \(number), \(name): \(value) ≠ \(expected)")
      }
    }
    #expect(Set(compared.keys) == Set(Metric.allCases.filter { $0.ofRows == nil }))
    #expect(compared.values.allSatisfy { $0 >= 75 })
  }

  @Test func `what is not finite has no metric`() {
    for bad in [Float.nan, .infinity] {
      let measured = MeasuredPredictions(
        [0.5, bad], width: 1, targets: .values([1, 0], outputs: 1), kind: .second)
      #expect(measured.values(of: Metric.allCases).values.allSatisfy { $0.isNaN })
    }
  }
}
