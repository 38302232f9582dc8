import LSTMEngine

extension TrainingConfig {
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
    ])
  }
}

extension RecordConfig {
  static var rule: Rule<RecordConfig> {
    .object(fallback: RecordConfig()) { object in
      var record = RecordConfig()
      record.weightsEvery = object.optional("weights", every(from: 1), default: 1)
      record.optimizerEvery = object.optional("optimizer", every(from: 1), default: 1)
      record.predictionsEvery = object.optional("predictions", every(from: 0), default: 0)
      return record
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
    ])
  }
}
