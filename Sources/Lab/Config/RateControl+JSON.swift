import LSTMEngine
import LabFormats

/// The learning-rate schedules that a configuration may name.
private enum ScheduleType: String, CaseIterable {
  case exponentialDecay = "exponential_decay"
  case inverseTimeDecay = "inverse_time_decay"
  case cosineDecay = "cosine_decay"
  case polynomialDecay = "polynomial_decay"
  case piecewiseConstantDecay = "piecewise_constant_decay"
  case reduceOnPlateau = "reduce_on_plateau"
}

extension RateControl {
  static var rule: Rule<RateControl> {
    let fallback = RateControl.plateau(PlateauReduction())
    return .object(fallback: fallback) { object in
      let before = object.node.problems.count
      let type = object.required("type", .name(of: ScheduleType.reduceOnPlateau))
      guard object.node.problems.count == before else {
        object.acceptAnyKey()
        return fallback
      }
      return RateControl(type, object)
    }
  }

  private init(_ type: ScheduleType, _ object: ObjectReader) {
    var steps: Int { object.required("decay_steps", .count(from: 1)) }
    switch type {
    case .exponentialDecay:
      self = .schedule(
        .exponentialDecay(
          steps: steps, rate: object.required("decay_rate", .notNegative),
          staircase: object.optional("staircase", .boolean, default: false)))
    case .inverseTimeDecay:
      self = .schedule(
        .inverseTimeDecay(
          steps: steps, rate: object.required("decay_rate", .notNegative),
          staircase: object.optional("staircase", .boolean, default: false)))
    case .cosineDecay:
      self = .schedule(
        .cosineDecay(
          steps: steps, alpha: object.optional("alpha", .upToOne, default: 0),
          warmup: Self.warmup(object)))
    case .polynomialDecay:
      self = .schedule(
        .polynomialDecay(
          steps: steps, end: object.optional("end_learning_rate", .notNegative, default: 0.0001),
          power: object.optional("power", .notNegative, default: 1),
          cycle: object.optional("cycle", .boolean, default: false)))
    case .piecewiseConstantDecay: self = .schedule(Self.constants(object))
    case .reduceOnPlateau: self = .plateau(PlateauReduction(object))
    }
  }

  /// Keras's warm-up exists with a target only.
  private static func warmup(_ object: ObjectReader) -> LearningRateSchedule.Warmup? {
    let steps = object.optional("warmup_steps", .count(from: 0))
    guard let target = object.optional("warmup_target", .notNegative) else {
      if steps != nil {
        _ = object.node.refuse(
          "`\(object.node.path(of: "warmup_steps"))` has no `warmup_target`",
          next: "name the learning rate that the warm-up leads to", as: Int.self)
      }
      return nil
    }
    return LearningRateSchedule.Warmup(target: target, steps: steps ?? 0)
  }

  private static func constants(_ object: ObjectReader) -> LearningRateSchedule {
    let before = object.node.problems.count
    let boundaries = object.required(
      "boundaries", .array(of: .count(from: 0), upTo: 10_000))
    let values = object.required("values", .array(of: .notNegative, upTo: 10_001))
    func refuse(_ what: String, next: String) {
      _ = object.node.refuse(
        "`\(object.node.path(of: what))", next: next, as: Int.self)
    }
    if object.node.problems.count == before {
      if values.count != boundaries.count + 1 {
        refuse(
          "values` has \(values.count) numbers for \(boundaries.count) boundaries",
          next: "give one value more than boundaries: the rate up to each, and the one beyond")
      } else if zip(boundaries, boundaries.dropFirst()).contains(where: { $0 >= $1 }) {
        refuse("boundaries` do not rise", next: "write the numbers of steps in order, each once")
      }
    }
    return .piecewiseConstantDecay(boundaries: boundaries, values: values)
  }

  /// The control as JSON with every default spelt out.
  var text: JSONText {
    let (type, members) = parts
    return .object([JSONTextMember("type", .string(type.rawValue))] + members)
  }

  private var parts: (ScheduleType, [JSONTextMember]) {
    func decay(_ steps: Int, _ rate: Double, _ staircase: Bool) -> [JSONTextMember] {
      [
        JSONTextMember("decay_steps", .integer(steps)), JSONTextMember("decay_rate", .real(rate)),
        JSONTextMember("staircase", .bool(staircase)),
      ]
    }
    switch self {
    case .plateau(let plateau): return (.reduceOnPlateau, plateau.members)
    case .schedule(.exponentialDecay(let steps, let rate, let staircase)):
      return (.exponentialDecay, decay(steps, rate, staircase))
    case .schedule(.inverseTimeDecay(let steps, let rate, let staircase)):
      return (.inverseTimeDecay, decay(steps, rate, staircase))
    case .schedule(.cosineDecay(let steps, let alpha, let warmup)):
      let members = [
        JSONTextMember("decay_steps", .integer(steps)), JSONTextMember("alpha", .real(alpha)),
      ]
      return (.cosineDecay, members + (warmup?.members ?? []))
    case .schedule(.polynomialDecay(let steps, let end, let power, let cycle)):
      return (
        .polynomialDecay,
        [
          JSONTextMember("decay_steps", .integer(steps)),
          JSONTextMember("end_learning_rate", .real(end)), JSONTextMember("power", .real(power)),
          JSONTextMember("cycle", .bool(cycle)),
        ]
      )
    case .schedule(.piecewiseConstantDecay(let boundaries, let values)):
      return (
        .piecewiseConstantDecay,
        [
          JSONTextMember("boundaries", .array(boundaries.map(JSONText.integer))),
          JSONTextMember("values", .array(values.map(JSONText.real))),
        ]
      )
    }
  }
}

extension LearningRateSchedule.Warmup {
  fileprivate var members: [JSONTextMember] {
    [
      JSONTextMember("warmup_target", .real(target)),
      JSONTextMember("warmup_steps", .integer(steps)),
    ]
  }
}
