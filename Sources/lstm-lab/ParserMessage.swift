import ArgumentParser
import LabFormats

/// What the parser says of a command line that it cannot read, as all other messages are said.
enum ParserMessage {
  /// Begins as all errors do, with a small letter, and names flags that exclude each other as such.
  static func inOurWords(_ message: String) -> String {
    let prefix = "Error: "
    guard message.hasPrefix(prefix) else { return message }
    let text = message.dropFirst(prefix.count)
      .replacing(/Value to be set with flag '(.+)' had already been set with flag '(.+)'/) {
        "\($0.output.2) and \($0.output.1) exclude each other"
      }
    return "error: " + text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Refuses an option's value that is not one of its names, with the nearest one.
  static func require(
    _ value: String, among names: [String], option: String
  ) throws(ValidationError) {
    if names.contains(value) { return }
    throw ValidationError(
      "\(option) is `\(Visible.line(value))`; \(Suggestion.text(for: value, among: names))"
        + "allowed: \(names.joined(separator: ", "))")
  }
}
