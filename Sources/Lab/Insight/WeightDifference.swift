package import LabFormats
import LabStore

/// Two stored epochs compared element by element.
package struct WeightDifference: Answer, Sendable {
  private let a: StoredWeights
  private let b: StoredWeights
  /// The weights that differ in any bit, the one that moved most first; of equals the first stored.
  private let movers: [Mover]
  /// One row a layer and gate.
  private let parts: [Part]
  /// What only one of the two has, or has in another shape.
  private let mismatches: [String]
  /// The most weights that are told.
  package var top = Int.max

  private struct Mover: Sendable {
    let place: WeightPlace
    let before, after: Float
    var change: Double { Double(after) - Double(before) }
  }

  /// A layer's gate, all its tensors together.
  private struct Part: Sendable {
    let layer: String
    let gate: String?
    var count = 0
    var differing = 0
    /// Σa², Σb², Σ(b − a)², in double precision in the tensors' order.
    var squares = (before: 0.0, after: 0.0, change: 0.0)
    var greatest = 0.0

    mutating func add(_ before: Float, _ after: Float) {
      let change = Double(after) - Double(before)
      count += 1
      differing += before.bitPattern == after.bitPattern ? 0 : 1
      squares.before += Double(before) * Double(before)
      squares.after += Double(after) * Double(after)
      squares.change += change * change
      greatest = max(greatest, abs(change))
    }
  }

  /// Compares all tensors that both have in the same shape.
  init(_ a: StoredWeights, _ b: StoredWeights) {
    self.a = a
    self.b = b
    var movers: [Mover] = []
    var parts: [Part] = []
    var mismatches: [String] = []
    for (index, tensor) in a.tensors.enumerated() {
      guard let other = b.tensors.firstIndex(where: { $0.path == tensor.path }) else {
        mismatches.append("\(tensor.path) is in the first only")
        continue
      }
      guard Self.areAlike(tensor, b.tensors[other]) else {
        mismatches.append("\(tensor.path) is \(tensor.shape) and \(b.tensors[other].shape)")
        continue
      }
      movers += Self.movers(tensor, index, a.values[index], b.values[other], into: &parts)
    }
    for tensor in b.tensors where !a.tensors.contains(where: { $0.path == tensor.path }) {
      mismatches.append("\(tensor.path) is in the second only")
    }
    self.movers = movers.enumerated().sorted {
      let (first, second) = (abs($0.element.change), abs($1.element.change))
      return first == second ? $0.offset < $1.offset : first > second
    }.map(\.element)
    self.parts = parts
    self.mismatches = mismatches
  }

  /// Whether anything differs.
  package var isDifferent: Bool { !movers.isEmpty || !mismatches.isEmpty }

  /// The weights of a tensor that differ; every one counts in the part of its gate.
  private static func movers(
    _ tensor: TensorDescription, _ index: Int, _ a: [Float], _ b: [Float], into parts: inout [Part]
  ) -> [Mover] {
    let blocks = (0..<max(tensor.gates.count, 1)).map { block in
      // By the names of `gate_stats`.
      let gate = LayerPart(tensor.part.direction, tensor.gate(ofColumn: block * tensor.units))
      return part(tensor.layer, gate.text, in: &parts)
    }
    return (0..<tensor.count).compactMap { element in
      let (row, col) = element.quotientAndRemainder(dividingBy: tensor.cols)
      parts[blocks[col / tensor.units]].add(a[element], b[element])
      guard a[element].bitPattern != b[element].bitPattern else { return nil }
      let place = WeightPlace(tensor: index, row: row, col: col, description: tensor)
      return Mover(place: place, before: a[element], after: b[element])
    }
  }

  private static func areAlike(_ a: TensorDescription, _ b: TensorDescription) -> Bool {
    a.rows == b.rows && a.cols == b.cols && a.gates == b.gates
  }

  /// The place of a layer's gate among the parts; a new one comes last.
  private static func part(_ layer: String, _ gate: String?, in parts: inout [Part]) -> Int {
    if let index = parts.lastIndex(where: { $0.layer == layer && $0.gate == gate }) {
      return index
    }
    parts.append(Part(layer: layer, gate: gate))
    return parts.count - 1
  }
}

