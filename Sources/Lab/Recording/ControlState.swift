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
  static var rule: Rule<ControlState> {
    .object(fallback: ControlState()) { object in
      var state = ControlState()
      state.best = object.optional("best", Best.rule)
      state.wait = object.optional("wait", .count(from: 0), default: 0)
      state.isStopped = object.optional("stopped", .boolean, default: false)
      state.plateau = object.optional("plateau", Plateau.rule, default: Plateau())
      return state
    }
  }

  /// The state as JSON; what is as at the start is left out.
  var text: JSONText {
    .object([
      "best": best.map { .object(["value": .real($0.value), "epoch": .integer($0.epoch)]) },
      "wait": wait == 0 ? nil : .integer(wait),
      "stopped": isStopped ? .bool(true) : nil,
      "plateau": plateau == Plateau() ? nil : plateau.text,
    ])
  }
}

extension ControlState.Best {
  fileprivate static var rule: Rule<Self> {
    .object(fallback: Self(value: 0, epoch: 0)) { object in
      Self(
        value: object.required("value", .double),
        epoch: object.required("epoch", .count(from: 0)))
    }
  }
}

extension ControlState.Plateau {
  fileprivate static var rule: Rule<Self> {
    .object(fallback: Self()) { object in
      var plateau = Self()
      plateau.best = object.optional("best", .double)
      plateau.wait = object.optional("wait", .count(from: 0), default: 0)
      plateau.cooldown = object.optional("cooldown", .count(from: 0), default: 0)
      plateau.reductions = object.optional("reductions", .count(from: 0), default: 0)
      return plateau
    }
  }

  fileprivate var text: JSONText {
    .object([
      "best": best.map(JSONText.real), "wait": .integer(wait), "cooldown": .integer(cooldown),
      "reductions": .integer(reductions),
    ])
  }
}

extension Rule where Value == Double {
  /// Any finite number, every bit of it.
  fileprivate static var double: Rule {
    Rule(allowed: "a number", fallback: 0) { $0.value.double }
  }
}
