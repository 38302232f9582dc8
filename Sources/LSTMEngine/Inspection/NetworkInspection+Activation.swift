extension NetworkInspection {
  /// Returns what an activation makes of a row of numbers, with the bits of training.
  package func apply(_ activation: Activation, to values: [Float]) -> [Float] {
    kernels.map(activation, values)
  }
}
