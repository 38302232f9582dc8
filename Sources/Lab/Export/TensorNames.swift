import LSTMEngine
import LabFormats
import LabStore

/// Whose names, shapes and gate order exported tensors have.
package enum TensorNames: String, CaseIterable, Sendable {
  /// `lstm/kernel`, inputs × gates, i f c o: as stored.
  case keras
  /// `lstm.weight_ih_l0`, gates × inputs, i f g o; GRUs r z n: what `load_state_dict` takes.
  case pytorch
  /// `lstm.W`, `lstm.R`, `lstm.B` with an axis for the direction, i o f c; GRUs z r h: the inputs of
  /// ONNX's LSTM, GRU (linear_before_reset = 1) and RNN.
  case onnx
}

/// Tensors of an epoch under other names.
struct TensorExport {
  let tensors: [TensorDescription]
  /// The values of each, row by row.
  let values: [[Float]]

  /// Returns the tensors as others name them, in canonical order.
  ///
  /// - Throws: `LabError` where the stored tensors are not those of a layer that the others know.
  func tensors(named names: TensorNames) throws(LabError) -> [NamedTensor] {
    var named: [NamedTensor] = []
    for index in tensors.indices {
      switch names {
      case .keras:
        named.append(
          NamedTensor(
            name: tensors[index].path, shape: tensors[index].kerasShape, values: values[index]))
      case .pytorch: named += try pytorch(index)
      case .onnx: named += try onnx(index)
      }
    }
    return named
  }

  /// A tensor under another name, if its numbers fill its shape.
  private func renamed(
    _ index: Int, _ name: String, _ shape: [Int], _ values: [Float]
  ) throws(LabError) -> NamedTensor {
    guard shape.reduce(1, *) == values.count else {
      throw LabError(
        .data, "`\(tensors[index].path)` does not fit the other tensors' shapes", where: "export",
        next: "export it with Keras's names")
    }
    return NamedTensor(name: name, shape: shape, values: values)
  }

  /// Whether the tensor belongs to recurrent cells, whose gates have an order.
  private func isRecurrent(_ index: Int) -> Bool {
    let tensor = tensors[index]
    return tensors.contains {
      $0.layer == tensor.layer && $0.part == LayerPart(tensor.part.direction, "recurrent_kernel")
    }
  }

  private func isBackward(_ index: Int) -> Bool { tensors[index].part.direction == .backward }

  private func role(_ index: Int) -> String { tensors[index].part.name ?? "" }

  /// The places of the gates' blocks in another order; one block for a cell without gates.
  private func blocks(_ index: Int, _ order: [String]) -> [Int] {
    let gates = tensors[index].gates
    return gates.isEmpty ? [0] : order.compactMap { gates.firstIndex(of: $0) }
  }

  /// A matrix with a row for each of the stored one's columns, gate after gate.
  private func turned(_ index: Int, _ order: [String]) -> [Float] {
    let tensor = tensors[index]
    return blocks(index, order).flatMap { block in
      (0..<tensor.units).flatMap { unit in
        (0..<tensor.rows).map { values[index][$0 * tensor.cols + block * tensor.units + unit] }
      }
    }
  }

  /// One row of a bias, gate after gate; zeros where the cell has no such row.
  private func bias(_ index: Int, row: Int, _ order: [String]) -> [Float] {
    let tensor = tensors[index]
    guard row < tensor.rows else { return [Float](repeating: 0, count: tensor.cols) }
    return blocks(index, order).flatMap { block in
      let start = row * tensor.cols + block * tensor.units
      return values[index][start..<start + tensor.units]
    }
  }

  // MARK: PyTorch

  private static let pytorchOrders = RecurrentCell.allCases.map(\.pytorchGates)
    .filter { !$0.isEmpty }

  private func pytorch(_ index: Int) throws(LabError) -> [NamedTensor] {
    let tensor = tensors[index]
    guard isRecurrent(index) else { return [try plain(index)] }
    let order = order(index, Self.pytorchOrders)
    let end = isBackward(index) ? "_l0_reverse" : "_l0"
    let name = { (part: String) in "\(tensor.layer).\(part)\(end)" }
    switch role(index) {
    case "kernel", "recurrent_kernel":
      let part = role(index) == "kernel" ? "weight_ih" : "weight_hh"
      return [
        try renamed(index, name(part), [tensor.cols, tensor.rows], turned(index, order))
      ]
    default:
      return [
        try renamed(index, name("bias_ih"), [tensor.cols], bias(index, row: 0, order)),
        try renamed(index, name("bias_hh"), [tensor.cols], bias(index, row: 1, order)),
      ]
    }
  }

  /// A layer without cells: Linear's weight is the transpose, Embedding's is the table itself.
  private func plain(_ index: Int) throws(LabError) -> NamedTensor {
    let tensor = tensors[index]
    switch role(index) {
    case "kernel":
      return try renamed(
        index, "\(tensor.layer).weight", [tensor.cols, tensor.rows], turned(index, []))
    case "embeddings":
      return NamedTensor(
        name: "\(tensor.layer).weight", shape: [tensor.rows, tensor.cols], values: values[index])
    case let role:
      return NamedTensor(
        name: "\(tensor.layer).\(role)", shape: tensor.kerasShape, values: values[index])
    }
  }

  private func order(_ index: Int, _ orders: [[Quantity]]) -> [String] {
    let gates = tensors[index].gates
    return orders.map { $0.map(\.rawValue) }.first { Set($0) == Set(gates) } ?? gates
  }

  // MARK: ONNX

  private static let onnxOrders: [[Quantity]] = [
    [.input, .output, .forget, .cell], [.update, .reset, .candidate],
  ]

  /// Both directions of a layer are one tensor, which stands where the first of them does.
  private func onnx(_ index: Int) throws(LabError) -> [NamedTensor] {
    let tensor = tensors[index]
    guard isRecurrent(index) else { return [try plain(index)] }
    guard !isBackward(index) else { return [] }
    let role = role(index)
    let both = tensors.indices.filter {
      tensors[$0].layer == tensor.layer && self.role($0) == role
    }
    let order = order(index, Self.onnxOrders)
    switch role {
    case "kernel", "recurrent_kernel":
      return [
        try renamed(
          index, "\(tensor.layer).\(role == "kernel" ? "W" : "R")",
          [both.count, tensor.cols, tensor.rows], both.flatMap { turned($0, order) })
      ]
    default:
      let rows = both.flatMap { index in
        (0..<2).flatMap { bias(index, row: $0, order) }
      }
      return [
        try renamed(index, "\(tensor.layer).B", [both.count, 2 * tensor.cols], rows)
      ]
    }
  }
}

extension TensorDescription {
  /// The shape as Keras has it: a vector has one axis.
  fileprivate var kerasShape: [Int] { isVector ? [cols] : [rows, cols] }
}
