import LSTMEngine

extension ReferenceConfig {
  /// A learning-rate schedule with the keys of every type.
  struct Schedule: Decodable {
    let type: String
    let decay_steps, warmup_steps: Int?
    let decay_rate, alpha, warmup_target, end_learning_rate, power: Double?
    let staircase, cycle: Bool?
    let boundaries: [Int]?
    let values: [Double]?

    /// The schedule as the engine takes it, with Keras's defaults.
    var schedule: LearningRateSchedule {
      let steps = decay_steps ?? 0
      switch type {
      case "exponential_decay":
        return .exponentialDecay(
          steps: steps, rate: decay_rate ?? .nan, staircase: staircase ?? false)
      case "inverse_time_decay":
        return .inverseTimeDecay(
          steps: steps, rate: decay_rate ?? .nan, staircase: staircase ?? false)
      case "cosine_decay":
        return .cosineDecay(
          steps: steps, alpha: alpha ?? 0,
          warmup: warmup_target.map { .init(target: $0, steps: warmup_steps ?? 0) })
      case "polynomial_decay":
        return .polynomialDecay(
          steps: steps, end: end_learning_rate ?? 1e-4, power: power ?? 1, cycle: cycle ?? false)
      default:
        return .piecewiseConstantDecay(boundaries: boundaries ?? [], values: values ?? [])
      }
    }
  }
}

extension ReferenceConfig.Training {
  var learningRate: LearningRate {
    let initial = optimizer.specification.learningRate
    return learning_rate_schedule.map { .scheduled(initial: initial, $0.schedule) }
      ?? .constant(initial)
  }

  var clipping: GradientClipping {
    GradientClipping(
      value: clip_value,
      norm: clip_norm.map { .ofEachTensor($0) } ?? global_clip_norm.map { .ofAll($0) })
  }

  func classWeights(outputs: Int) -> [Float] {
    guard let class_weight else { return [] }
    return (0..<max(outputs, 2)).map { class_weight["\($0)"] ?? 1 }
  }
}
