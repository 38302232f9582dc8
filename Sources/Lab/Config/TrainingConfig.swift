package import LSTMEngine
import LabFormats

/// How the model is trained; the defaults are Keras's.
package struct TrainingConfig: Equatable, Sendable {
  /// The last epoch to train, counted from 1.
  package var epochs = 1
  /// The most samples that a step takes.
  package var batchSize = 32
  /// Whether each epoch has an order of samples of its own.
  package var shuffle = true
  /// What training makes small.
  package var loss: Loss
  /// How the weights follow the gradients.
  package var optimizer = OptimizerSpecification.adam
  /// What is measured besides the loss, each once.
  package var metrics: [Metric] = []
  /// Factors of some classes' losses, each class once; all others have 1.
  package var classWeights: [ClassWeight] = []
  /// Limits on the gradients.
  package var clipping = GradientClipping()
  /// How the learning rate changes; nil for not at all.
  package var rateControl: RateControl?
  /// When to stop before the last epoch; nil for never.
  package var earlyStopping: EarlyStopping?

  /// Everything but the loss has its default.
  package init(loss: Loss) { self.loss = loss }
}

extension TrainingConfig {
  static var form: ObjectForm<TrainingConfig> {
    ObjectForm(
      start: TrainingConfig(loss: .meanSquaredError),
      [
        Field(required: "loss", \.loss, .name, "What training minimizes.").written(
          after: "shuffle"),
        Field("epochs", \.epochs, .count(from: 1), "The last epoch to train, counted from 1."),
        Field("batch_size", \.batchSize, .count(from: 1), "The most samples that a step takes."),
        Field(
          "shuffle", \.shuffle, .boolean,
          "Whether each epoch takes the samples in an order of its own."),
        Field(
          "optimizer", \.optimizer, OptimizerSpecification.rule,
          "How the weights follow the gradients.", default: "`adam`"),
        Field(
          "metrics", \.metrics, .set(of: .name, upTo: Metric.allCases.count),
          "What is measured besides the loss."),
        Field(
          "class_weight", \.classWeights, ClassWeight.rule,
          "Factors of some classes' losses, by class number or name.", default: "1 each"
        ).omittedAtDefault,
      ] + clipping + [
        Field(
          optional: "learning_rate_schedule", \.rateControl, RateControl.rule,
          "How the learning rate changes."),
        Field(
          optional: "early_stopping", \.earlyStopping,
          .object(
            EarlyStopping.form,
            "an object, see [Early stopping](#early-stopping); `{}` has all defaults"),
          "When to stop before the last epoch."),
      ])
  }

  private static var clipping: [Field<TrainingConfig>] {
    [
      Field(
        optional: "clip_value", \.clipping.value, .positive, "The greatest element of a gradient."
      ).written(after: "global_clip_norm"),
      Field(
        optional: "clip_norm", \.clipping.normOfEachTensor, .positive,
        "The longest gradient of a weight tensor."),
      Field(
        optional: "global_clip_norm", \.clipping.normOfAll, .positive,
        "The longest gradient of all tensors together."
      ).excludes(
        "clip_norm",
        next: "`clip_norm` limits each tensor's gradient, `global_clip_norm` that of all together"),
    ]
  }
}

extension GradientClipping {
  fileprivate var normOfEachTensor: Double? {
    get { if case .ofEachTensor(let limit) = norm { limit } else { nil } }
    set { norm = newValue.map(Norm.ofEachTensor) }
  }

  fileprivate var normOfAll: Double? {
    get { if case .ofAll(let limit) = norm { limit } else { nil } }
    set { norm = newValue.map(Norm.ofAll) }
  }
}
