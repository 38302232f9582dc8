import LSTMEngine
import LabFormats

/// The optimizers that a configuration may name, with Keras's defaults.
enum OptimizerType: String, CaseIterable {
  case sgd
  case adam
  case adamw
  case rmsprop

  var defaults: OptimizerSpecification {
    switch self {
    case .sgd:
      OptimizerSpecification(kind: .sgd(momentum: 0, nesterov: false), learningRate: 0.01)
    case .adam: .adam
    case .adamw:
      OptimizerSpecification(
        kind: .adamw(AdamSettings(), weightDecay: 0.004), learningRate: 0.001)
    case .rmsprop:
      OptimizerSpecification(kind: .rmsprop(RMSpropSettings()), learningRate: 0.001)
    }
  }
}

extension OptimizerSpecification {
  /// An object with `type`, or the type's name alone.
  static var rule: Rule<OptimizerSpecification> {
    let type = Rule.name(of: OptimizerType.adam)
    return Rule(allowed: "\(type.allowed), or an object with `type`", fallback: .adam) { node in
      switch node.value.kind {
      case .string: type.read(node)?.defaults
      case .object: objectRule(type).read(node)
      default: nil
      }
    }
  }

  private static func objectRule(_ type: Rule<OptimizerType>) -> Rule<OptimizerSpecification> {
    .object(fallback: .adam) { object in
      let before = object.node.problems.count
      var optimizer = object.required("type", type).defaults
      guard object.node.problems.count == before else {
        object.acceptAnyKey()
        return optimizer
      }
      optimizer.learningRate = object.optional(
        "learning_rate", .notNegative, default: optimizer.learningRate)
      optimizer.kind.read(object)
      return optimizer
    }
  }

  /// The optimizer as JSON with every default spelt out.
  var text: JSONText {
    .object(
      [
        JSONTextMember("type", .string(type.rawValue)),
        JSONTextMember("learning_rate", .real(learningRate)),
      ] + kind.members)
  }

  private var type: OptimizerType {
    switch kind {
    case .sgd: .sgd
    case .adam: .adam
    case .adamw: .adamw
    case .rmsprop: .rmsprop
    }
  }
}

extension OptimizerSpecification.Kind {
  /// Replaces each setting that the object gives.
  mutating func read(_ object: ObjectReader) {
    switch self {
    case .sgd(let momentum, let nesterov):
      self = .sgd(
        momentum: object.optional("momentum", .upToOne, default: momentum),
        nesterov: object.optional("nesterov", .boolean, default: nesterov))
    case .adam(var settings):
      settings.read(object)
      self = .adam(settings)
    case .adamw(var settings, let decay):
      settings.read(object)
      self = .adamw(
        settings, weightDecay: object.optional("weight_decay", .notNegative, default: decay))
    case .rmsprop(var settings):
      settings.read(object)
      self = .rmsprop(settings)
    }
  }

  var members: [JSONTextMember] {
    switch self {
    case .sgd(let momentum, let nesterov):
      [
        JSONTextMember("momentum", .real(momentum)),
        JSONTextMember("nesterov", .bool(nesterov)),
      ]
    case .adam(let settings): settings.members
    case .adamw(let settings, let decay):
      settings.members + [JSONTextMember("weight_decay", .real(decay))]
    case .rmsprop(let settings): settings.members
    }
  }
}

extension AdamSettings {
  mutating func read(_ object: ObjectReader) {
    beta1 = object.optional("beta_1", .belowOne, default: beta1)
    beta2 = object.optional("beta_2", .belowOne, default: beta2)
    epsilon = object.optional("epsilon", .positive, default: epsilon)
    amsgrad = object.optional("amsgrad", .boolean, default: amsgrad)
  }

  var members: [JSONTextMember] {
    [
      JSONTextMember("beta_1", .real(beta1)),
      JSONTextMember("beta_2", .real(beta2)),
      JSONTextMember("epsilon", .real(epsilon)),
      JSONTextMember("amsgrad", .bool(amsgrad)),
    ]
  }
}

extension RMSpropSettings {
  mutating func read(_ object: ObjectReader) {
    rho = object.optional("rho", .belowOne, default: rho)
    momentum = object.optional("momentum", .upToOne, default: momentum)
    epsilon = object.optional("epsilon", .positive, default: epsilon)
    centered = object.optional("centered", .boolean, default: centered)
  }

  var members: [JSONTextMember] {
    [
      JSONTextMember("rho", .real(rho)),
      JSONTextMember("momentum", .real(momentum)),
      JSONTextMember("epsilon", .real(epsilon)),
      JSONTextMember("centered", .bool(centered)),
    ]
  }
}
