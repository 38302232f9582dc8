package import LSTMEngine
import LabFormats

/// How the learning rate changes during training.
package enum RateControl: Equatable, Sendable {
  /// From step to step, by a formula.
  case schedule(LearningRateSchedule)
  /// From epoch to epoch, when what is followed gets no better.
  case plateau(PlateauReduction)
}

extension RateControl {
  static var rule: Rule<RateControl> {
    .object(
      .choice(
        by: "type", "The schedule's type.", forms, fallback: .plateau(PlateauReduction())),
      "an object, see [Learning rates](#learning-rates)")
  }

  /// The learning-rate schedules that a configuration may name.
  private static var forms: [(name: String, form: ObjectForm<RateControl>)] {
    [
      ("exponential_decay", exponentialDecay), ("inverse_time_decay", inverseTimeDecay),
      ("cosine_decay", cosineDecay), ("polynomial_decay", polynomialDecay),
      ("piecewise_constant_decay", piecewiseConstantDecay),
      (
        "reduce_on_plateau",
        PlateauReduction.form.map(RateControl.plateau) {
          if case .plateau(let plateau) = $0 { plateau } else { nil }
        }
      ),
    ]
  }

  private typealias Decay = (steps: Int, rate: Double, staircase: Bool)

  private static func decay(_ about: String) -> ObjectForm<Decay> {
    ObjectForm(
      about, start: (steps: 1, rate: 0, staircase: false),
      [
        steps(\.steps),
        Field(
          required: "decay_rate", \.rate, .notNegative,
          "What the rate is multiplied or divided by."),
        Field("staircase", \.staircase, .boolean, "Whether to go down in steps."),
      ])
  }

  private static func steps<Object: Sendable>(_ path: FieldPath<Object, Int>)
    -> Field<Object>
  {
    Field(
      required: "decay_steps", path, .count(from: 1), "Optimizer steps that the decay takes.")
  }

  private static var exponentialDecay: ObjectForm<RateControl> {
    decay("The rate is multiplied again and again.").map {
      .schedule(.exponentialDecay(steps: $0.steps, rate: $0.rate, staircase: $0.staircase))
    } _: {
      guard case .schedule(.exponentialDecay(let steps, let rate, let staircase)) = $0 else {
        return nil
      }
      return (steps, rate, staircase)
    }
  }

  private static var inverseTimeDecay: ObjectForm<RateControl> {
    decay("The rate is divided by a line.").map {
      .schedule(.inverseTimeDecay(steps: $0.steps, rate: $0.rate, staircase: $0.staircase))
    } _: {
      guard case .schedule(.inverseTimeDecay(let steps, let rate, let staircase)) = $0 else {
        return nil
      }
      return (steps, rate, staircase)
    }
  }

  /// Keras's warm-up exists with a target only.
  private static var cosineDecay: ObjectForm<RateControl> {
    typealias Cosine = (steps: Int, alpha: Double, target: Double?, warmupSteps: Int)
    return ObjectForm<Cosine>(
      "Half a cosine wave.", start: (steps: 1, alpha: 0, target: nil, warmupSteps: 0),
      [
        steps(\.steps),
        Field("alpha", \.alpha, .upToOne, "The last rate, as a share of the first."),
        Field("warmup_steps", \.warmupSteps, .count(from: 0), "Optimizer steps of the warm-up.")
          .needs("warmup_target", next: "name the learning rate that the warm-up leads to")
          .written { cosine, _ in cosine.target != nil }.written(after: "warmup_target"),
        Field(
          optional: "warmup_target", \.target, .notNegative, "The rate that the warm-up leads to.",
          default: "no warm-up"),
      ]
    ).map { cosine in
      let warmup = cosine.target.map {
        LearningRateSchedule.Warmup(target: $0, steps: cosine.warmupSteps)
      }
      return .schedule(.cosineDecay(steps: cosine.steps, alpha: cosine.alpha, warmup: warmup))
    } _: {
      guard case .schedule(.cosineDecay(let steps, let alpha, let warmup)) = $0 else { return nil }
      return (steps, alpha, warmup?.target, warmup?.steps ?? 0)
    }
  }

  private static var polynomialDecay: ObjectForm<RateControl> {
    typealias Polynomial = (steps: Int, end: Double, power: Double, cycle: Bool)
    return ObjectForm<Polynomial>(
      "A power of a falling line.", start: (steps: 1, end: 0.0001, power: 1, cycle: false),
      [
        steps(\.steps), Field("end_learning_rate", \.end, .notNegative, "The last rate."),
        Field("power", \.power, .notNegative, "1 is a line."),
        Field("cycle", \.cycle, .boolean, "Whether to begin again."),
      ]
    ).map {
      .schedule(.polynomialDecay(steps: $0.steps, end: $0.end, power: $0.power, cycle: $0.cycle))
    } _: {
      guard case .schedule(.polynomialDecay(let steps, let end, let power, let cycle)) = $0 else {
        return nil
      }
      return (steps, end, power, cycle)
    }
  }

  private static var piecewiseConstantDecay: ObjectForm<RateControl> {
    typealias Constants = (boundaries: [Int], values: [Double])
    return ObjectForm<Constants>(
      "One rate after the other.", start: (boundaries: [], values: []),
      [
        Field(
          required: "boundaries", \.boundaries, .array(of: .count(from: 0), upTo: 10_000),
          "Rising numbers of steps."),
        Field(
          required: "values", \.values, values,
          "The rate up to each boundary, and the one beyond."
        ).then { reader, constants in
          refuseMisfit(of: constants.values, constants.boundaries, reader)
        },
      ]
    ).map {
      .schedule(.piecewiseConstantDecay(boundaries: $0.boundaries, values: $0.values))
    } _: {
      guard case .schedule(.piecewiseConstantDecay(let boundaries, let values)) = $0 else {
        return nil
      }
      return (boundaries, values)
    }
  }

  private static var values: Rule<[Double]> {
    .array(of: .notNegative, upTo: 10_001)
      .told(Rule<Double>.notNegative.form().list(from: 1, upTo: 10_001))
  }

  private static func refuseMisfit(
    of values: [Double], _ boundaries: [Int], _ reader: ObjectReader
  ) {
    guard reader.isSound else { return }
    let place = { reader.node.path(of: $0) }
    if values.count != boundaries.count + 1 {
      reader.node.note(
        "`\(place("values"))` has \(values.count) numbers for \(boundaries.count) boundaries",
        next: "give one value more than boundaries: the rate up to each, and the one beyond")
    } else if zip(boundaries, boundaries.dropFirst()).contains(where: { $0 >= $1 }) {
      reader.node.note(
        "`\(place("boundaries"))` do not rise",
        next: "write the numbers of steps in order, each once")
    }
  }
}
