/// One weight tensor of a model: its name, its shape, and what its rows and columns mean.
package struct TensorDescription: Equatable, Sendable {
  /// What the rows of a tensor multiply.
  package enum Source: String, Sendable {
    /// The layer's inputs, a row for each.
    case input = "x"
    /// The layer's own outputs of the step before, a row for each unit.
    case hidden = "h"
    /// Nothing: the one row is added as it is.
    case bias
  }

  /// The part of the name before the first slash.
  package let layer: String
  /// The rest of the name: `kernel`, or `backward/kernel`.
  package let part: LayerPart
  /// Number of rows; 1 for a vector.
  package let rows: Int
  /// Number of columns.
  package let cols: Int
  /// The gates in the order of their blocks of columns; empty for a layer without gates.
  package let gates: [String]
  /// What the rows multiply; nil in a layer that is not known.
  package let source: Source?

  /// Describes a tensor; `cols` is a multiple of the number of gates.
  package init(
    layer: String, part: LayerPart, rows: Int, cols: Int, gates: [String], source: Source?
  ) {
    precondition(gates.count <= 4, "\(gates.count) gates in \(layer)/\(part.text ?? ""), at most 4")
    precondition(
      cols % max(gates.count, 1) == 0, "\(cols) columns do not split into \(gates.count) gates")
    self.layer = layer
    self.part = part
    self.rows = rows
    self.cols = cols
    self.gates = gates
    self.source = source
  }

  /// Describes a tensor by the text of the file.
  init(layer: String, tensor: String, rows: Int, cols: Int, gates: [String], source: Source?) {
    self.init(
      layer: layer, part: LayerPart(tensor), rows: rows, cols: cols, gates: gates, source: source)
  }

  /// The rest of the name as a text.
  package var tensor: String { part.text ?? "" }
  /// Whether the tensor is a vector, in whose name no row is written.
  package var isVector: Bool { (source == .bias || source == nil) && rows == 1 }
  /// Number of values.
  package var count: Int { rows * cols }
  /// Columns of one gate's block.
  package var units: Int { cols / max(gates.count, 1) }
  /// The whole name: `lstm/kernel`.
  package var path: String { "\(layer)/\(tensor)" }

  /// The gate whose block a column is in; nil for a layer without gates.
  package func gate(ofColumn col: Int) -> String? { gates.isEmpty ? nil : gates[col / units] }

  /// What a row multiplies: `x0`, `h2`, or `bias`; the second row of a GRU's is `recurrent_bias`. nil in a
  /// layer that is not known.
  package func sourceName(ofRow row: Int) -> String? {
    switch source {
    case nil: nil
    case .bias: row == 0 ? "bias" : "recurrent_bias"
    case .input, .hidden: source.map { "\($0.rawValue)\(row)" }
    }
  }
}
