package import LSTMEngine

/// How the learning rate changes during training.
package enum RateControl: Equatable, Sendable {
  /// From step to step, by a formula.
  case schedule(LearningRateSchedule)
  /// From epoch to epoch, when what is followed gets no better.
  case plateau(PlateauReduction)
}