extension WeightDifference {
  /// The weights that moved most.
  package var table: Table {
    Table(
      columns: WeightPlace.columns + [
        .init("before", .number), .init("after", .number), .init("change", .metric),
      ],
      rows: movers.prefix(top).map { mover in
        mover.place.cells + [
          .real(Double(mover.before)), .real(Double(mover.after)), .real(mover.change),
        ]
      })
  }

  /// The same with the weight's name as one column, which is shorter.
  private var namedTable: Table {
    var table = table.dropping(["tensor", "row", "col"])
    table.columns[0].title = "weight"
    for (row, mover) in movers.prefix(top).enumerated() {
      table.rows[row][0] = .text(mover.place.name)
    }
    return table
  }

  /// One row a layer and gate: how many weights differ, and the norms.
  var partTable: Table {
    Table(
      columns: [
        .init("layer", .text), .init("gate", .text), .init("weights", .integer),
        .init("differing", .integer), .init("norm_a", .number), .init("norm_b", .number),
        .init("norm_change", .metric), .init("max_change", .metric),
      ],
      rows: parts.map { part in
        [
          .text(part.layer), part.gate.map(Table.Cell.text) ?? .null, .integer(part.count),
          .integer(part.differing), .real(part.squares.before.squareRoot()),
          .real(part.squares.after.squareRoot()), .real(part.squares.change.squareRoot()),
          .real(part.greatest),
        ]
      })
  }

  /// What is left out last where not all columns fit.
  static let partFit = TableFit(
    important: ["gate", "norm_change", "max_change", "differing", "weights"], mostTurned: 0,
    hint: "--json and --md show every column")
  private static let moverFit = TableFit(
    important: ["weight", "change", "before", "after"], uncut: ["weight"], mostTurned: 0)

  /// Returns how many differ, the norms by gate, and the weights that moved most.
  package func text(on screen: Screen) -> String {
    let compared = parts.reduce(0) { $0 + $1.count }
    let width = screen.columns
    let heading =
      WrappedText.lines("From \(a.heading)", width: width, hanging: "  ")
      + WrappedText.lines("to \(b.heading)", width: width, indent: "  ", hanging: "  ")
    let other = mismatches.map { WrappedText.lines($0, width: width) }.joined()
    guard isDifferent else {
      return heading + "\nAll \(NumberText.count(compared)) weights are equal to the bit.\n"
    }
    let count = "\(NumberText.count(movers.count)) of \(NumberText.count(compared)) weights differ."
    let shown = min(top, movers.count)
    let title = shown == 1 ? "The weight that moved most:" : "The \(shown) that moved most:"
    return heading + "\n" + count + "\n" + other + "\n"
      + partTable.text(fitting: width, Self.partFit)
      + (shown > 0
        ? "\n\(title)\n"
          + namedTable.droppingEmptyColumns().text(fitting: width, Self.moverFit) : "")
  }

  /// Returns both tables in Markdown.
  package func markdown() -> String { partTable.markdown() + "\n" + table.markdown() }

  /// Both tables, and what they are about.
  package var jsonText: JSONText {
    func side(_ weights: StoredWeights) -> JSONText {
      .object(["run_id": .integer(Int(weights.run.runID)), "epoch": .integer(weights.epoch)])
    }
    return .lines(
      ["a": side(a)], ["b": side(b)], ["differing": .integer(movers.count)],
      ["mismatches": .array(mismatches.map(JSONText.string))], ["gates": .table(partTable)],
      ["movers": .table(table)])
  }
}

extension TensorDescription {
  /// The shape as Keras shows it.
  fileprivate var shape: String { isVector ? "(\(cols))" : "(\(rows), \(cols))" }
}

extension Laboratory {
  /// Compares the weights of two stored epochs, of one run or of two.
  package func difference(_ a: String, _ b: String) throws -> WeightDifference {
    let database = try reading()
    return WeightDifference(
      try StoredWeights(open(a, in: database)), try StoredWeights(open(b, in: database)))
  }
}
