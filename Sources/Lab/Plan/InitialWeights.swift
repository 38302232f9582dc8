import LSTMEngine
import LabFormats

/// First weights from a file: exactly the model's tensors, by Keras's names.
enum InitialWeights {
  /// Returns the values of each tensor in the layout's order.
  static func load(_ path: String, layout: ParameterLayout) throws(LabError) -> [[Float]] {
    let tensors = try TensorFile.read(path)
    for tensor in tensors {
      guard layout.tensors.contains(where: { $0.path == tensor.name }) else {
        throw LabError(
          .data, "the file holds `\(Visible.line(tensor.name))`, which the model does not have",
          where: path, next: "the model's tensors are " + list(layout))
      }
    }
    var values: [[Float]] = []
    for wanted in layout.tensors {
      guard let tensor = tensors.first(where: { $0.name == wanted.path }) else {
        throw LabError(
          .data, "the file lacks `\(wanted.path)`", where: path,
          next: "the model's tensors are " + list(layout))
      }
      let shape = wanted.kerasShape
      guard tensor.shape == shape else {
        throw LabError(
          .data, "`\(wanted.path)` has the shape \(tensor.shape), the model needs \(shape)",
          where: path, next: "check `units` and the number of features, or transpose the array")
      }
      if let bad = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw LabError(
          .data, "`\(wanted.path)\(FloatArray.place(of: bad, in: shape))` is \(tensor.values[bad])",
          where: path, next: "weights must be finite")
      }
      values.append(tensor.values)
    }
    return values
  }

  private static func list(_ layout: ParameterLayout) -> String {
    layout.tensors.map { "`\($0.path)` \($0.kerasShape)" }.joined(separator: ", ")
  }
}

extension ParameterTensor {
  /// The shape that Keras shows: a bias is a vector.
  package var kerasShape: [Int] { source == .bias && rows == 1 ? [columns] : [rows, columns] }
}
