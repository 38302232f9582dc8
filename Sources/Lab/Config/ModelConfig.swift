package import LSTMEngine
import LabFormats

/// The layers and where their first weights come from.
package struct ModelConfig: Equatable, Sendable {
  /// The layers, the one that reads the samples first.
  package var layers: [LayerSpecification]
  /// The file of the first weights; nil for random ones.
  package var initialWeights: WeightsFile?

  /// Whether the samples are whole numbers, which the first layer looks up.
  var readsSymbols: Bool {
    if case .embedding = layers.first?.kind { true } else { false }
  }
}

extension ModelConfig {
  static var form: ObjectForm<ModelConfig> { form(ofText: false) }

  /// Of a model that reads a text: what has the size of its vocabulary may be left out.
  static var formOfText: ObjectForm<ModelConfig> { form(ofText: true) }

  private static func form(ofText: Bool) -> ObjectForm<ModelConfig> {
    ObjectForm(
      start: ModelConfig(layers: []),
      [
        Field(
          required: "layers", \.layers, layersRule(ofText: ofText),
          "The one that reads the samples first."),
        Field(
          optional: "initial_weights", \.initialWeights, WeightsFile.rule,
          "A file of [weights](#initial-weights), by Keras's or PyTorch's names.",
          default: "random weights"),
      ])
  }

  private static let maximumLayers = 1000

  private static func layersRule(ofText: Bool) -> Rule<[LayerSpecification]> {
    let form = LayerSpecification.form(LayerContext(isOfText: ofText))
    let rule = Rule.object(form)
    let beforeRecurrent = Rule.object(
      LayerSpecification.form(LayerContext(isBeforeRecurrent: true, isOfText: ofText)))
    let last = Rule.object(LayerSpecification.form(LayerContext(isOfText: ofText, isLast: true)))
    return Rule(
      allowed: "an array of 1 to \(maximumLayers) layers", fallback: [],
      form: rule.form().list(from: 1, upTo: maximumLayers)
        .told("1 to \(maximumLayers) layers, see [Layers](#layers)"),
      read: { node in
        guard node.value.kind == .array, (1...maximumLayers).contains(node.value.count) else {
          return nil
        }
        let elements = Array(node.value.elements)
        var names = LayerNames()
        return elements.indices.map { index in
          let next = elements[(index + 1)...].lazy.map(LayerType.init(of:))
            .first { $0 != .dropout }
          let element = node.element(elements[index], at: index)
          let own =
            next??.isRecurrent == true
            ? beforeRecurrent : index == elements.count - 1 ? last : rule
          return names.completed(own(element), node: element)
        }
      }, text: { .array($0.map(form.text)) })
  }
}

/// What a layer's defaults depend on besides its own keys.
struct LayerContext {
  /// True when the next layer that is no dropout needs one value for each time step.
  var isBeforeRecurrent = false
  /// True when the model reads a text, whose vocabulary's size is found out.
  var isOfText = false
  /// True for the last layer.
  var isLast = false
}

/// Gives the layers of one model their names and refuses two equal ones.
struct LayerNames {
  private var used: [String] = []
  private var unnamed: [LayerType: Int] = [:]

  /// Fills in Keras's default name (`lstm`, `lstm_1`, …: a count of the unnamed layers of its
  /// type) when the name is empty.
  mutating func completed(_ layer: LayerSpecification, node: ConfigNode) -> LayerSpecification {
    var layer = layer
    if layer.name.isEmpty {
      let type = layer.type
      let count = unnamed[type, default: 0]
      unnamed[type] = count + 1
      layer.name = count == 0 ? type.rawValue : "\(type.rawValue)_\(count)"
    }
    if used.contains(layer.name) {
      node.problems.add(
        LabError(
          .data, "two layers are named `\(layer.name)`, the second at \(node.path)",
          where: node.value.place, next: "give one of them another `name`"))
    }
    used.append(layer.name)
    return layer
  }
}
