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

  /// The keys of a layer; its name stays empty when it is not given.
  static func form(_ context: LayerContext) -> ObjectForm<LayerSpecification> {
    .choice(
      by: "type", "The layer's type.",
      LayerType.allCases.map { ($0.rawValue, form(of: $0, context)) },
      fallback: LayerSpecification(name: "", kind: .dense(DenseSpecification(units: 1))))
  }

  private static func form(
    of type: LayerType, _ context: LayerContext
  ) -> ObjectForm<LayerSpecification> {
    switch type {
    case .lstm: form(of: .lstm, "Long short-term memory.", context)
    case .gru: form(of: .gru, "A gated recurrent unit.", context)
    case .simpleRNN: form(of: .simpleRNN, "A recurrent layer without gates.", context)
    case .bidirectional:
      form(
        "Two recurrent layers, one for each direction of time.",
        .bidirectional(RecurrentSpecification(.lstm, units: 1)), \.twoWay,
        [
          Field(
            required: "layer", \.self,
            .object(
              RecurrentSpecification.form(context),
              "an object with `type` and the keys of that layer"),
            "The layer of each direction.")
        ])
    case .dense:
      form(
        "A fully connected layer.",
        .dense(DenseSpecification(units: context.isOfText && context.isLast ? 0 : 1)), \.dense,
        DenseSpecification.fields(context))
    case .embedding:
      form(
        "A table that is read by whole numbers; first layer only.",
        .embedding(
          EmbeddingSpecification(inputDimension: context.isOfText ? 0 : 1, outputDimension: 1)),
        \.embedding, EmbeddingSpecification.fields(context))
    case .dropout:
      form(
        "Drops some of its inputs in training.", .dropout(DropoutSpecification(rate: 0)), \.dropout,
        [
          Field(
            required: "rate", \.rate, .belowOne, "The share of inputs that training sets to 0.")
        ])
    }
  }

  private static func form(
    of cell: RecurrentCell, _ about: String, _ context: LayerContext
  ) -> ObjectForm<LayerSpecification> {
    form(
      about, .recurrent(RecurrentSpecification(cell, context)), \.oneWay,
      RecurrentSpecification.fields(cell), isOf: { $0.oneWay?.cell == cell })
  }

  /// The keys that all layers have, and those of a kind.
  private static func form<Part: Sendable>(
    _ about: String, _ kind: Kind, _ part: FieldPath<LayerSpecification, Part?>,
    _ fields: @autoclosure @escaping @Sendable () -> [Field<Part>],
    isOf: (@Sendable (LayerSpecification) -> Bool)? = nil
  ) -> ObjectForm<LayerSpecification> {
    ObjectForm(
      about, start: LayerSpecification(name: "", kind: kind),
      isOf: isOf ?? { $0[keyPath: part] != nil },
      [
        Field(
          "name", \.name, nameRule, "The layer's name, different from all others.",
          default: "the type, then with `_1`, `_2`, …"),
        Field(
          "trainable", \.trainable, .boolean, "Whether training changes the layer's weights."),
      ] + fields().map { $0.within(part) })
  }

  private static var nameRule: Rule<String> {
    .text(
      "1 to 100 of the characters A-Z a-z 0-9 _ . -", pattern: "^[A-Za-z0-9_.-]{1,100}$"
    ) { text in
      (1...100).contains(text.utf8.count)
        && text.utf8.allSatisfy {
          Byte.isLetter($0) || Byte.isDigit($0) || "_.-".utf8.contains($0)
        }
    }
  }
}

/// The arguments of a layer of one kind; nil for another's.
extension LayerSpecification {
  private var oneWay: RecurrentSpecification? {
    get { if case .recurrent(let layer) = kind { layer } else { nil } }
    set { kind = newValue.map(Kind.recurrent) ?? kind }
  }
  private var twoWay: RecurrentSpecification? {
    get { if case .bidirectional(let layer) = kind { layer } else { nil } }
    set { kind = newValue.map(Kind.bidirectional) ?? kind }
  }
  private var dense: DenseSpecification? {
    get { if case .dense(let layer) = kind { layer } else { nil } }
    set { kind = newValue.map(Kind.dense) ?? kind }
  }
  private var embedding: EmbeddingSpecification? {
    get { if case .embedding(let layer) = kind { layer } else { nil } }
    set { kind = newValue.map(Kind.embedding) ?? kind }
  }
  private var dropout: DropoutSpecification? {
    get { if case .dropout(let layer) = kind { layer } else { nil } }
    set { kind = newValue.map(Kind.dropout) ?? kind }
  }
}

