package import LSTMEngine
import LabFormats

/// What can be measured besides the loss: Keras's names, scikit-learn's values.
///
/// A mean over rows is taken while an epoch trains, batch by batch, as Keras does. All others are computed
/// from every prediction of a part of the data with the weights at the epoch's end.
package enum Metric: String, CaseIterable, Sendable {
  /// The part of rows that are right: above ½ or not for one output, the greatest of several.
  case accuracy
  /// The mean of |y − p|.
  case meanAbsoluteError = "mean_absolute_error"
  /// The mean of (y − p)².
  case meanSquaredError = "mean_squared_error"
  /// The share of the predictions of a class that are right, the mean of all classes.
  case precision
  /// The share of the rows of a class that are predicted, the mean of all classes.
  case recall
  /// The harmonic mean of a class's precision and recall, the mean of all classes.
  case f1Score = "f1_score"
  /// The area under the curve of true over false positive rates (ROC), each class against the rest.
  case auc
  /// The part of rows whose class is among the 5 that are most likely.
  case topKCategoricalAccuracy = "top_k_categorical_accuracy"
  /// 1 − Σ (y − p)² / Σ (y − ȳ)², the mean of all outputs.
  case r2Score = "r2_score"
  /// √(the mean of (y − p)²), the mean of all outputs.
  case rootMeanSquaredError = "root_mean_squared_error"
  /// The mean of |y − p| / |y|: a fraction, not a percentage.
  case meanAbsolutePercentageError = "mean_absolute_percentage_error"

  /// The same as the engine measures it while it trains; nil for what needs every prediction.
  package var ofRows: RowMetric? { RowMetric(rawValue: rawValue) }

  /// Whether it compares classes, or labels that are there or not.
  package var comparesClasses: Bool {
    switch self {
    case .accuracy, .precision, .recall, .f1Score, .auc, .topKCategoricalAccuracy: true
    case .meanAbsoluteError, .meanSquaredError, .r2Score, .rootMeanSquaredError,
      .meanAbsolutePercentageError:
      false
    }
  }
}
