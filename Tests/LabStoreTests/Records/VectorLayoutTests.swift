import Foundation
import Testing

@testable import LabStore

/// Where each weight of an epoch is among its BLOBs.
struct VectorLayoutTests {
  private static func tensor(_ number: Int, _ rows: Int, _ cols: Int) -> TensorDescription {
    TensorDescription(
      layer: "layer_\(number)", tensor: "kernel", rows: rows, cols: cols, gates: [], source: .input)
  }

  /// Tensors of a model, small ones and large ones, with sides beside the length of a BLOB.
  private static func tensors(_ random: inout SplitMix) -> [TensorDescription] {
    let sides = [1, 2, 3, 4, 16, 125, 249, 250, 251, 499, 500, 501, 512, 1000, 1001]
    return (0..<Int(1 + random.next() % 6)).map { number in
      let cols = sides[Int(random.next() % UInt64(sides.count))]
      let rows = min(sides[Int(random.next() % UInt64(sides.count))], max(1, 20_000 / cols))
      return tensor(number, rows, cols)
    }
  }

  @Test func `the values lie end to end, and each is where its place says`() {
    var random = SplitMix(state: 3)
    var shared = 0
    for _ in 0..<300 {
      let tensors = Self.tensors(&random)
      let places = VectorLayout.places(of: tensors)
      let cuts = VectorLayout.cuts(of: tensors, at: places)
      #expect(cuts.allSatisfy { (1...VectorLayout.stateValues).contains($0) })
      #expect(cuts.reduce(0, +) == tensors.reduce(0) { $0 + $1.count })
      var starts = [0]
      for cut in cuts { starts.append(starts[starts.count - 1] + cut) }
      var value = 0
      for (tensor, place) in zip(tensors, places) {
        for row in 0..<tensor.rows {
          for col in 0..<tensor.cols {
            let vector =
              place.firstVector + row / place.pieceRows * place.pieces + col / place.pieceColumns
            let first = place.firstValue + row % place.pieceRows * tensor.cols
            let here = starts[vector] + first + col % place.pieceColumns
            guard here == value else {
              Issue.record("\(tensor.rows) × \(tensor.cols), \(row), \(col): \(here), not \(value)")
              return
            }
            value += 1
          }
        }
        if place.firstValue > 0 { shared += 1 }
      }
    }
    #expect(shared > 50)
  }

  /// The model of the tutorial is one row an epoch.
  @Test func `a small model's weights are one BLOB`() {
    let tensors = [(3, 16), (4, 16), (1, 16), (4, 2), (1, 2)].enumerated().map {
      Self.tensor($0.offset, $0.element.0, $0.element.1)
    }
    let places = VectorLayout.places(of: tensors)
    #expect(VectorLayout.cuts(of: tensors, at: places) == [138])
  }

  @Test func `weights of every shape are read back by the views, one by one and all`() throws {
    var random = SplitMix(state: 5)
    for _ in 0..<6 {
      let lab = try Laboratory()
      let tensors = Self.tensors(&random)
      try lab.recordRun(Sample.description(tensors: tensors), epochs: 0...1)
      #expect(try lab.database.tensors(of: 1) == tensors)
      let stored = try lab.database.state(of: 1, at: 1, with: .weights).weights.map(Sample.floats)
      let shown = try lab.ask(
        """
        SELECT count(*), count(value), total(value) FROM weights
        WHERE epoch = 1 GROUP BY layer ORDER BY layer
        """)
      let lines = shown.split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
      try #require(lines.count == tensors.count)
      for (line, values) in zip(lines, stored) {
        #expect(line[0] == "\(values.count)" && line[1] == line[0])
        let sum = values.reduce(0.0) { $0 + Double($1) }
        let size = values.reduce(0.0) { $0 + abs(Double($1)) }
        #expect(abs((Double(line[2]) ?? .nan) - sum) <= 1e-12 * size)
      }
      for (position, tensor) in tensors.enumerated() {
        for _ in 0..<5 {
          let row = Int(random.next() % UInt64(tensor.rows))
          let col = Int(random.next() % UInt64(tensor.cols))
          let value = stored[position][row * tensor.cols + col]
          let history = try lab.database.history(of: 1, tensor: position, row: row, col: col)
          #expect(history.map(\.epoch) == [0, 1])
          #expect(history[1].bytes == Sample.data([value]))
          let viewed = try lab.database.viewedHistory(
            of: 1, layer: tensor.layer, tensor: tensor.tensor, row: row, col: col)
          #expect(viewed.last?.value == Double(value))
        }
      }
    }
  }
}
