import Foundation
import Testing

/// A progress bar on a terminal, made by the `script` of util-linux.
@Suite(.enabled(if: Workplace.hasScript, "there is no util-linux `script` here"))
struct TerminalTests {
  /// Runs a command on a terminal of so many columns and returns what it sent there.
  private func onTerminal(
    _ command: String, columns: Int, _ place: Workplace, environment: [String: String] = [:]
  ) throws -> String {
    let outcome = try place.shell(
      "script -qec 'stty cols \(columns) rows 10; exec \(command)' /dev/null < /dev/null",
      environment: environment.merging(["TERM": "xterm-256color"]) { first, _ in first })
    #expect(outcome.status == 0)
    return outcome.output.replacing("\r\n", with: "\n")
  }

  private func withoutColour(_ text: String) -> String {
    text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }

  @Test(arguments: [20, 40, 80, 132]) func `the bar fits into the terminal`(columns: Int) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 150))
    let sent = try onTerminal("\"$LAB\" run config.json", columns: columns, place)
    let drawn = withoutColour(sent).split(separator: "\r\u{1B}[K").dropFirst()
    #expect(!drawn.isEmpty)
    for line in drawn.dropLast() {
      #expect(line.hasPrefix("Epoch "))
      #expect(line.count <= columns, "\(line)")
      #expect(!line.contains("\n"))
    }
    if columns >= 40 { #expect(drawn.first?.contains(where: { "━─".contains($0) }) == true) }
    // At the end the bar is gone; the last epoch's line, the result and the run's id stay.
    let lines = try #require(drawn.last).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("Epoch 150/150 - loss: "))
    #expect(lines[1].hasPrefix("Completed in "))
    #expect(lines[2] == "1")
  }

  @Test func `colours appear on a terminal that has them, unless NO_COLOR asks for none`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 20))
    let command = "\"$LAB\" run config.json"
    let coloured = try onTerminal(command, columns: 80, place)
    #expect(coloured.contains("\u{1B}[1mEpoch "))
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let sent = try onTerminal(command, columns: 80, place, environment: environment)
      #expect(sent.firstMatch(of: /\u{1B}\[[0-9;]*m/) == nil, "\(environment)")
      #expect(sent.contains("Epoch "))
    }
  }

  @Test(arguments: [40, 80, 120]) func `the model's table fits into the terminal`(
    columns: Int
  ) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    for command in ["show 1", "check config.json"] {
      let sent = try onTerminal("\"$LAB\" \(command)", columns: columns, place)
      let table = sent.split(separator: "\n").filter { $0.contains(where: { "┃│━".contains($0) }) }
      #expect(table.count == (columns == 40 ? 6 : 5))
      #expect(table.allSatisfy { $0.count <= columns }, "\(sent)")
    }
  }

  @Test func `runs stand side by side as far as what is compared can be read`() throws {
    let place = try Workplace()
    for number in 1...5 {
      try place.write(Trial(name: "the long name of run \(number)", epochs: number))
      try place.lab("run", "config.json", "-q")
    }
    let sent = withoutColour(try onTerminal("\"$LAB\" compare", columns: 60, place))
      .replacing("\r", with: "")
    let tables = sent.components(separatedBy: "loss by epoch")[0]
    let heads = tables.split(separator: "\n").filter { $0.hasPrefix("run_id") }
      .map { $0.split(separator: " ").dropFirst().joined() }
    #expect(heads.count > 1 && heads.joined() == "12345", "\(sent)")
    #expect(tables.contains("\nseconds_per_epoch  ") && tables.contains("\nname  "))
    #expect(tables.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(sent)")
  }

  @Test func `a signal leaves no half line behind`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1_000_000, record: #""weights":{"every":1000000}"#))
    try place.write(
      """
      "$LAB" run config.json &
      until "$LAB" show 1 > /dev/null 2>&1; do kill -0 $! || exit 1; done
      kill -TERM $!
      wait $!
      echo "status $?"
      """, to: "script.sh")
    let sent = withoutColour(try onTerminal("sh script.sh", columns: 60, place))
    let lines = try #require(sent.split(separator: "\r\u{1B}[K").last).split(separator: "\n")
    #expect(lines.count == 4, "\(lines)")
    #expect(lines[0].hasPrefix("Epoch "))
    #expect(lines[1].hasPrefix("Stopped: run 1 in lab.db is stored up to epoch "))
    #expect(lines[2...] == ["1", "status 143"])
    #expect(try place.status() == "interrupted")
  }
}
