/// A loss function, by its Keras name.
package enum Loss: String, CaseIterable, Sendable {
  /// The mean over the outputs of −y·log p − (1 − y)·log(1 − p).
  case binaryCrossentropy = "binary_crossentropy"
  /// −Σ y·log p for targets that are probabilities of classes.
  case categoricalCrossentropy = "categorical_crossentropy"
  /// −log p of the target, a class number.
  case sparseCategoricalCrossentropy = "sparse_categorical_crossentropy"
  /// The mean of (y − p)².
  case meanSquaredError = "mean_squared_error"
  /// The mean of |y − p|.
  case meanAbsoluteError = "mean_absolute_error"
  /// Half the square of y − p up to 1, linear beyond; their mean.
  case huber
}

/// A metric that is a mean over rows, by its Keras name.
package enum RowMetric: String, CaseIterable, Sendable {
  /// The part of rows that are right: above ½ or not for one output, the greatest of several.
  case accuracy
  /// The mean of |y − p|.
  case meanAbsoluteError = "mean_absolute_error"
  /// The mean of (y − p)².
  case meanSquaredError = "mean_squared_error"
}
