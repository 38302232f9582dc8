/// How far predicted numbers are from those that should be.
struct NumberScores {
  /// The root of the mean squared difference, in the units of the data.
  let rmse: Double
  /// The share of the targets' variance that predictions explain, a mean over the outputs; nil of less than
  /// two rows.
  let r2: Double?

  /// Compares rows of `width` numbers; there is at least one.
  init(_ predicted: [Float], _ targets: [Float], width: Int) {
    precondition(
      predicted.count == targets.count && !targets.isEmpty,
      "\(predicted.count) predictions of \(targets.count) numbers")
    let errors = (0..<width).map { output in
      NumberErrors(
        stride(from: output, to: targets.count, by: width).map {
          (target: Double(targets[$0]), predicted: Double(predicted[$0]))
        })
    }
    let mean = { (value: (NumberErrors) -> Double) in
      errors.reduce(0) { $0 + value($1) } / Double(width)
    }
    rmse = mean { $0.root * $0.root }.squareRoot()
    let share = mean(\.r2)
    r2 = share.isNaN ? nil : share
  }
}
