package import LSTMEngine
package import LabFormats

/// Numbers of weights, counted without overflow.
package enum ParameterCount {
  /// The most parameters that a model may have: 4 GiB of float32.
  package static let maximum = 1 << 30

  /// Counts the parameters of each layer of a model whose input has `features` features.
  ///
  /// - Parameter source: The configuration file, for the message.
  /// - Throws: `LabError` of kind `data` when they are more than `maximum` together.
  package static func byLayer(
    _ layers: [LayerSpecification], features: Int, source: String = "configuration"
  ) throws(LabError) -> [Int] {
    var total = 0
    var counts: [Int] = []
    for shape in layers.shapes(features: features) {
      let (count, overflow) = count(of: shape.layer, inputs: shape.inputs)
      let sum = total.addingReportingOverflow(count)
      if overflow || sum.overflow || sum.partialValue > maximum {
        throw LabError(
          .data, "the model has more than \(maximum) parameters up to layer `\(shape.layer.name)`",
          where: "\(source), model.layers",
          next: "use fewer units: it has \(shape.inputs) inputs and \(shape.outputs) units")
      }
      total = sum.partialValue
      counts.append(count)
    }
    return counts
  }

  /// Counts the parameters of one layer; the flag tells an overflow.
  private static func count(of layer: LayerSpecification, inputs: Int) -> (Int, Bool) {
    switch layer.kind {
    case .recurrent(let recurrent): return count(of: recurrent, inputs: inputs)
    case .bidirectional(let recurrent):
      let one = count(of: recurrent, inputs: inputs)
      let both = one.0.multipliedReportingOverflow(by: 2)
      return (both.partialValue, one.1 || both.overflow)
    case .embedding(let embedding):
      let product = embedding.inputDimension.multipliedReportingOverflow(
        by: embedding.outputDimension)
      return (product.partialValue, product.overflow)
    case .dense(let dense):
      let rows = inputs.addingReportingOverflow(dense.useBias ? 1 : 0)
      let product = rows.partialValue.multipliedReportingOverflow(by: dense.units)
      return (product.partialValue, rows.overflow || product.overflow)
    case .dropout: return (0, false)
    }
  }

  /// For each gate (inputs + units) × units and its biases.
  private static func count(
    of recurrent: RecurrentSpecification, inputs: Int
  ) -> (Int, Bool) {
    let biases = recurrent.useBias ? recurrent.cell.biasRows : 0
    let rows = inputs.addingReportingOverflow(recurrent.units + biases)
    let product = rows.partialValue.multipliedReportingOverflow(by: recurrent.units)
    let gates = product.partialValue.multipliedReportingOverflow(by: recurrent.cell.sums)
    return (gates.partialValue, rows.overflow || product.overflow || gates.overflow)
  }

  /// Refuses a model that is too large whatever its data; inline data tell their features.
  static func refuseTooMany(_ config: Config, source: String) throws(LabError) {
    let features = config.data.train.inlineFeatures ?? 1
    _ = try byLayer(config.model.layers, features: features, source: source)
  }
}
