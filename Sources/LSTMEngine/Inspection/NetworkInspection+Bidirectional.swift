extension NetworkInspection {
  /// Computes a two-way layer on one sequence: (T, I).
  ///
  /// Step t of a sum or quantity is the sequence's step t in both, although the backward layer computes it after those that follow.
  func bidirectional(
    _ name: String, _ recurrent: RecurrentSpecification,
    _ weights: [InspectedWeights], _ x: [[Float]]
  ) -> LayerTrace {
    var sums: [TraceQuantity] = []
    var quantities: [TraceQuantity] = []
    var hidden: [[[Float]]] = []
    for (direction, weights) in zip(Direction.allCases, weights) {
      let cell = CellInspection(layer: recurrent, weights: weights, kernels: kernels)
      func inOrderOfTime(_ values: [[Float]]) -> [[Float]] {
        direction == .forward ? values : values.reversed()
      }
      let trace = cell.trace(inOrderOfTime(x))
      sums += trace.sums.map {
        TraceQuantity($0.kind, of: direction, values: inOrderOfTime($0.values))
      }
      quantities += trace.quantities.map {
        TraceQuantity($0.kind, of: direction, values: inOrderOfTime($0.values))
      }
      let h = trace.quantities[trace.quantities.count - 1].values
      hidden.append(recurrent.returnSequences ? inOrderOfTime(h) : Array(h.suffix(1)))
    }
    return LayerTrace(
      layer: name, input: x, sums: sums, quantities: quantities,
      output: zip(hidden[0], hidden[1]).map { $0 + $1 })
  }
}
