import LSTMEngine
import LabFormats

extension TrainingConfig {
  /// The keys that the normalised form leaves out where nothing is set.
  static let optionalKeys = [
    "class_weight", "clip_norm", "global_clip_norm", "clip_value", "learning_rate_schedule",
    "early_stopping",
  ]

  static var rule: Rule<TrainingConfig> {
    .object(fallback: TrainingConfig(loss: .meanSquaredError)) { object in
      var training = TrainingConfig(
        loss: object.required("loss", .name(of: Loss.meanSquaredError)))
      training.epochs = object.optional(
        "epochs", .integer(1...1_000_000_000), default: training.epochs)
      training.batchSize = object.optional(
        "batch_size", .integer(1...1_000_000_000), default: training.batchSize)
      training.shuffle = object.optional("shuffle", .boolean, default: training.shuffle)
      training.optimizer = object.optional(
        "optimizer", OptimizerSpecification.rule, default: training.optimizer)
      training.metrics = object.optional(
        "metrics", .set(of: .name(of: Metric.accuracy), upTo: Metric.allCases.count), default: [])
      training.classWeights = object.optional("class_weight", ClassWeight.rule, default: [])
      training.clipping = GradientClipping(object)
      training.rateControl = object.optional("learning_rate_schedule", RateControl.rule)
      training.earlyStopping = object.optional("early_stopping", EarlyStopping.rule)
      return training
    }
  }

  var text: JSONText {
    .object([
      "epochs": .integer(epochs),
      "batch_size": .integer(batchSize),
      "shuffle": .bool(shuffle),
      "loss": .string(loss.rawValue),
      "optimizer": optimizer.text,
      "metrics": .array(metrics.map { .string($0.rawValue) }),
      "class_weight": ClassWeight.text(classWeights),
      "clip_norm": clipping.normOfEachTensor.map(JSONText.real),
      "global_clip_norm": clipping.normOfAll.map(JSONText.real),
      "clip_value": clipping.value.map(JSONText.real),
      "learning_rate_schedule": rateControl?.text,
      "early_stopping": earlyStopping?.text,
    ])
  }
}

extension GradientClipping {
  /// Reads the limits of a training; only one of the two on norms may be set.
  fileprivate init(_ object: ObjectReader) {
    self.init(value: object.optional("clip_value", .positive))
    let ofEachTensor = object.optional("clip_norm", .positive)
    let ofAll = object.optional("global_clip_norm", .positive)
    if ofEachTensor != nil, ofAll != nil {
      _ = object.node.refuse(
        "`clip_norm` and `global_clip_norm` exclude each other",
        next: "`clip_norm` limits each tensor's gradient, `global_clip_norm` that of all together",
        as: Int.self)
    }
    norm = ofEachTensor.map { .ofEachTensor($0) } ?? ofAll.map { .ofAll($0) }
  }

  fileprivate var normOfEachTensor: Double? {
    if case .ofEachTensor(let limit) = norm { limit } else { nil }
  }

  fileprivate var normOfAll: Double? {
    if case .ofAll(let limit) = norm { limit } else { nil }
  }
}

extension RecordConfig {
  static var rule: Rule<RecordConfig> {
    .object(fallback: RecordConfig()) { object in
      var record = RecordConfig()
      record.weightsEvery = object.optional("weights", every(from: 1), default: 1)
      record.optimizerEvery = object.optional("optimizer", every(from: 1), default: 1)
      record.predictionsEvery = object.optional("predictions", every(from: 0), default: 0)
      if let activations = object.optional("activations", activationsRule) {
        record.activationsEvery = activations.every
        record.activationSamples = activations.samples
      }
      return record
    }
  }

  private static var activationsRule: Rule<(every: Int, samples: [Int])> {
    .object(fallback: (0, [])) { object in
      (
        object.optional("every", .integer(0...1_000_000_000), default: 1),
        object.required(
          "samples", .set(of: .integer(0...1_000_000_000), upTo: 1000))
      )
    }
  }

  private static func every(from least: Int) -> Rule<Int> {
    .object(fallback: least) { $0.required("every", .integer(least...1_000_000_000)) }
  }

  var text: JSONText {
    .object([
      "weights": .object(["every": .integer(weightsEvery)]),
      "optimizer": .object(["every": .integer(optimizerEvery)]),
      "predictions": .object(["every": .integer(predictionsEvery)]),
      // Spelt out only where it is asked for, as `validation` is.
      "activations": activationsEvery == 0
        ? nil
        : .object([
          "every": .integer(activationsEvery),
          "samples": .array(activationSamples.map(JSONText.integer)),
        ]),
    ])
  }
}
