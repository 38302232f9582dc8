import LSTMEngine
import LabFormats

extension OptimizerSpecification {
  /// An object with `type`, or the type's name alone.
  static var rule: Rule<OptimizerSpecification> {
    let form = form
    let forms = forms
    let name = Rule<String>.name(among: forms.map(\.name))
    let object = Rule.object(form)
    return Rule(
      allowed: "\(name.allowed), or an object with `type`", fallback: .adam,
      form: ValueForm(
        oneOf: [name.form()] + form.objects().map { ValueForm(oneOf: [$0], words: "") },
        words: "a type's name, or an object, see [Optimizers](#optimizers)"),
      read: { node in
        guard node.value.kind == .string else { return object.read(node) }
        return name.read(node).flatMap { name in forms.first { $0.name == name }?.form.fallback }
      }, text: form.text)
  }

  private static var form: ObjectForm<OptimizerSpecification> {
    .choice(by: "type", "The optimizer's type.", forms, fallback: .adam)
  }

  /// The optimizers that a configuration may name, with Keras's defaults.
  private static var forms: [(name: String, form: ObjectForm<OptimizerSpecification>)] {
    [
      (
        "sgd",
        form(
          "Gradient descent, plain or with momentum.", .sgd(momentum: 0, nesterov: false),
          rate: 0.01, \.sgd,
          [
            Field("momentum", \.momentum, .upToOne, "The share of the step before that is kept."),
            Field("nesterov", \.nesterov, .boolean, "Whether to look ahead."),
          ])
      ),
      (
        "adam",
        form(
          "Adam: steps scaled by running means of the gradient and of its square.",
          .adam(AdamSettings()), rate: 0.001, \.adam, AdamSettings.fields)
      ),
      (
        "adamw",
        form(
          "Adam that also shrinks the weights.", .adamw(AdamSettings(), weightDecay: 0.004),
          rate: 0.001, \.adamw,
          AdamSettings.fields.map { $0.within(\.settings) } + [
            Field("weight_decay", \.decay, .notNegative, "How strongly weights are drawn to 0.")
          ])
      ),
      (
        "rmsprop",
        form(
          "Steps scaled by a running mean of the gradient's square.", .rmsprop(RMSpropSettings()),
          rate: 0.001, \.rmsprop, RMSpropSettings.fields)
      ),
    ]
  }

  /// The keys that all optimizers have, and those of a kind.
  private static func form<Part: Sendable>(
    _ about: String, _ kind: Kind, rate: Double,
    _ settings: FieldPath<Kind, Part?>,
    _ fields: @autoclosure @escaping @Sendable () -> [Field<Part>]
  ) -> ObjectForm<OptimizerSpecification> {
    ObjectForm(
      about, start: OptimizerSpecification(kind: kind, learningRate: rate),
      isOf: { $0.kind[keyPath: settings] != nil },
      [Field("learning_rate", \.learningRate, .notNegative, "The size of a step.")]
        + fields().map { $0.within(settings).within(\.kind) })
  }
}

/// The settings of an optimizer of one kind; nil for another's.
extension OptimizerSpecification.Kind {
  fileprivate var sgd: (momentum: Double, nesterov: Bool)? {
    get { if case .sgd(let momentum, let nesterov) = self { (momentum, nesterov) } else { nil } }
    set { self = newValue.map { .sgd(momentum: $0.momentum, nesterov: $0.nesterov) } ?? self }
  }
  fileprivate var adam: AdamSettings? {
    get { if case .adam(let settings) = self { settings } else { nil } }
    set { self = newValue.map(Self.adam) ?? self }
  }
  fileprivate var adamw: (settings: AdamSettings, decay: Double)? {
    get { if case .adamw(let settings, let decay) = self { (settings, decay) } else { nil } }
    set { self = newValue.map { .adamw($0.settings, weightDecay: $0.decay) } ?? self }
  }
  fileprivate var rmsprop: RMSpropSettings? {
    get { if case .rmsprop(let settings) = self { settings } else { nil } }
    set { self = newValue.map(Self.rmsprop) ?? self }
  }
}

extension AdamSettings {
  fileprivate static var fields: [Field<AdamSettings>] {
    [
      Field("beta_1", \.beta1, .belowOne, "How slowly the first moment forgets."),
      Field("beta_2", \.beta2, .belowOne, "How slowly the second moment forgets."),
      Field("epsilon", \.epsilon, .positive, "Added to the denominator."),
      Field(
        "amsgrad", \.amsgrad, .boolean, "Whether to divide by the greatest second moment so far."),
    ]
  }
}

extension RMSpropSettings {
  fileprivate static var fields: [Field<RMSpropSettings>] {
    [
      Field("rho", \.rho, .belowOne, "How slowly the mean square forgets."),
      Field("momentum", \.momentum, .upToOne, "The share of the step before that is kept."),
      Field("epsilon", \.epsilon, .positive, "Added to the denominator."),
      Field("centered", \.centered, .boolean, "Whether to divide by the variance."),
    ]
  }
}
