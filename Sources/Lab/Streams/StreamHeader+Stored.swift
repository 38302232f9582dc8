import LabFormats
import LabStore

extension TensorDescription {
  /// Describes a tensor of a stream as it is stored.
  init(_ tensor: StreamedTensor) {
    self.init(
      layer: tensor.layer, part: LayerPart(tensor.tensor), rows: tensor.rows,
      cols: tensor.cols, gates: tensor.gates, source: tensor.source)
  }
}

extension ForeignTensor {
  /// What another program knows of a tensor of a stream.
  init(_ tensor: StreamedTensor) {
    self.init(
      path: tensor.path ?? "\(tensor.layer)/\(tensor.tensor)", shape: tensor.shape,
      dtype: tensor.dtype, turned: tensor.turned.map { Turning.rule.text($0).compact },
      isTrainable: tensor.isTrainable)
  }
}

extension StreamedTensor {
  /// Types whose every number is a float32.
  private static let exactTypes: Set<String> = [
    "float32", "float16", "bfloat16", "bool", "int8", "uint8", "int16", "uint16",
  ]

  /// Whether every number of the tensor is stored as it is.
  var isExact: Bool {
    Self.exactTypes.contains(dtype) || dtype.hasPrefix("float8")
  }
}

extension ActivationDescription {
  /// Describes a gate or state of a stream as it is stored.
  init(_ quantity: StreamedQuantity) {
    self.init(
      layer: quantity.layer, part: LayerPart(quantity.direction, quantity.gate),
      units: quantity.units)
  }
}
