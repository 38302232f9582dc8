import LSTMEngine
import LabFormats
import LabStore

/// Checks that what a training is steered by exists in its model and data.
struct ControlCheck {
  let config: Config
  let hasValidation: Bool
  /// The names of the classes, where the data have names.
  let classNames: [String]
  let network: NetworkDescription

  /// Refuses a control that follows what is not measured.
  func requireMonitors() throws(LabError) {
    if let stopping = config.training.earlyStopping {
      try config.requireMeasured(
        stopping.monitor.name, named: "training.early_stopping.monitor",
        hasValidation: hasValidation
      )
    }
    if case .plateau(let plateau) = config.training.rateControl {
      try config.requireMeasured(
        plateau.monitor.name, named: "training.learning_rate_schedule.monitor",
        hasValidation: hasValidation)
    }
  }

  /// Refuses a metric that says nothing about the model's outputs.
  func requireMetrics() throws(LabError) {
    let loss = network.loss
    let kind = OutputKind(loss, outputs: network.outputs, hasClasses: !classNames.isEmpty)
    for metric in config.training.metrics where !kind.fits(metric, loss) {
      let known = Metric.allCases.filter { kind.fits($0, loss) }.map { "`\($0.rawValue)`" }
      throw LabError(
        .data,
        "`\(metric.rawValue)` has no meaning for outputs that are \(kind.words)",
        where: "\(config.file.path), training.metrics",
        next: "use one of " + known.joined(separator: ", "))
    }
  }

  /// Returns the weight of each class in the order of class numbers; empty without weights.
  func classWeights() throws(LabError) -> [Float] {
    let wanted = config.training.classWeights
    guard !wanted.isEmpty else { return [] }
    let path = "training.class_weight"
    guard network.loss.isCrossentropy else {
      throw LabError(
        .data, "`\(path)` has no meaning for `\(network.loss.rawValue)`", where: config.file.path,
        next: "leave it out, or use a crossentropy, whose targets are classes")
    }
    let count = max(network.outputs, 2)
    let names = classNames.isEmpty ? (0..<count).map(String.init) : classNames
    var weights = [Float](repeating: 1, count: count)
    for weight in wanted {
      guard let index = names.firstIndex(of: weight.label), index < count else {
        let near = classNames.isEmpty ? "" : Suggestion.text(for: weight.label, among: names)
        throw LabError(
          .data, "`\(path)` names `\(Visible.line(weight.label))`, which is no class",
          where: config.file.path,
          next: near + "the classes are "
            + (classNames.isEmpty
              ? "\"0\" to \"\(count - 1)\"" : Visible.line(names.joined(separator: ", "))))
      }
      weights[index] = Float(weight.weight)
    }
    return weights
  }
}

extension Config {
  /// Refuses a loss or metric that is not measured.
  ///
  /// - Parameters:
  ///   - name: Its Keras name.
  ///   - place: The setting or option that names it.
  func requireMeasured(
    _ name: String, named place: String, hasValidation: Bool
  ) throws(LabError) {
    let (split, metric) = DataSplit.parts(ofMetric: name)
    if split == .validation, !hasValidation {
      throw LabError(
        .data, "`\(place)` is `\(name)`, but there are no validation data", where: file.path,
        next: "add `data.validation`, such as { \"split\": 0.2 }, or set it to `\(metric)`")
    }
    guard metric != "loss", !training.metrics.contains(where: { $0.rawValue == metric })
    else { return }
    throw LabError(
      .data, "`\(place)` is `\(name)`, which is not measured", where: file.path,
      next: "add `\(metric)` to `training.metrics`, or follow `\(split.prefix)loss`")
  }
}
