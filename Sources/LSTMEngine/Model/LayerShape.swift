/// A layer at its place in a model: what it reads from the layer before, and what it gives.
package struct LayerShape: Equatable, Sendable {
  /// The layer.
  package let layer: LayerSpecification
  /// The number of inputs in each row.
  package let inputs: Int
  /// Whether the input has a row for every time step, or one for each sequence.
  package let readsSteps: Bool

  /// The number of outputs in each row.
  package var outputs: Int {
    switch layer.kind {
    case .recurrent(let recurrent), .bidirectional(let recurrent):
      layer.directions.count * recurrent.units
    case .dense(let dense): dense.units
    case .embedding(let embedding): embedding.outputDimension
    case .dropout: inputs
    }
  }

  /// Whether the output has a row for every time step.
  package var givesSteps: Bool { readsSteps && layer.recurrent?.returnSequences ?? true }
}

extension [LayerSpecification] {
  /// Returns the layers at their places, the first on samples with `features` numbers a time step.
  package func shapes(features: Int) -> [LayerShape] {
    reduce(into: []) { shapes, layer in
      shapes.append(
        LayerShape(
          layer: layer, inputs: shapes.last?.outputs ?? features,
          readsSteps: shapes.last?.givesSteps ?? true))
    }
  }
}
