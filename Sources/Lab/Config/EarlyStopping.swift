/// When to stop before the last epoch; names and defaults are those of Keras's `EarlyStopping`.
package struct EarlyStopping: Equatable, Sendable {
  /// What must become better.
  package var monitor = Monitor("val_loss")
  /// The epochs without a better value after which training stops.
  package var patience = 0
  /// What a value must be better than, besides the best one, to start the patience anew; nil for
  /// nothing.
  package var baseline: Double?
  /// Whether the best epoch, not the last one, is the run's result.
  package var restoresBest = false
  /// The number of first epochs that are not looked at.
  package var startFromEpoch = 0

  /// Keras's defaults.
  package init() {}
}

extension EarlyStopping {
  static var form: ObjectForm<EarlyStopping> {
    ObjectForm(
      name: "early_stopping", start: EarlyStopping(),
      Monitor.fields.map { $0.within(\.monitor) } + [
        Field(
          "patience", \.patience, .count(from: 0),
          "The epochs without a better value after which training stops."),
        Field(
          optional: "baseline", \.baseline, .finite,
          "What a value must be better than, besides the best one, to start the patience anew."),
        Field(
          "restore_best", \.restoresBest, .boolean, "Whether the run's result is its best epoch."),
        Field(
          "start_from_epoch", \.startFromEpoch, .count(from: 0),
          "The number of first epochs that are not looked at."),
      ])
  }
}
