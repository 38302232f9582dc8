import LabFormats

/// Where a run's controls stand after an epoch: all that they remember of the epochs before.
struct ControlState: Equatable, Sendable {
  /// The best epoch so far, by what is followed.
  var best: Best?
  /// The epochs since early stopping last saw what it asks for.
  var wait = 0
  /// Whether early stopping has ended the run.
  var isStopped = false
  /// Where the reduction of the learning rate stands.
  var plateau = Plateau()

  /// The best value of what is followed, and its epoch.
  struct Best: Equatable, Sendable {
    var value: Double
    var epoch: Int
  }

  /// Where the reduction of the learning rate stands.
  struct Plateau: Equatable, Sendable {
    /// The best value so far.
    var best: Double?
    /// The epochs without a better one that count.
    var wait = 0
    /// The epochs to come in which none counts.
    var cooldown = 0
    /// How often the rate was lowered.
    var reductions = 0
  }
}

extension ControlState {
  /// What is as at the start is not written.
  static var form: ObjectForm<ControlState> {
    ObjectForm(
      start: ControlState(),
      [
        Field(optional: "best", \.best, .object(Best.form)),
        Field("wait", \.wait, .count(from: 0)).omittedAtDefault,
        Field("stopped", \.isStopped, .boolean).omittedAtDefault,
        Field("plateau", \.plateau, .object(Plateau.form)).omittedAtDefault,
      ])
  }
}

extension ControlState.Best {
  fileprivate static var form: ObjectForm<Self> {
    ObjectForm(
      start: Self(value: 0, epoch: 0),
      [
        Field(required: "value", \.value, .double),
        Field(required: "epoch", \.epoch, .count(from: 0)),
      ])
  }
}

extension ControlState.Plateau {
  fileprivate static var form: ObjectForm<Self> {
    ObjectForm(
      start: Self(),
      [
        Field(optional: "best", \.best, .double),
        Field("wait", \.wait, .count(from: 0)),
        Field("cooldown", \.cooldown, .count(from: 0)),
        Field("reductions", \.reductions, .count(from: 0)),
      ])
  }
}

extension Rule where Value == Double {
  /// Any finite number, every bit of it.
  fileprivate static var double: Rule {
    Rule(
      allowed: "a number", fallback: 0, form: ValueForm([:], words: "a number"),
      read: \.value.double, text: JSONText.real)
  }
}
