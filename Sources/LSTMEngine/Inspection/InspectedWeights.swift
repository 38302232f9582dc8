/// A layer's tensors as the equations use them: W, U and b with their gates told apart.
struct InspectedWeights {
  let kernel: Matrix
  let recurrent: Matrix?
  /// One row for each product that has a bias of its own; nil without.
  let bias: Matrix?

  /// A matrix that keeps its columns together, as sums run down them.
  struct Matrix {
    let rows: Int
    let columns: Int
    private let values: [Float]

    /// Takes row-major values.
    init(columns: Int, rowMajor: [Float]) {
      let rows = rowMajor.count / columns
      self.rows = rows
      self.columns = columns
      values = (0..<columns).flatMap { column in
        (0..<rows).map { row in rowMajor[row * columns + column] }
      }
    }

    subscript(row: Int, column: Int) -> Float { values[column * rows + row] }
    subscript(column column: Int) -> ArraySlice<Float> {
      values[column * rows..<(column + 1) * rows]
    }
  }

  /// Takes the tensors of a layer (or of one direction of it) out of a model's.
  init(_ tensors: [(tensor: ParameterTensor, values: [Float])]) {
    func matrix(_ source: ParameterTensor.Source) -> Matrix? {
      tensors.first { $0.tensor.source == source }.map {
        Matrix(columns: $0.tensor.columns, rowMajor: $0.values)
      }
    }
    guard let kernel = matrix(.input) else { preconditionFailure("a layer without a kernel") }
    self.kernel = kernel
    recurrent = matrix(.hidden)
    bias = matrix(.bias)
  }

  /// b + W·x: the chain of fused multiply-adds in index order that the kernels compute, bit for bit.
  func sum(_ column: Int, _ x: [Float]) -> Float {
    Self.chain(from: bias(0, column), x, kernel, column)
  }

  /// b + d + W·x, where both products have a bias and are added up.
  func sumWithBothBiases(_ column: Int, _ x: [Float]) -> Float {
    Self.chain(from: bias(0, column) + bias(1, column), x, kernel, column)
  }

  /// d + U·h, where the product with the step before stands alone; h is nil before the first step.
  func recurrentSum(_ column: Int, _ h: [Float]?) -> Float {
    addingRecurrent(bias(1, column), column, h)
  }

  private func bias(_ row: Int, _ column: Int) -> Float { bias?[row, column] ?? 0 }

  /// `start` + U·h; before the first step h is nil, and nothing is added.
  func addingRecurrent(_ start: Float, _ column: Int, _ h: [Float]?) -> Float {
    guard let h, let recurrent else { return start }
    return Self.chain(from: start, h, recurrent, column)
  }

  private static func chain(
    from start: Float, _ x: [Float], _ matrix: Matrix, _ column: Int
  ) -> Float {
    precondition(x.count == matrix.rows, "\(x.count) numbers for \(matrix.rows) rows")
    var sum = start
    for (value, weight) in zip(x, matrix[column: column]) { sum = sum.addingProduct(value, weight) }
    return sum
  }
}
