/// Builds the layers of a network on an arena, each on the one before.
struct LayerBuilder {
  let description: NetworkDescription
  let batch: BatchShape
  let parameters: ParameterBuffers
  let arena: Arena
  let kernels: Kernels

  /// Returns the number of floats that all layers take from the arena.
  static func floats(_ description: NetworkDescription) -> Double {
    let batch = BatchShape(size: description.batchSize, steps: description.steps)
    var inputs = description.features
    var perStep = true
    var floats = 0.0
    for (index, layer) in description.layers.enumerated() {
      switch layer.kind {
      case .recurrent(let recurrent):
        floats += RecurrentLayer.floats(recurrent, batch: batch, inputs: inputs)
      case .bidirectional(let recurrent):
        floats += BidirectionalLayer.floats(
          recurrent, batch: batch, inputs: inputs, givesGradient: index > 0)
      case .embedding(let embedding):
        floats += EmbeddingLayer.floats(batch: batch, units: embedding.outputDimension)
      case .dense(let dense):
        let rows = perStep ? batch.rows : Double(batch.size)
        floats += DenseLayer.floats(rows: rows, inputs: inputs, units: dense.units)
      case .dropout:
        floats += DropoutLayer.floats(
          rows: perStep ? batch.rows : Double(batch.size), columns: inputs)
      }
      perStep = perStep && layer.keepsSteps
      inputs = layer.outputs(of: inputs)
    }
    return floats
  }

  func layers(_ layout: ParameterLayout, samples: PanelMatrix) -> [any Layer] {
    var layers: [any Layer] = []
    var input = LayerInput.samples(samples)
    var inputs = description.features
    var perStep = true
    for (index, specification) in description.layers.enumerated() {
      let placement = layout.placements[index]
      let masks = MaskSource(seed: description.seed, layer: index)
      let layer: any Layer
      switch specification.kind {
      case .recurrent(let recurrent):
        precondition(perStep, "\(specification.name) needs a sequence")
        layer = RecurrentLayer(
          recurrent, inputs: inputs, batch: batch, placement: placement, input: input, masks: masks,
          parameters: parameters, arena: arena, kernels: kernels)
      case .bidirectional(let recurrent):
        precondition(perStep, "\(specification.name) needs a sequence")
        layer = BidirectionalLayer(
          recurrent, inputs: inputs, batch: batch, placement: placement, input: input, masks: masks,
          parameters: parameters, arena: arena, kernels: kernels)
      case .embedding(let embedding):
        precondition(inputs == 1 && layers.isEmpty, "\(specification.name) is not the first layer")
        layer = EmbeddingLayer(
          embedding, batch: batch, placement: placement, input: input, parameters: parameters,
          arena: arena)
      case .dense(let dense):
        layer = DenseLayer(
          dense, inputs: inputs, rows: perStep ? batch.rowCount : batch.size,
          perStep: perStep, placement: placement, input: input, parameters: parameters,
          arena: arena, kernels: kernels)
      case .dropout(let dropout):
        layer = DropoutLayer(
          dropout, columns: inputs, rows: perStep ? batch.rowCount : batch.size, perStep: perStep,
          placement: placement, input: input, masks: masks, arena: arena, kernels: kernels)
      }
      layers.append(layer)
      input = .layer(layer)
      inputs = specification.outputs(of: inputs)
      perStep = perStep && specification.keepsSteps
    }
    return layers
  }
}
