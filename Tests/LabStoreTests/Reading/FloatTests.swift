import Foundation
import Testing

@testable import LabStore

/// The views decode a float32 exactly, with nothing but the stock shell.
struct FloatTests {
  /// Values at the borders of the format, and random ones of every size.
  static func patterns() -> [UInt32] {
    let borders: [UInt32] = [
      0, 1, 2, 0x007F_FFFF, 0x0080_0000, 0x0080_0001, 0x00FF_FFFF, 0x0100_0000, 0x3F80_0000,
      0x3F7F_FFFF, 0x3F80_0001, 0x4B7F_FFFF, 0x7F7F_FFFF, 0x7F00_0000, 0x7F80_0000,
    ]
    var random = SplitMix(state: 42)
    let others = (0..<4_000).map { _ in random.finiteFloat().bitPattern }
    return borders + borders.map { $0 | 0x8000_0000 } + others
  }

  @Test func `every bit of a weight is right in the stock shell`() throws {
    let lab = try Laboratory()
    let patterns = Self.patterns()
    let tensor = TensorDescription(
      layer: "dense", tensor: "kernel", rows: 10, cols: patterns.count / 10, gates: [],
      source: .input)
    let values = patterns.map { Float(bitPattern: $0) }
    let writer = try lab.database.record(Sample.description(tensors: [tensor]))
    var record = Sample.record(0, tensors: [tensor])
    record.weights = [Sample.data(values)]
    try writer.submit(record)
    try writer.finish(.completed, at: Sample.start)
    let answer = try lab.ask(
      "SELECT printf('%!.26g', value) FROM weights ORDER BY row, col")
    let found = answer.split(separator: "\n").map { Double($0) }
    try #require(found.count == tensor.count)
    for (place, value) in values.prefix(tensor.count).enumerated() {
      let shown = try #require(found[place], "\(value)")
      #expect(shown == Double(value), "bits \(String(patterns[place], radix: 16))")
    }
  }

  @Test func `the value itself is exact to the last bit, and signs of zero stay`() throws {
    let lab = try Laboratory()
    let tensors = Sample.tensors(inputs: 20, units: 16, outputs: 3)
    try lab.recordRun(Sample.description(tensors: tensors), epochs: 0...1)
    var found: [Double] = []
    try lab.database.query(
      """
      SELECT value FROM weights JOIN tensor USING (run_id, layer, tensor)
      WHERE epoch = 1 ORDER BY position, row, col
      """, columns: { #expect($0 == ["value"]) },
      row: { if case .real(let value) = $0[0] { found.append(value) } })
    let stored = try lab.database.state(of: 1, at: 1, with: .weights).weights.flatMap(Sample.floats)
    #expect(found.map(\.bitPattern) == stored.map { Double($0).bitPattern })
  }

  @Test func `not-a-number is NULL, infinities stay`() throws {
    let lab = try Laboratory()
    let tensor = TensorDescription(
      layer: "dense", tensor: "bias", rows: 1, cols: 4, gates: [], source: .bias)
    let writer = try lab.database.record(Sample.description(tensors: [tensor]))
    var record = Sample.record(0, tensors: [tensor])
    record.weights = [Sample.data([.infinity, -.infinity, .nan, -0.0])]
    try writer.submit(record)
    try writer.finish(.completed, at: Sample.start)
    #expect(
      try lab.ask("SELECT value IS NULL, value > 0, value < 0 FROM weights") == """
        0|1|0
        0|0|1
        1||
        0|0|0
        """)
  }
}
