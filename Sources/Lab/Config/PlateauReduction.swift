/// When to lower the learning rate; names and defaults are those of Keras's `ReduceLROnPlateau`.
package struct PlateauReduction: Equatable, Sendable {
  /// What must become better.
  package var monitor = Monitor("val_loss", minDelta: 1e-4)
  /// What the rate is multiplied by.
  package var factor = 0.1
  /// The epochs without a better value after which the rate is lowered.
  package var patience = 10
  /// The epochs after a reduction in which none are counted.
  package var cooldown = 0
  /// The rate that none goes below.
  package var minimum = 0.0

  /// Keras's defaults.
  package init() {}
}

extension PlateauReduction {
  static var form: ObjectForm<PlateauReduction> {
    ObjectForm(
      "The rate is lowered when what is followed gets no better.", start: PlateauReduction(),
      Monitor.fields.map { $0.within(\.monitor) } + [
        Field("factor", \.factor, .betweenZeroAndOne, "What the rate is multiplied by."),
        Field(
          "patience", \.patience, .count(from: 0),
          "The epochs without a better value after which it is."),
        Field(
          "cooldown", \.cooldown, .count(from: 0), "The epochs that then count for nothing."),
        Field("min_lr", \.minimum, .notNegative, "The lowest rate."),
      ])
  }
}