extension RecurrentSpecification {
  fileprivate init(_ cell: RecurrentCell, _ context: LayerContext) {
    self.init(cell, units: 1)
    returnSequences = context.isBeforeRecurrent
  }

  /// The keys of the layer of each direction of a two-way one.
  fileprivate static func form(_ context: LayerContext) -> ObjectForm<RecurrentSpecification> {
    .choice(
      by: "type", "The layer's type.", prefix: "directed_",
      RecurrentCell.allCases.map { cell in
        let form = ObjectForm(
          start: RecurrentSpecification(cell, context), isOf: { $0.cell == cell }, fields(cell))
        return (cell.rawValue, form)
      }, fallback: RecurrentSpecification(.lstm, units: 1))
  }

  fileprivate static func fields(_ cell: RecurrentCell) -> [Field<RecurrentSpecification>] {
    let candidate = cell == .lstm ? "Of the candidate and the cell state." : "Of the candidate."
    var fields: [Field<Self>] = [
      Field(required: "units", \.units, .units, "Numbers in the state, and outputs."),
      Field("activation", \.activation, .elementwise, candidate),
    ]
    if !cell.gates.isEmpty {
      fields.append(
        Field("recurrent_activation", \.recurrentActivation, .elementwise, "Of the gates."))
    }
    fields.append(Field("use_bias", \.useBias, .boolean, "Whether sums have a bias."))
    if cell.gates.contains(.forget) {
      fields.append(
        Field(
          "unit_forget_bias", \.unitForgetBias, .boolean,
          "Whether the forget gate's bias starts at 1."))
    }
    return fields + [
      Field(
        "return_sequences", \.returnSequences, .boolean,
        "Whether there is an output for each time step.",
        default: "true before another recurrent layer, dropout between them or not, else false"),
      Field("dropout", \.dropout, .belowOne, "The share of inputs that training sets to 0."),
      Field(
        "recurrent_dropout", \.recurrentDropout, .belowOne,
        "The same for the output of the step before."),
    ]
  }
}

extension DenseSpecification {
  fileprivate static func fields(_ context: LayerContext) -> [Field<DenseSpecification>] {
    [
      .ofVocabulary(
        "units", \.units, "Outputs.", isFoundOut: context.isOfText && context.isLast,
        default: "required, but in the last layer on a [text](#text): its vocabulary's size"),
      Field("activation", \.activation, .name, "Of the outputs."),
      Field("use_bias", \.useBias, .boolean, "Whether sums have a bias."),
    ]
  }
}

extension EmbeddingSpecification {
  fileprivate static func fields(_ context: LayerContext) -> [Field<EmbeddingSpecification>] {
    [
      .ofVocabulary(
        "input_dim", \.inputDimension, "How many different whole numbers there are, from 0.",
        isFoundOut: context.isOfText,
        default: "required, but on a [text](#text): its vocabulary's size"),
      Field(required: "output_dim", \.outputDimension, .units, "Outputs."),
    ]
  }
}

extension Field {
  /// A size that may be left out where the data tell it: it is 0 then, and not written, until the plan
  /// has found it out.
  ///
  /// - Parameter isFoundOut: Whether the data tell it; else the key must be there.
  fileprivate static func ofVocabulary(
    _ key: String, _ path: FieldPath<Object, Int>, _ about: String, isFoundOut: Bool,
    default words: String
  ) -> Field {
    let field =
      isFoundOut
      ? Field(key, path, .units, about, default: words) : Field(required: key, path, .units, about)
    return field.absent(words).written { object, _ in object[keyPath: path] > 0 }
  }
}

extension LayerSpecification {
  /// The same layer with the vocabulary's size where it was left out.
  func filled(vocabulary: Int) -> LayerSpecification {
    var layer = self
    if var table = layer.embedding, table.inputDimension == 0 {
      table.inputDimension = vocabulary
      layer.embedding = table
    }
    if var dense = layer.dense, dense.units == 0 {
      dense.units = vocabulary
      layer.dense = dense
    }
    return layer
  }
}

extension Rule where Value == Activation {
  /// The functions of a single number, which gates are computed with.
  fileprivate static var elementwise: Rule {
    .name(
      among: Activation.allCases.filter { $0 != .softmax },
      reason: "; softmax needs a whole row of outputs, so only a dense layer has it")
  }
}

extension Rule where Value == Int {
  /// A number of units; how many parameters they need together is limited separately.
  fileprivate static var units: Rule { .integer(1...1_000_000) }
}
