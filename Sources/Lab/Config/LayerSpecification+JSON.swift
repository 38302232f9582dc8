import LSTMEngine
import LabFormats

/// The layer types that a configuration may name.
enum LayerType: String, CaseIterable {
  case lstm
  case gru
  case simpleRNN = "simple_rnn"
  case bidirectional
  case dense
  case embedding
  case dropout

  /// The cell of a recurrent layer's type.
  var cell: RecurrentCell? { RecurrentCell(rawValue: rawValue) }
  /// Whether the type needs an input for every time step.
  var isRecurrent: Bool { cell != nil || self == .bidirectional }

  /// The type of a recurrent layer.
  init(_ cell: RecurrentCell) {
    switch cell {
    case .lstm: self = .lstm
    case .gru: self = .gru
    case .simpleRNN: self = .simpleRNN
    }
  }

  /// The type that a layer's JSON names, if it is a known one.
  init?(of value: JSONValue) {
    guard let name = value.members.first(where: { $0.key == "type" })?.value.string else {
      return nil
    }
    self.init(rawValue: name)
  }
}

extension LayerSpecification {
  var type: LayerType {
    switch kind {
    case .recurrent(let recurrent): LayerType(recurrent.cell)
    case .bidirectional: .bidirectional
    case .dense: .dense
    case .embedding: .embedding
    case .dropout: .dropout
    }
  }

  private static var fallback: LayerSpecification {
    LayerSpecification(name: "", kind: .dense(DenseSpecification(units: 1)))
  }

  /// Reads one layer; the name stays empty when it is not given.
  static func rule(_ context: LayerContext) -> Rule<LayerSpecification> {
    .object(fallback: fallback) { object in
      let type = object.required("type", .name(of: LayerType.dense))
      guard LayerType(of: object.node.value) != nil else {
        object.acceptAnyKey()
        return fallback
      }
      let name = object.optional("name", nameRule, default: "")
      let trainable = object.optional("trainable", .boolean, default: true)
      let kind: Kind =
        switch type {
        case .lstm: .recurrent(RecurrentSpecification(.lstm, object, context))
        case .gru: .recurrent(RecurrentSpecification(.gru, object, context))
        case .simpleRNN: .recurrent(RecurrentSpecification(.simpleRNN, object, context))
        case .bidirectional:
          .bidirectional(object.required("layer", RecurrentSpecification.rule(context)))
        case .dense: .dense(DenseSpecification(object))
        case .embedding: .embedding(EmbeddingSpecification(object))
        case .dropout:
          .dropout(DropoutSpecification(rate: object.required("rate", .belowOne)))
        }
      return LayerSpecification(name: name, kind: kind, trainable: trainable)
    }
  }

  private static var nameRule: Rule<String> {
    Rule(allowed: "1 to 100 of the characters A-Z a-z 0-9 _ . -", fallback: "") { node in
      guard let text = node.value.string, (1...100).contains(text.utf8.count) else { return nil }
      let isAllowed = { (byte: UInt8) in
        Byte.isLetter(byte) || Byte.isDigit(byte) || "_.-".utf8.contains(byte)
      }
      return text.utf8.allSatisfy(isAllowed) ? text : nil
    }
  }

  /// The layer as JSON with every default spelt out.
  var text: JSONText {
    let common = [
      JSONTextMember("type", .string(type.rawValue)),
      JSONTextMember("name", .string(name)),
      JSONTextMember("trainable", .bool(trainable)),
    ]
    switch kind {
    case .recurrent(let layer): return .object(common + layer.members)
    case .bidirectional(let layer):
      let type = JSONTextMember("type", .string(layer.cell.rawValue))
      return .object(common + [JSONTextMember("layer", .object([type] + layer.members))])
    case .dense(let layer): return .object(common + layer.members)
    case .embedding(let layer): return .object(common + layer.members)
    case .dropout(let layer):
      return .object(common + [JSONTextMember("rate", .real(layer.rate))])
    }
  }
}

extension RecurrentSpecification {
  /// Reads the layer of each direction of a two-way one.
  static func rule(_ context: LayerContext) -> Rule<RecurrentSpecification> {
    .object(fallback: RecurrentSpecification(.lstm, units: 1)) { object in
      let cell = object.required("type", .name(of: RecurrentCell.lstm))
      guard let type = LayerType(of: object.node.value), type.cell == cell else {
        object.acceptAnyKey()
        return RecurrentSpecification(.lstm, units: 1)
      }
      return RecurrentSpecification(cell, object, context)
    }
  }

  init(_ cell: RecurrentCell, _ object: ObjectReader, _ context: LayerContext) {
    self.init(cell, units: object.required("units", .units))
    activation = object.optional("activation", .elementwise(fallback: .tanh), default: activation)
    if !cell.gates.isEmpty {
      recurrentActivation = object.optional(
        "recurrent_activation", .elementwise(fallback: .sigmoid), default: recurrentActivation)
    }
    useBias = object.optional("use_bias", .boolean, default: useBias)
    if cell.gates.contains(.forget) {
      unitForgetBias = object.optional("unit_forget_bias", .boolean, default: unitForgetBias)
    }
    returnSequences = object.optional(
      "return_sequences", .boolean, default: context.isBeforeRecurrent)
    dropout = object.optional("dropout", .belowOne, default: dropout)
    recurrentDropout = object.optional("recurrent_dropout", .belowOne, default: recurrentDropout)
  }

  var members: [JSONTextMember] {
    var members = [
      JSONTextMember("units", .integer(units)),
      JSONTextMember("activation", .string(activation.rawValue)),
    ]
    if !cell.gates.isEmpty {
      members.append(
        JSONTextMember("recurrent_activation", .string(recurrentActivation.rawValue)))
    }
    members.append(JSONTextMember("use_bias", .bool(useBias)))
    if cell.gates.contains(.forget) {
      members.append(JSONTextMember("unit_forget_bias", .bool(unitForgetBias)))
    }
    return members + [
      JSONTextMember("return_sequences", .bool(returnSequences)),
      JSONTextMember("dropout", .real(dropout)),
      JSONTextMember("recurrent_dropout", .real(recurrentDropout)),
    ]
  }
}

extension DenseSpecification {
  init(_ object: ObjectReader) {
    self.init(units: object.required("units", .units))
    activation = object.optional("activation", .name(of: .linear), default: activation)
    useBias = object.optional("use_bias", .boolean, default: useBias)
  }

  var members: [JSONTextMember] {
    [
      JSONTextMember("units", .integer(units)),
      JSONTextMember("activation", .string(activation.rawValue)),
      JSONTextMember("use_bias", .bool(useBias)),
    ]
  }
}

extension EmbeddingSpecification {
  init(_ object: ObjectReader) {
    self.init(
      inputDimension: object.required("input_dim", .units),
      outputDimension: object.required("output_dim", .units))
  }

  var members: [JSONTextMember] {
    [
      JSONTextMember("input_dim", .integer(inputDimension)),
      JSONTextMember("output_dim", .integer(outputDimension)),
    ]
  }
}

extension Rule where Value == Activation {
  /// The functions of a single number, which gates are computed with.
  static func elementwise(fallback: Activation) -> Rule {
    .name(
      among: Activation.allCases.filter { $0 != .softmax }, fallback: fallback,
      reason: "; softmax needs a whole row of outputs, so only a dense layer has it")
  }
}

extension Rule where Value == Int {
  /// A number of units; how many parameters they need together is limited separately.
  static var units: Rule { .integer(1...1_000_000) }
}
