import LSTMEngine
import LabFormats

/// What in the model, beside its loss, metrics and targets, is almost always a mistake.
struct ModelWarnings {
  let plan: TrainingPlan
  /// What the samples to train on are.
  let train: DataSurvey

  private var loss: Loss { plan.network.loss }
  private var layers: [LayerSpecification] { plan.network.layers }

  var all: [LabWarning] {
    [loneSoftmax, crossentropy, narrowOutput, accuracy].compactMap(\.self)
  }

  private func warning(_ what: String, at key: String, next: String) -> LabWarning {
    LabWarning(what, where: "\(plan.config.file.path), \(key)", next: next)
  }

  private var loneSoftmax: LabWarning? {
    let index = layers.firstIndex { layer in
      if case .dense(let dense) = layer.kind {
        dense.activation == .softmax && dense.units == 1
      } else {
        false
      }
    }
    guard let index else { return nil }
    return warning(
      "softmax over one output is always 1", at: "model.layers[\(index)].activation",
      next: "use `sigmoid` for one output, or one unit for each class")
  }

  /// The function behind the outputs, and the place of its layer; a dropout changes nothing of it.
  private var output: (activation: Activation, layer: Int) {
    for (index, layer) in layers.enumerated().reversed() {
      switch layer.kind {
      case .dropout: continue
      case .dense(let dense): return (dense.activation, index)
      case .embedding: return (.linear, index)
      case .recurrent(let recurrent), .bidirectional(let recurrent):
        return (recurrent.activation, index)
      }
    }
    return (.linear, 0)
  }

  private var crossentropy: LabWarning? {
    let (activation, layer) = output
    guard loss.isCrossentropy, activation != .sigmoid, activation != .softmax else { return nil }
    let kind = activation == .linear ? "a linear output" : "an output with `\(activation.rawValue)`"
    return warning(
      "`\(loss.rawValue)` follows \(kind), which gives no probabilities",
      at: "model.layers[\(layer)].activation",
      next: loss == .binaryCrossentropy
        ? "end with a `dense` layer with `\"activation\": \"sigmoid\"`"
        : "end with a `dense` layer with `\"activation\": \"softmax\"`")
  }

  private var narrowOutput: LabWarning? {
    guard !loss.isCrossentropy, case .numbers(let least, let greatest) = train.targets else {
      return nil
    }
    let (activation, layer) = output
    let range: ClosedRange<Float>
    switch activation {
    case .linear: return nil
    case .sigmoid, .softmax: range = 0...1
    case .tanh: range = -1...1
    case .relu: range = 0...Float.infinity
    }
    guard least < range.lowerBound || greatest > range.upperBound else { return nil }
    let limits =
      activation == .relu
      ? "nothing below 0" : "\(Int(range.lowerBound)) to \(Int(range.upperBound))"
    return warning(
      "the targets are \(train.rangeText ?? ""), but `\(activation.rawValue)` gives \(limits)",
      at: "model.layers[\(layer)].activation",
      next: "end with a `dense` layer without `activation`, or scale the targets")
  }

  private var accuracy: LabWarning? {
    guard plan.config.training.metrics.contains(.accuracy), !loss.isCrossentropy,
      case .numbers = train.targets
    else { return nil }
    return warning(
      "accuracy has no meaning for numbers to predict: it counts targets of 0 and 1 only",
      at: "training.metrics", next: "use `mean_absolute_error`")
  }
}
