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

  /// The quantity with a name.
  package func quantity(_ name: String) -> TraceQuantity? {
    quantities.first { $0.name == name }
  }

  /// The sum of a gate.
  package func sum(_ gate: String) -> TraceQuantity? { sums.first { $0.name == gate } }
}

extension LayerTrace {
  /// One direction of a two-way layer as a layer of its own; the backward one with its steps in the
  /// order in which it computes them.
  package func direction(_ direction: Direction) -> LayerTrace {
    let prefix = "\(direction.rawValue)/"
    func inOrder<Element>(_ values: [Element]) -> [Element] {
      direction == .forward ? values : values.reversed()
    }
    func own(_ all: [TraceQuantity]) -> [TraceQuantity] {
      all.filter { $0.name.hasPrefix(prefix) }.map {
        TraceQuantity(String($0.name.dropFirst(prefix.count)), values: inOrder($0.values))
      }
    }
    return LayerTrace(
      layer: layer, input: inOrder(input), sums: own(sums), quantities: own(quantities),
      output: output)
  }
}

extension LayerSpecification {
  /// The gates and states that a look inside shows at each time step, with the number of units.
  package var quantities: [(name: String, units: Int)] {
    guard let recurrent else { return [] }
    let names = recurrent.cell.quantityNames
    let all: [String]
    if case .bidirectional = kind {
      all = Direction.allCases.flatMap { direction in names.map { "\(direction.rawValue)/\($0)" } }
    } else {
      all = names
    }
    return all.map { ($0, recurrent.units) }
  }
}

/// One number a unit at each time step.
package struct TraceQuantity: Equatable, Sendable {
  /// `forget`, `cell_state`, `hidden_state`, ….
  package let name: String
  /// The values, step by step: (T, H).
  package var values: [[Float]]

  /// Makes a quantity without steps yet.
  init(_ name: String, values: [[Float]] = []) {
    self.name = name
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
