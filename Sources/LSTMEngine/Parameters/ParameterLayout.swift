/// Every weight tensor of a model in Keras's order, and where each stands in a flat buffer.
package struct ParameterLayout: Equatable, Sendable {
  /// The tensors.
  package let tensors: [ParameterTensor]
  /// The length of a flat buffer, unused lanes included.
  package let floats: Int
  let placements: [Placement]

  /// Lays out the tensors of a model whose first layer sees `features` inputs.
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
    return switch shape.layer.kind {
    case .recurrent(let recurrent), .bidirectional(let recurrent):
      place(
        rows: shape.inputs + recurrent.units + recurrent.cell.biasRows,
        panels: shape.layer.directions.count * recurrent.cell.sums * panelCount(recurrent.units))
    case .embedding(let embedding):
      place(rows: embedding.inputDimension, panels: panelCount(shape.outputs))
    case .dense: place(rows: shape.inputs + 1, panels: panelCount(shape.outputs))
    case .dropout: place(rows: 0, panels: 0)
    }
  }

  private static func tensors(of shape: LayerShape, placement: Placement) -> [ParameterTensor] {
    shape.layer.directions.flatMap { direction in
      var column = TensorColumn(
        layer: shape.layer.name, direction: direction, placement: placement.of(direction))
      switch shape.layer.kind {
      case .recurrent(let recurrent), .bidirectional(let recurrent):
        column.add(recurrent, inputs: shape.inputs)
      case .dense(let dense):
        column.add(.input, rows: shape.inputs, columns: dense.units)
        if dense.useBias { column.add(.bias, rows: 1, columns: dense.units) }
      case .embedding(let embedding):
        column.add(.lookup, rows: embedding.inputDimension, columns: embedding.outputDimension)
      case .dropout: break
      }
      return column.tensors
    }
  }
}

/// The tensors of one placement, one below the other.
private struct TensorColumn {
  let layer: String
  let direction: Direction?
  let placement: Placement
  private(set) var tensors: [ParameterTensor] = []
  private var row = 0

  init(layer: String, direction: Direction?, placement: Placement) {
    self.layer = layer
    self.direction = direction
    self.placement = placement
  }

  mutating func add(
    _ source: ParameterTensor.Source, rows: Int, columns: Int, gates: [Quantity] = []
  ) {
    tensors.append(
      ParameterTensor(
        layer: layer, direction: direction, source: source, rows: rows, columns: columns,
        gates: gates, placement: placement, firstRow: row))
    row += rows
  }

  mutating func add(_ recurrent: RecurrentSpecification, inputs: Int) {
    let gates = recurrent.cell.gates
    let columns = recurrent.cell.sums * recurrent.units
    add(.input, rows: inputs, columns: columns, gates: gates)
    add(.hidden, rows: recurrent.units, columns: columns, gates: gates)
    guard recurrent.useBias else { return }
    add(.bias, rows: recurrent.cell.biasRows, columns: columns, gates: gates)
  }
}
