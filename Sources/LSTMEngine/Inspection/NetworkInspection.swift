/// A network computed in the open: one sequence at a time, with every gate and state of every step.
///
/// It is the forward pass written out in the letters of the equations; each number is that of
/// `Network` with the same weights, to the bit. It is far slower: for a few sequences, not to train.
package struct NetworkInspection: Sendable {
  private let layers: [LayerSpecification]
  private let layout: ParameterLayout
  private let weights: [[Float]]  // the tensors in the layout's order, row-major
  let kernels: Kernels

  /// Makes an inspection of a model with these weights: row-major tensors in the layout's order.
  package init(
    _ layers: [LayerSpecification], features: Int, weights: [[Float]], kernels: Kernels = .best
  ) {
    self.layers = layers
    layout = ParameterLayout(layers, features: features)
    precondition(
      weights.map(\.count) == layout.tensors.map(\.count),
      "\(weights.map(\.count)) weights for \(layout.tensors.map(\.count))")
    self.weights = weights
    self.kernels = kernels
  }

  /// Computes one sequence: (T, F).
  package func trace(_ x: [[Float]]) -> SequenceTrace {
    precondition(!x.isEmpty, "a sequence without steps")
    var input = x
    var traces: [LayerTrace] = []
    for layer in layers {
      let trace = trace(layer, input)
      traces.append(trace)
      input = trace.output
    }
    return SequenceTrace(layers: traces)
  }

  /// Returns the loss of one row of an output, as training computes it.
  ///
  /// - Parameter target: One number an output; a class is one among zeros.
  package func loss(_ loss: Loss, of trace: SequenceTrace, row: Int, target: [Float]) -> Float {
    let last = layers[layers.count - 1]
    let output = trace.output[row]
    precondition(target.count == output.count, "\(target.count) targets, \(output.count) outputs")
    let onLogits = OutputHead.usesLogits(loss, last)
    let values = onLogits ? trace.layers[layers.count - 1].sums[0].values : trace.output
    return kernels.loss(loss, onLogits: onLogits, of: values[row], target: target)
  }

  private func trace(_ layer: LayerSpecification, _ x: [[Float]]) -> LayerTrace {
    let tensors = zip(layout.tensors, weights).filter { $0.0.layer == layer.name }
      .map { (tensor: $0.0, values: $0.1) }
    switch layer.kind {
    case .recurrent(let recurrent):
      let cell = CellInspection(
        layer: recurrent, weights: InspectedWeights(tensors), kernels: kernels)
      let (sums, quantities) = cell.trace(x)
      let hidden = quantities[quantities.count - 1].values
      return LayerTrace(
        layer: layer.name, input: x, sums: sums, quantities: quantities,
        output: recurrent.returnSequences ? hidden : Array(hidden.suffix(1)))
    case .bidirectional(let recurrent):
      return bidirectional(layer.name, recurrent, tensors, x)
    case .embedding(let embedding):
      let table = InspectedWeights.Matrix(
        columns: embedding.outputDimension, rowMajor: tensors[0].values)
      let output = x.map { row in (0..<table.columns).map { table[Int(row[0]), $0] } }
      return LayerTrace(layer: layer.name, input: x, sums: [], quantities: [], output: output)
    case .dense(let dense):
      let weights = InspectedWeights(tensors)
      let sums = x.map { row in (0..<dense.units).map { weights.sum($0, row) } }  // z = b + x·W
      return LayerTrace(
        layer: layer.name, input: x, sums: [TraceQuantity("output", values: sums)],
        quantities: [], output: sums.map { kernels.map(dense.activation, $0) })
    case .dropout:  // nothing is dropped but in training
      return LayerTrace(layer: layer.name, input: x, sums: [], quantities: [], output: x)
    }
  }
}

extension SampleSet {
  /// The inputs of one sample: (T, F).
  package func sequence(_ sample: Int) -> [[Float]] {
    precondition(sample >= 0 && sample < count, "sample \(sample) of \(count)")
    return rows(of: sample).map { row in Array(x[row * features..<(row + 1) * features]) }
  }
}
