extension Kernels {
  /// Returns an activation of each element; softmax is taken along the whole array.
  func map(_ activation: Activation, _ z: [Float]) -> [Float] {
    switch activation {
    case .linear: z
    case .sigmoid: map(Function.sigmoid, z)
    case .tanh: map(Function.tanh, z)
    case .relu: z.map { $0 < 0 ? 0 : $0 }
    case .softmax: softmax(z)
    }
  }

  /// e^(z − max z) over its sum, the sum in index order.
  private func softmax(_ z: [Float]) -> [Float] {
    let greatest = z.reduce(z[0]) { $1 <= $0 ? $0 : $1 }
    let numerators = map(.exp, z.map { $0 - greatest })
    let sum = numerators.reduce(0, +)
    return numerators.map { $0 / sum }
  }
}
