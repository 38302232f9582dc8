/// A model that reads one sequence step after step and carries its hidden and cell states, so that a
/// step takes as long as the one before, however many were read.
///
/// Each output is that of `Network` for the whole sequence up to this step, to the bit. Layers that
/// read backward, or give their last step alone, cannot be computed so.
package struct SteppedNetwork: Sendable {
  private let network: NetworkInspection
  private var states: [CellInspection.Step?]  // of each layer: its last step

  /// What a step gives.
  package struct Output: Equatable, Sendable {
    /// What the last dense layer's activation was applied to; empty without one.
    package var sums: [Float] = []
    /// The model's outputs.
    package var values: [Float] = []

    /// Nothing was read yet.
    package init() {}
  }

  /// Begins before the first step.
  package init(_ network: NetworkInspection) {
    precondition(Self.canStep(network.layers), "a layer needs the whole sequence")
    self.network = network
    states = network.layers.map { _ in nil }
  }

  /// Whether each step's output depends on this step and those before alone, and there is one.
  package static func canStep(_ layers: [LayerSpecification]) -> Bool {
    layers.allSatisfy { layer in
      switch layer.kind {
      case .recurrent(let recurrent): recurrent.returnSequences
      case .bidirectional: false
      case .dense, .embedding, .dropout: true
      }
    }
  }

  /// Reads a step: (F).
  package mutating func read(_ x: [Float]) -> Output {
    var output = Output()
    output.values = x
    for index in network.layers.indices {
      if case .recurrent(let recurrent) = network.layers[index].kind {
        let cell = network.cell(recurrent, at: index)
        let step = cell.step(output.values, after: states[index])
        states[index] = step
        output.values = step.hidden
        continue
      }
      let trace = network.trace(index, [output.values])
      if case .dense = network.layers[index].kind { output.sums = trace.sums[0].values[0] }
      output.values = trace.output[0]
    }
    return output
  }
}
