/// Builds the layers of a network on an arena, each on the one before.
struct LayerBuilder {
  let description: NetworkDescription
  let batch: BatchShape
  let parameters: ParameterBuffers
  let arena: Arena
  let kernels: Kernels

  /// Returns the layers, the first on the samples.
  ///
  /// - Parameter gradient: Where the first writes the gradient of the samples; nil for nowhere.
  func layers(
    _ layout: ParameterLayout, samples: PanelMatrix, gradient: PanelMatrix?
  ) -> [any Layer] {
    let samples =
      gradient.map { LayerInput.matrix(samples, gradient: $0) } ?? LayerInput.samples(samples)
    var layers: [any Layer] = []
    for (index, shape) in description.shapes.enumerated() {
      layers.append(
        layer(
          shape, at: index, placement: layout.placements[index],
          input: layers.last.map(LayerInput.layer) ?? samples))
    }
    return layers
  }

  private func layer(
    _ shape: LayerShape, at index: Int, placement: Placement, input: LayerInput
  ) -> any Layer {
    let masks = MaskSource(seed: description.seed, layer: index)
    let layer = shape.layer
    precondition(layer.recurrent == nil || shape.readsSteps, "\(layer.name) needs a sequence")
    switch layer.kind {
    case .recurrent(let recurrent):
      return RecurrentLayer(
        recurrent, inputs: shape.inputs, batch: batch, placement: placement, input: input,
        masks: masks, parameters: parameters, arena: arena, kernels: kernels)
    case .bidirectional(let recurrent):
      return BidirectionalLayer(
        recurrent, inputs: shape.inputs, batch: batch, placement: placement, input: input,
        masks: masks, parameters: parameters, arena: arena, kernels: kernels)
    case .embedding(let embedding):
      precondition(shape.inputs == 1 && index == 0, "\(layer.name) is not the first layer")
      return EmbeddingLayer(
        embedding, batch: batch, placement: placement, input: input, parameters: parameters,
        arena: arena)
    case .dense(let dense):
      return DenseLayer(
        dense, shape, batch: batch, placement: placement, input: input, parameters: parameters,
        arena: arena, kernels: kernels)
    case .dropout(let dropout):
      return DropoutLayer(
        dropout, shape, batch: batch, placement: placement, input: input, masks: masks,
        arena: arena, kernels: kernels)
    }
  }
}
