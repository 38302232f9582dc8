import LSTMEngine
import LabFormats

extension ModelConfig {
  static var rule: Rule<ModelConfig> {
    .object(fallback: ModelConfig(layers: [])) { object in
      ModelConfig(
        layers: object.required("layers", layersRule),
        initialWeights: object.optional(
          "initial_weights", .path(endingIn: [".safetensors", ".npz"])))
    }
  }

  var text: JSONText {
    .object([
      "layers": .array(layers.map(\.text)),
      "initial_weights": initialWeights.map(JSONText.string),
    ])
  }

  private static let maximumLayers = 1000

  private static var layersRule: Rule<[LayerSpecification]> {
    let allowed = "an array of 1 to \(maximumLayers) layers"
    return Rule(allowed: allowed, fallback: []) { node in
      guard node.value.kind == .array, (1...maximumLayers).contains(node.value.count) else {
        return nil
      }
      let elements = Array(node.value.elements)
      var names = LayerNames()
      return elements.indices.map { index in
        let next = elements[(index + 1)...].lazy.map(LayerType.init(of:)).first { $0 != .dropout }
        let context = LayerContext(isBeforeRecurrent: next??.isRecurrent ?? false)
        let element = node.element(elements[index], at: index)
        let named = LayerSpecification.rule(context)(element)
        return names.completed(named, node: element)
      }
    }
  }
}

/// What a layer's defaults depend on besides its own keys.
struct LayerContext {
  /// True when the next layer that is no dropout needs one value for each time step.
  var isBeforeRecurrent = false
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
