/// A layer's tensors as the equations use them: W, U and b, all gates of them side by side.
struct InspectedWeights {
  private let kernel: PanelWeights
  private let recurrent: PanelWeights?
  /// One row for each product that has a bias of its own: b, then d; zeros without.
  private let bias: [[Float]]

  /// Takes the tensors of a layer (or of one direction of it) out of a model's.
  init(_ tensors: [(tensor: ParameterTensor, values: [Float])], kernels: Kernels) {
    func matrix(_ source: ParameterTensor.Source) -> PanelWeights? {
      tensors.first { $0.tensor.source == source }.map {
        PanelWeights(columns: $0.tensor.columns, rowMajor: $0.values, kernels: kernels)
      }
    }
    guard let kernel = matrix(.input) else { preconditionFailure("a layer without a kernel") }
    self.kernel = kernel
    recurrent = matrix(.hidden)
    let columns = tensors[0].tensor.columns
    let rows = tensors.first { $0.tensor.source == .bias }.map { bias in
      stride(from: 0, to: bias.values.count, by: columns).map {
        Array(bias.values[$0..<$0 + columns])
      }
    }
    self.bias = rows ?? [[Float](repeating: 0, count: columns)]
  }

  /// b of each column, and d of each, where the product with the step before has a bias of its own.
  var inputBias: [Float] { bias[0] }
  var recurrentBias: [Float] { bias[bias.count - 1] }

  /// `start` + W·x for each step: (T, columns).
  func sums(_ x: [[Float]], from start: [Float]) -> [[Float]] { kernel.product(x, from: start) }

  /// `start` + U·h; before the first step h is nil, and nothing is added.
  func addingRecurrent(_ h: [Float]?, to start: [Float]) -> [Float] {
    guard let h, let recurrent else { return start }
    return recurrent.product([h], from: start)[0]
  }
}
