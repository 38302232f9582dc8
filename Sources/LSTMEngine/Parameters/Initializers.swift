/// Keras's default initial weights, drawn from the counter-based stream.
///
/// Sources: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
/// networks" (2010); Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of
/// learning in deep linear neural networks" (2014); Jozefowicz, Zaremba and Sutskever, "An empirical
/// exploration of recurrent network architectures" (2015) for the forget gate's bias of one.
enum Initializers {
  /// Returns the initial elements of a tensor, row-major; `number` is its place in the model.
  static func values(for tensor: ParameterTensor, number: Int, seed: UInt64, unitForgetBias: Bool)
    -> [Float]
  {
    let stream = RandomStream(seed: seed, purpose: .initialWeights, number: number)
    switch tensor.source {
    case .input: return glorotUniform(tensor, stream)
    case .hidden: return orthogonal(rows: tensor.rows, columns: tensor.columns, stream)
    case .bias: return bias(tensor, unitForgetBias: unitForgetBias)
    // Keras's `uniform`: in ±0.05.
    case .lookup: return (0..<tensor.count).map { Float((2 * stream.uniform($0) - 1) * 0.05) }
    }
  }

  /// Uniform in ±√(6 / (rows + columns)) of the whole matrix.
  private static func glorotUniform(_ tensor: ParameterTensor, _ stream: RandomStream) -> [Float] {
    let limit = (6 / Double(tensor.rows + tensor.columns)).squareRoot()
    return (0..<tensor.count).map { Float((2 * stream.uniform($0) - 1) * limit) }
  }

  /// Zeros, with the forget gate's block at one where the layer asks for it.
  private static func bias(_ tensor: ParameterTensor, unitForgetBias: Bool) -> [Float] {
    (0..<tensor.count).map { element in
      let column = element % tensor.columns
      let isForget =
        !tensor.gates.isEmpty && tensor.gates[column / tensor.units] == .forget
      return isForget && unitForgetBias ? 1 : 0
    }
  }

  /// A matrix whose shorter side's vectors are orthonormal, uniform among all such matrices: the Q of
  /// a normal matrix's QR decomposition with R's diagonal positive (Mezzadri, 2007), as modified
  /// Gram–Schmidt gives it, done twice for accuracy.
  static func orthogonal(rows: Int, columns: Int, _ stream: RandomStream) -> [Float] {
    let count = min(rows, columns), length = max(rows, columns)
    var vectors: [[SIMD8<Double>]] = []  // of `length` numbers, eight at a time
    for index in 0..<count {
      var vector = (0..<(length + 7) / 8).map { group in
        SIMD8<Double>(
          (0..<8).map {
            8 * group + $0 < length ? stream.normal(index * length + 8 * group + $0) : 0
          })
      }
      for _ in 0..<2 {
        for other in vectors {
          let overlap = dot(vector, other)
          for k in vector.indices { vector[k] -= overlap * other[k] }
        }
      }
      let norm = dot(vector, vector).squareRoot()
      vectors.append(vector.map { $0 / norm })
    }
    return (0..<rows * columns).map { element in
      let (row, column) = (element / columns, element % columns)
      let (vector, place) = rows <= columns ? (row, column) : (column, row)
      return Float(vectors[vector][place / 8][place % 8])
    }
  }

  private static func dot(_ a: [SIMD8<Double>], _ b: [SIMD8<Double>]) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    for k in a.indices { sums += a[k] * b[k] }
    return (0..<8).reduce(0) { $0 + sums[$1] }
  }
}
