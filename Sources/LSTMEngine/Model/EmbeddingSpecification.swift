/// The arguments of an `embedding` layer: a table with a row for each whole number of the input.
package struct EmbeddingSpecification: Equatable, Sendable {
  /// How many numbers there are: inputs are 0 ..< `inputDimension`.
  package var inputDimension: Int
  /// The number of outputs for each.
  package var outputDimension: Int

  /// The table has `inputDimension` rows of `outputDimension` numbers.
  package init(inputDimension: Int, outputDimension: Int) {
    self.inputDimension = inputDimension
    self.outputDimension = outputDimension
  }
}
