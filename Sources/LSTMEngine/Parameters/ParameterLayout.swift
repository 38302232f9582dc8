/// Every weight tensor of a model in Keras's order, and where each stands in a flat buffer.
package struct ParameterLayout: Equatable, Sendable {
  package let tensors: [ParameterTensor]
  /// The length of a flat buffer, unused lanes included.
  package let floats: Int
  let placements: [Placement]

  /// The number of weights.
  package var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Makes the layout of a model whose first layer sees `features` inputs.
  package init(_ layers: [LayerSpecification], features: Int) {
    var tensors: [ParameterTensor] = []
    var placements: [Placement] = []
    var inputs = features
    var offset = 0
    for layer in layers {
      let placement = Self.placement(of: layer, inputs: inputs, offset: offset)
      tensors += Self.tensors(of: layer, inputs: inputs, placement: placement)
      placements.append(placement)
      offset += placement.floats
      inputs = layer.units
    }
    self.tensors = tensors
    self.placements = placements
    floats = offset
  }

  private static func placement(
    of layer: LayerSpecification, inputs: Int, offset: Int
  ) -> Placement {
    switch layer.kind {
    case .recurrent(let recurrent):
      Placement(
        offset: offset, rows: inputs + recurrent.units + recurrent.cell.biasRows,
        panels: recurrent.cell.sums * panelCount(recurrent.units))
    case .dense(let dense):
      Placement(offset: offset, rows: inputs + 1, panels: panelCount(dense.units))
    }
  }

  private static func tensors(
    of layer: LayerSpecification, inputs: Int, placement: Placement
  ) -> [ParameterTensor] {
    var tensors: [ParameterTensor] = []
    var row = 0
    func add(_ name: String, _ source: ParameterTensor.Source, rows: Int, gates: [String]) {
      tensors.append(
        ParameterTensor(
          layer: layer.name, name: name, source: source, rows: rows,
          columns: layer.units * max(gates.count, 1), gates: gates, placement: placement,
          firstRow: row))
      row += rows
    }
    switch layer.kind {
    case .recurrent(let recurrent):
      let gates = recurrent.cell.gates.map(\.rawValue)
      add("kernel", .input, rows: inputs, gates: gates)
      add("recurrent_kernel", .hidden, rows: recurrent.units, gates: gates)
      if recurrent.useBias { add("bias", .bias, rows: recurrent.cell.biasRows, gates: gates) }
    case .dense(let dense):
      add("kernel", .input, rows: inputs, gates: [])
      if dense.useBias { add("bias", .bias, rows: 1, gates: []) }
    }
    return tensors
  }
}
