import LabFormats

/// A table with one row a time step.
package struct CSVSource: Equatable, Sendable {
  /// The file's path, as written.
  package var path: String
  /// The column whose text says which sequence a row belongs to.
  package var sequence: String
  /// The columns that the model reads, in order.
  package var features: [String]
  /// The column that the model should tell.
  package var target: String
  /// Whether there is a target a sequence or a time step.
  package var targetPer = TargetPer.sequence
  /// The names of the classes in the order of their numbers; nil takes them from the targets, unless
  /// these are numbers.
  package var classes: [String]?

  /// Makes a source with a target a sequence.
  package init(path: String, sequence: String, features: [String], target: String) {
    self.path = path
    self.sequence = sequence
    self.features = features
    self.target = target
  }
}

/// What there is a target for.
package enum TargetPer: String, CaseIterable, Sendable {
  case sequence
  case step
}

extension CSVSource {
  init(_ object: ObjectReader) {
    self.init(
      path: object.required("csv", .path(endingIn: [".csv"])),
      sequence: object.required("sequence", .text),
      features: object.required("features", .names(of: "columns")),
      target: object.required("target", .text))
    targetPer = object.optional("target_per", .name(of: .sequence), default: targetPer)
    classes = object.optional("classes", .names(of: "classes"))
  }

  var text: JSONText {
    .object([
      "csv": .string(path), "sequence": .string(sequence),
      "features": .array(features.map(JSONText.string)), "target": .string(target),
      "target_per": .string(targetPer.rawValue),
      "classes": classes.map { .array($0.map(JSONText.string)) },
    ])
  }
}

extension Rule where Value == [String] {
  /// One or more different texts.
  fileprivate static func names(of what: String) -> Rule {
    let names = Rule.set(of: .text, upTo: 1_000_000)
    return Rule(allowed: "an array of the names of \(what), at least one", fallback: []) { node in
      names.read(node).flatMap { $0.isEmpty ? nil : $0 }
    }
  }
}
