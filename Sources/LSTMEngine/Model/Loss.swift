/// A loss function, by its Keras name.
package enum Loss: String, CaseIterable, Sendable {
  case binaryCrossentropy = "binary_crossentropy"
  case categoricalCrossentropy = "categorical_crossentropy"
  case sparseCategoricalCrossentropy = "sparse_categorical_crossentropy"
  case meanSquaredError = "mean_squared_error"
  case meanAbsoluteError = "mean_absolute_error"
  case huber
}

/// A metric, by its Keras name; `accuracy` is binary, categorical or sparse by shape and loss.
package enum Metric: String, CaseIterable, Sendable {
  case accuracy
  case meanAbsoluteError = "mean_absolute_error"
  case meanSquaredError = "mean_squared_error"
}
