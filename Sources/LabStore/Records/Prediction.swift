package import Foundation

/// What the model made of one split in one epoch.
package struct Prediction: Equatable, Sendable {
  /// The part of the data.
  package let split: DataSplit
  /// The outputs, sample after sample: little-endian float32.
  package let values: Data

  /// Makes a prediction.
  package init(split: DataSplit, values: Data) {
    self.split = split
    self.values = values
  }
}
