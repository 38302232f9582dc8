import LSTMEngine
import LabFormats
import LabStore

extension Monitor {
  /// Reads the keys that every follower of a metric has.
  init(_ object: ObjectReader, default monitor: Monitor) {
    self = monitor
    name = object.optional("monitor", Self.nameRule, default: monitor.name)
    mode = object.optional("mode", .name(of: .auto), default: monitor.mode)
    minDelta = object.optional("min_delta", .notNegative, default: monitor.minDelta)
  }

  /// The names of every loss and metric, whether the run has them or not.
  private static var nameRule: Rule<String> {
    let names = ["loss"] + Metric.allCases.map(\.rawValue)
    let known = names.map { DataSplit.validation.prefix + $0 } + names
    let allowed =
      "one of \(known.joined(separator: ", ")); the test data are for the end, not to choose by"
    return Rule(allowed: allowed, fallback: "val_loss") { node in
      guard let text = node.value.string else { return nil }
      if known.contains(text) { return text }
      let advice = Suggestion.text(for: text, among: known)
      return node.refuse("`\(node.path)` is \(node.shown)", next: "\(advice)allowed: \(allowed)")
    }
  }

  var members: [JSONTextMember] {
    [
      JSONTextMember("monitor", .string(name)), JSONTextMember("mode", .string(mode.rawValue)),
      JSONTextMember("min_delta", .real(minDelta)),
    ]
  }
}
