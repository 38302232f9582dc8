/// How far the predictions of one number are from its targets.
struct NumberErrors {
  /// √(the mean of (y − p)²).
  let root: Double
  /// The mean of |y − p| / |y|; a target of zero counts as 2⁻⁵², as in scikit-learn.
  let share: Double
  /// 1 − Σ (y − p)² / Σ (y − ȳ)², and as in scikit-learn for targets that are all equal 1 where every
  /// prediction is right, else 0; NaN for less than two rows.
  let r2: Double

  /// Takes each row's target and prediction; at least one.
  init(_ rows: [(target: Double, predicted: Double)]) {
    let count = Double(rows.count)
    let mean = rows.reduce(0) { $0 + $1.target } / count
    var squares = 0.0, spread = 0.0, shares = 0.0
    for (target, predicted) in rows {
      let error = target - predicted
      squares += error * error
      spread += (target - mean) * (target - mean)
      shares += abs(error) / max(abs(target), .ulpOfOne)
    }
    root = (squares / count).squareRoot()
    share = shares / count
    r2 =
      rows.count < 2
      ? .nan : spread > 0 ? 1 - squares / spread : squares == 0 ? 1 : 0
  }
}
