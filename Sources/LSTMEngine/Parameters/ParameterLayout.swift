/// Every weight tensor of a model in Keras's order, and where each stands in a flat buffer.
package struct ParameterLayout: Equatable, Sendable {
  /// The tensors.
  package let tensors: [ParameterTensor]
  /// The length of a flat buffer, unused lanes included.
  package let floats: Int
  let placements: [Placement]

  /// Makes the layout of a model whose first layer sees `features` inputs.
  package init(_ layers: [LayerSpecification], features: Int) {
    var tensors: [ParameterTensor] = []
    var placements: [Placement] = []
    var offset = 0
    for shape in layers.shapes(features: features) {
      let placement = Self.placement(of: shape, offset: offset)
      tensors += Self.tensors(of: shape, placement: placement)
      placements.append(placement)
      offset += placement.floats
    }
    self.tensors = tensors
    self.placements = placements
    floats = offset
  }

  private static func placement(of shape: LayerShape, offset: Int) -> Placement {
    func place(rows: Int, panels: Int) -> Placement {
      Placement(offset: offset, rows: rows, panels: panels)
    }
    func cells(_ recurrent: RecurrentSpecification, directions: Int) -> Placement {
      place(
        rows: shape.inputs + recurrent.units + recurrent.cell.biasRows,
        panels: directions * recurrent.cell.sums * panelCount(recurrent.units))
    }
    return switch shape.layer.kind {
    case .recurrent(let recurrent): cells(recurrent, directions: 1)
    case .bidirectional(let recurrent): cells(recurrent, directions: 2)
    case .embedding(let embedding):
      place(rows: embedding.inputDimension, panels: panelCount(shape.outputs))
    case .dense: place(rows: shape.inputs + 1, panels: panelCount(shape.outputs))
    case .dropout: place(rows: 0, panels: 0)
    }
  }

  private static func tensors(
    of shape: LayerShape, placement: Placement
  ) -> [ParameterTensor] {
    let (layer, inputs) = (shape.layer, shape.inputs)
    var column = TensorColumn(layer: layer.name, placement: placement)
    switch layer.kind {
    case .recurrent(let recurrent):
      column.add(recurrent, inputs: inputs)
    case .bidirectional(let recurrent):
      return Direction.allCases.flatMap { direction in
        var column = TensorColumn(
          layer: layer.name, prefix: "\(direction.rawValue)/",
          placement: placement.half(direction == .forward ? 0 : 1))
        column.add(recurrent, inputs: inputs)
        return column.tensors
      }
    case .dense(let dense):
      column.add("kernel", .input, rows: inputs, columns: dense.units)
      if dense.useBias { column.add("bias", .bias, rows: 1, columns: dense.units) }
    case .embedding(let embedding):
      column.add(
        "embeddings", .lookup, rows: embedding.inputDimension, columns: embedding.outputDimension)
    case .dropout: break
    }
    return column.tensors
  }
}

/// The tensors of one placement, one below the other.
private struct TensorColumn {
  let layer: String
  var prefix = ""
  let placement: Placement
  private(set) var tensors: [ParameterTensor] = []
  private var row = 0

  init(layer: String, prefix: String = "", placement: Placement) {
    self.layer = layer
    self.prefix = prefix
    self.placement = placement
  }

  mutating func add(
    _ name: String, _ source: ParameterTensor.Source, rows: Int, columns: Int, gates: [String] = []
  ) {
    tensors.append(
      ParameterTensor(
        layer: layer, name: prefix + name, source: source, rows: rows, columns: columns,
        gates: gates, placement: placement, firstRow: row))
    row += rows
  }

  mutating func add(_ recurrent: RecurrentSpecification, inputs: Int) {
    let gates = recurrent.cell.gates.map(\.rawValue)
    let columns = recurrent.cell.sums * recurrent.units
    add("kernel", .input, rows: inputs, columns: columns, gates: gates)
    add("recurrent_kernel", .hidden, rows: recurrent.units, columns: columns, gates: gates)
    guard recurrent.useBias else { return }
    add("bias", .bias, rows: recurrent.cell.biasRows, columns: columns, gates: gates)
  }
}
