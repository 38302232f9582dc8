/// One computed sample.
struct GeneratedSample {
  /// The sequence, (steps, features).
  var x: [Float]
  /// The target: one number, or one a time step.
  var y: [Float]

  /// A sequence of zeros with the target 0.
  init(steps: Int, features: Int) {
    x = Array(repeating: 0, count: steps * features)
    y = [0]
  }
}
