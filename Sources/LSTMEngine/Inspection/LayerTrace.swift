/// What one layer made of one sequence, step by step.
package struct LayerTrace: Equatable, Sendable {
  /// The layer's name.
  package let layer: String
  /// What the layer read at each step it computed: (T, I).
  package let input: [[Float]]
  /// The sums before an activation, one for each gate in the cell's order: (T, H) each.
  package let sums: [TraceQuantity]
  /// The gates in the cell's order, then the states: (T, H) each; nothing in a layer without steps.
  package let quantities: [TraceQuantity]
  /// What the next layer reads: (T, H), or (1, H) where only the last step is shown.
  package let output: [[Float]]

  init(
    layer: String, input: [[Float]], sums: [TraceQuantity], quantities: [TraceQuantity],
    output: [[Float]]
  ) {
    self.layer = layer
    self.input = input
    self.sums = sums
    self.quantities = quantities
    self.output = output
  }

  /// What was recorded of a layer whose inputs were not.
  package init(layer: String, recorded quantities: [TraceQuantity]) {
    let steps = quantities.map { $0.values.count }.min() ?? 0
    self.init(
      layer: layer, input: Array(repeating: [], count: steps), sums: [], quantities: quantities,
      output: [])
  }

  /// A gate or state of a layer of one direction.
  package func quantity(_ kind: Quantity) -> TraceQuantity? { quantities.first { $0.kind == kind } }

  /// The sum of a gate of a layer of one direction.
  package func sum(_ kind: Quantity) -> TraceQuantity? { sums.first { $0.kind == kind } }
}

extension LayerTrace {
  /// One direction of a two-way layer as a layer of its own; the backward one with its steps in the
  /// order in which it computes them.
  package func direction(_ direction: Direction) -> LayerTrace {
    func inOrder<Element>(_ values: [Element]) -> [Element] {
      direction == .forward ? values : values.reversed()
    }
    func own(_ all: [TraceQuantity]) -> [TraceQuantity] {
      all.filter { $0.direction == direction }.map {
        TraceQuantity($0.kind, values: inOrder($0.values))
      }
    }
    return LayerTrace(
      layer: layer, input: inOrder(input), sums: own(sums), quantities: own(quantities),
      output: output)
  }
}

extension LayerSpecification {
  /// The gates and states that a look inside shows at each time step, with the number of units.
  package var quantities: [(direction: Direction?, kind: Quantity, units: Int)] {
    guard let recurrent else { return [] }
    return directions.flatMap { direction in
      (recurrent.cell.gates + recurrent.cell.states).map { (direction, $0, recurrent.units) }
    }
  }
}

/// One number a unit at each time step.
package struct TraceQuantity: Equatable, Sendable {
  /// The direction of a two-way layer that computes it.
  package let direction: Direction?
  /// What it is.
  package let kind: Quantity
  /// The values, step by step: (T, H).
  package var values: [[Float]]

  /// The name in the view `activations`: `forget`, or `backward/forget`.
  package var name: String { direction.path(kind.rawValue) }

  /// Steps are appended as they are computed.
  package init(_ kind: Quantity, of direction: Direction? = nil, values: [[Float]] = []) {
    self.direction = direction
    self.kind = kind
    self.values = values
  }
}

/// What a network made of one sequence, layer by layer.
package struct SequenceTrace: Equatable, Sendable {
  /// The layers in order.
  package let layers: [LayerTrace]

  /// The network's output: (T, O), or (1, O) where it has no time steps.
  package var output: [[Float]] { layers[layers.count - 1].output }
}
