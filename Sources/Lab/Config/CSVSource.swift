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
}

/// What there is a target for.
package enum TargetPer: String, CaseIterable, Sendable {
  case sequence
  case step
}

extension CSVSource {
  static var form: ObjectForm<CSVSource> {
    ObjectForm(
      "A table with one row a time step.", name: "csv",
      start: CSVSource(path: "", sequence: "", features: [], target: ""),
      [
        Field(required: "csv", \.path, .path(endingIn: [".csv"]), "The file's path."),
        Field(
          required: "sequence", \.sequence, .sequenceColumn,
          "The column whose text says which sample a row belongs to."),
        Field(
          required: "features", \.features, .names(of: "columns"),
          "The columns that the model reads."),
        Field(required: "target", \.target, .text, "The column that the model should tell."),
        Field(
          "target_per", \.targetPer, .name,
          "Whether there is a target a sequence, the same in all its rows, or a time step."),
        Field(
          optional: "classes", \.classes, .names(of: "classes"),
          "The classes in the order of their numbers; needed where they are numbers.",
          default: "the targets' texts"),
      ])
  }
}

extension Rule where Value == String {
  /// A column's name; what it is for is what those miss who leave it out.
  fileprivate static var sequenceColumn: Rule {
    Rule(
      allowed:
        "the column whose text tells which sequence a row belongs to; one long series is cut "
        + "first into windows, each with a text of its own", fallback: "", form: text.form(),
      read: text.read, text: text.text)
  }
}

extension Rule where Value == [String] {
  /// One or more different texts.
  fileprivate static func names(of what: String) -> Rule {
    let limit = 1_000_000
    let names = Rule.set(of: .text, upTo: limit)
    let allowed = "an array of the names of \(what), at least one"
    return Rule(
      allowed: allowed, fallback: [],
      form: Rule<String>.text.form().list(from: 1, upTo: limit, isSet: true).told(allowed),
      read: { node in names.read(node).flatMap { $0.isEmpty ? nil : $0 } }, text: names.text)
  }
}
