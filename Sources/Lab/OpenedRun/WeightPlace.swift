import LabFormats
package import LabStore

/// One weight's place in a model: a tensor, counted in canonical order, a row and a column.
package struct WeightPlace: Equatable, Sendable {
  /// The tensor's place among the run's tensors.
  package let tensor: Int
  /// The row in the tensor, from 0; 0 in a vector.
  package let row: Int
  /// The column in the tensor, from 0.
  package let col: Int
  /// What the tensor is.
  package let description: TensorDescription

  /// The place as it is written in an argument: `lstm/kernel[0,3]`, `lstm/bias[7]`.
  package var name: String {
    description.isVector
      ? "\(description.path)[\(col)]" : "\(description.path)[\(row),\(col)]"
  }
  /// The gate; nil for a layer without gates.
  package var gate: String? { description.gate(ofColumn: col) }
  /// The unit that the weight leads to.
  package var unit: Int { col % description.units }
  /// What the weight multiplies: `x0`, `h2`, or `bias`; nil in a layer that is not known.
  package var source: String? { description.sourceName(ofRow: row) }
  /// The element's index in the row-major tensor.
  var index: Int { row * description.cols + col }

  /// The place in words: `forget gate of unit 2, from x1`.
  package var words: String {
    let target = gate.map { "\($0) gate of unit \(unit)" } ?? "unit \(unit)"
    guard let source else { return "layer \(description.layer), \(target)" }
    return "layer \(description.layer), \(target), "
      + (description.source == .bias ? "its \(source)" : "from \(source)")
  }

  /// The first cells of a row about the weight.
  var cells: [Table.Cell] {
    [
      .text(description.layer), .text(description.tensor), .integer(row), .integer(col),
      gate.map(Table.Cell.text) ?? .null, .integer(unit), source.map(Table.Cell.text) ?? .null,
    ]
  }

  /// The titles of ``cells``, those of the view `weights`.
  static let columns: [Table.Column] = [
    .init("layer", .text), .init("tensor", .text), .init("row", .integer), .init("col", .integer),
    .init("gate", .text), .init("unit", .integer), .init("source", .text),
  ]
}
