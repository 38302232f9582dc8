/// What a terminal would show of some commands, with what differs from time to time masked.
struct Transcript {
  let place: Workplace
  private(set) var text = ""

  init(_ place: Workplace) { self.place = place }

  /// Runs `lstm-lab` with these arguments and notes command, output, messages and exit code.
  @discardableResult
  mutating func run(_ arguments: [String]) throws -> Program.Outcome {
    let outcome = try Program.run(Program.path, arguments, in: place.path)
    let command = arguments.map { $0.contains(where: { " '*;".contains($0) }) ? "\"\($0)\"" : $0 }
    text += "$ lstm-lab " + command.joined(separator: " ") + "\n"
    text += Self.masked(outcome.output + outcome.errors, place)
    if outcome.status != 0 { text += "[\(outcome.status)]\n" }
    text += "\n"
    return outcome
  }

  /// Notes a text.
  mutating func note(_ text: String) { self.text += "# \(text)\n" }

  private static func masked(_ text: String, _ place: Workplace) -> String {
    text.replacing(place.path, with: "/lab")
      .replacing(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/, with: "YYYY-MM-DDThh:mm:ss.sssZ")
      .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{27}\b/, with: "UUID")
      .replacing(/(?m)^host( +)\S+$/) { "host\($0.output.1)HOST" }
  }
}
