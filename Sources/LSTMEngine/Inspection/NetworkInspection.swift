/// A network computed in the open: one sequence at a time, with every gate and state of every step.
///
/// It is the forward pass written out in the letters of the equations; each number is that of
/// `Network` with the same weights, to the bit. It keeps all of them: for a look, not to train.
package struct NetworkInspection: Sendable {
  let layers: [LayerSpecification]
  private let weights: [[InspectedWeights]]  // of each layer: none, its own, or each direction's
  private let tables: [[Float]]  // of each layer: what an embedding looks up, row-major
  let kernels: Kernels

  /// Takes the weights as row-major tensors in the layout's order.
  package init(
    _ layers: [LayerSpecification], features: Int, weights: [[Float]], kernels: Kernels = .best
  ) {
    self.layers = layers
    let known = ParameterLayout(layers, features: features).tensors
    precondition(
      weights.map { $0.count } == known.map { $0.count },
      "\(weights.map { $0.count }) weights for \(known.map { $0.count })")
    let tensors = layers.map { layer in
      zip(known, weights).filter { $0.0.layer == layer.name }
        .map { (tensor: $0.0, values: $0.1) }
    }
    tables = tensors.map { $0.first { $0.tensor.source == .lookup }?.values ?? [] }
    self.weights = tensors.map { tensors in
      let directions = Direction.allCases.map { direction in
        tensors.filter { $0.tensor.direction == direction }
      }.filter { !$0.isEmpty }
      return (directions.isEmpty ? [tensors] : directions)
        .filter { $0.contains { $0.tensor.source == .input } }
        .map { InspectedWeights($0, kernels: kernels) }
    }
    self.kernels = kernels
  }

  /// Computes one sequence: (T, F).
  package func trace(_ x: [[Float]]) -> SequenceTrace {
    precondition(!x.isEmpty, "a sequence without steps")
    var input = x
    var traces: [LayerTrace] = []
    for layer in layers.indices {
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

  /// A recurrent layer of one direction with its weights.
  func cell(_ recurrent: RecurrentSpecification, at index: Int) -> CellInspection {
    CellInspection(layer: recurrent, weights: weights[index][0], kernels: kernels)
  }

  /// Computes one layer on its input: (T, I).
  func trace(_ index: Int, _ x: [[Float]]) -> LayerTrace {
    let layer = layers[index], weights = weights[index]
    switch layer.kind {
    case .recurrent(let recurrent):
      let (sums, quantities) = cell(recurrent, at: index).trace(x)
      let hidden = quantities[quantities.count - 1].values
      return LayerTrace(
        layer: layer.name, input: x, sums: sums, quantities: quantities,
        output: recurrent.returnSequences ? hidden : Array(hidden.suffix(1)))
    case .bidirectional(let recurrent):
      return bidirectional(layer.name, recurrent, weights, x)
    case .embedding(let embedding):
      let columns = embedding.outputDimension
      let output = x.map { row in
        Array(tables[index][Int(row[0]) * columns..<(Int(row[0]) + 1) * columns])
      }
      return LayerTrace(layer: layer.name, input: x, sums: [], quantities: [], output: output)
    case .dense(let dense):
      let sums = weights[0].sums(x, from: weights[0].inputBias)  // z = b + x·W
      return LayerTrace(
        layer: layer.name, input: x, sums: [TraceQuantity(.output, values: sums)],
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
    let rows = rows(of: sample)
    return rows.indices.map { step in
      let start = (rows.lowerBound + (step - rows.lowerBound) * rate) * features
      return Array(x[start..<start + features])
    }
  }
}

extension NetworkInspection {
  /// Returns what an activation makes of a row of numbers, with the bits of training.
  package func apply(_ activation: Activation, to values: [Float]) -> [Float] {
    kernels.map(activation, values)
  }
}
