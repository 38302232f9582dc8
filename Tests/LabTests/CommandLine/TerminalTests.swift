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

  /// What a terminal shows after it got a text, line by line; lines that are too long do not wrap here.
  private func screen(_ sent: String) -> [String] { TerminalScreen.lines(withoutColour(sent)) }

  /// The screen's lines, where one that goes on in the next, which is indented, is one again.
  private func messages(_ lines: [String]) -> [String] {
    lines.reduce(into: []) { messages, line in
      if line.hasPrefix("  "), let last = messages.popLast() {
        messages.append(last + line.dropFirst())
      } else {
        messages.append(line)
      }
    }
  }

  @Test(arguments: [20, 40, 80, 132])
  func `the line fits into the terminal, and one stays every so often`(columns: Int) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 150))
    let sent = try onTerminal("\"$LAB\" run config.json", columns: columns, place)
    let drawn = withoutColour(sent).split(separator: "\r\u{1B}[K").dropFirst()
    #expect(!drawn.isEmpty)
    for line in drawn where !line.contains("\n") {
      #expect(line.hasPrefix("Epoch "))
      #expect(line.count < columns, "\(line)")
    }
    // From the first step on there are the loss so far and the time left, and the bar is last.
    let first = try #require(drawn.first)
    if columns >= 80 {
      #expect(first.contains(" - loss: "))
      #expect(first.firstMatch(of: #/ left [━─]+$/#) != nil, "\(first)")
    }
    #expect(columns < 40 || screen(sent).allSatisfy { $0.count <= columns }, "\(sent)")
    let lines = messages(screen(sent))
    #expect(!lines.contains { $0.contains(where: { "━─".contains($0) }) })
    let kept = lines.filter { $0.hasPrefix("Epoch ") }
    #expect(kept.count >= 10)
    for (index, line) in kept.prefix(10).enumerated() where kept.count == 10 {
      #expect(line.hasPrefix("Epoch \(15 * (index + 1))/150 - loss: "))
    }
    let end = lines.suffix(4)
    #expect(end.first?.hasPrefix("Epoch 150/150 - loss: ") == true)
    #expect(end.dropFirst().first?.hasPrefix("Completed in ") == true)
    #expect(Array(end.suffix(2)) == ["1", ""])
  }

  @Test func `several seeds show their losses and the time left`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 300))
    let sent = try onTerminal("\"$LAB\" run config.json --seeds 1..4 -j 2", columns: 100, place)
    let drawn = withoutColour(sent).split(separator: "\r\u{1B}[K").filter { $0.hasPrefix("Runs ") }
    #expect(!drawn.isEmpty)
    for line in drawn { #expect(line.count < 100, "\(line)") }
    let first = try #require(drawn.first)
    #expect(
      first.firstMatch(of: /^Runs 0\/4 - seed \d: epoch \d+\/300, loss: .* left/) != nil, "\(first)"
    )
    let lines = messages(screen(sent))
    #expect(
      lines.filter { $0.firstMatch(of: #/^Seed \d: run \d completed in /#) != nil }.count == 4)
    #expect(!lines.contains { $0.hasPrefix("Runs ") || $0.contains("━") && !$0.contains("──") })
  }

  @Test func `a run of another process is followed in one line`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2_000))
    try place.write(
      """
      "$LAB" run config.json -q > id &
      until "$LAB" show 1 > /dev/null 2>&1; do kill -0 $! || exit 1; done
      exec "$LAB" show 1 --follow
      """, to: "script.sh")
    let sent = try onTerminal("sh script.sh", columns: 80, place)
    let drawn = withoutColour(sent).split(separator: "\r\u{1B}[K")
    #expect(drawn.contains { $0.hasPrefix("Epoch ") && !$0.contains("\n") && $0.contains(" left") })
    let lines = messages(screen(sent))
    #expect(!lines.contains { $0.contains("━") })
    let end = lines.suffix(3)
    #expect(end.first?.hasPrefix("Epoch 2000/2000 - loss: ") == true)
    #expect(
      end.dropFirst().first?.hasPrefix("Completed: run 1 in lab.db, epoch 2000 stored") == true)
    #expect(end.last?.isEmpty == true)
  }

  /// Ctrl-C, typed at a moment: what stays on the screen is whole and true.
  @Test(
    arguments: ["run config.json", "run config.json --seeds 1..3 -j 2", "show 1 --follow"],
    [("0", 1), ("0.1", 1), ("0.4", 1), ("stored", 1), ("stored", 2)])
  func `Ctrl-C leaves a clean screen`(command: String, typed: (moment: String, times: Int)) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1_000_000))
    let isFollowing = command.hasPrefix("show")
    let program = isFollowing ? try LiveProgram(["run", "config.json", "-q"], in: place) : nil
    if isFollowing { while try place.run("show", "1").status != 0 {} }
    let isStored = "until \"$LAB\" show 1 > show 2>&1; do :; done; sleep 0.3"
    let moment = typed.moment == "stored" ? isStored : "sleep \(typed.moment)"
    let keys = String(repeating: "\\003", count: typed.times)
    let outcome = try place.shell(
      """
      { until [ -e started ]; do sleep 0.02; done; \(moment); printf '\(keys)'; sleep 1; } |
        script -qec 'stty cols 70; touch started; exec "$LAB" \(command)' /dev/null
      """, environment: ["TERM": "xterm-256color"])
    let lines = messages(screen(outcome.output))
    #expect(outcome.status == 130, "\(lines)")
    #expect(!lines.contains { $0.contains("━") || $0.hasPrefix("Runs ") }, "\(lines)")
    if let program {
      #expect(program.isRunning)
      program.send(SIGKILL)
      return
    }
    // Every line that says what is stored is true.
    for line in lines {
      guard let told = line.firstMatch(of: /run (\d) in lab.db is stored up to epoch (\d+)\./)
      else {
        continue
      }
      let stored = "SELECT status, epochs FROM runs WHERE run_id = \(told.output.1)"
      #expect(try place.sqlite(stored) == "interrupted|\(told.output.2)")
    }
    if typed.times == 1, typed.moment == "stored" {
      #expect(lines.contains { $0.contains("is stored up to epoch") }, "\(lines)")
    }
  }

  /// Ctrl-C, typed while something is read or trained again: nothing is half written, on the screen or in
  /// the database.
  @Test(
    arguments: [
      "compare", "verify 1", "explain 1",
      #"bisect 1 --test "sleep 0.1; test \$LSTM_LAB_EPOCH -lt 37""#,
    ], ["0", "0.1", "0.3", "0.6"])
  func `Ctrl-C leaves what is looked at as it was`(command: String, moment: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 60))
    try place.lab("run", "config.json", "-q")
    let before = try place.sqlite(".dump")
    let outcome = try place.shell(
      """
      { until [ -e started ]; do sleep 0.02; done; sleep \(moment); printf '\\003'; sleep 1; } |
        script -qec 'stty cols 70; touch started; exec "$LAB" \(command)' /dev/null
      """, environment: ["TERM": "xterm-256color"])
    let lines = screen(outcome.output)
    #expect([0, 130].contains(outcome.status), "\(lines)")
    #expect(["", "^C"].contains(lines.last), "\(lines)")
    #expect(!outcome.output.contains("\u{1B}[?25l"), "the cursor was hidden")
    if command.hasPrefix("bisect"), outcome.status == 130, lines.count > 2 {
      #expect(lines.dropLast().last?.contains("Stopped: the run is as it was.") == true, "\(lines)")
    }
    #expect(try place.sqlite(".dump") == before)
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
    let lines = messages(screen(sent)).dropLast().suffix(4).map { $0 }
    #expect(lines[0].hasPrefix("Epoch "))
    #expect(lines[1].hasPrefix("Stopped: run 1 in lab.db is stored up to epoch "))
    #expect(lines[2...] == ["1", "status 143"])
    #expect(try place.status() == "interrupted")
  }

  /// Messages on terminals: words whole, what is typed whole, and the same words as in a pipe.
  @Test(arguments: [30, 60, 80])
  func `a message is broken between words, and goes on indented`(columns: Int) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.write(
      HintTrial.config(
        #""x":[[[1.0,5.0]],[[2.0,5.0]]],"y":[0,0]"#, loss: "sparse_categorical_crossentropy"),
      to: "warned.json")
    try place.lab("run", "config.json", "-q")
    for command in [
      "run warned.json -q", "weights 1 --gate candidat", "resume 1@1", "show 1@1",
      "runs --sort los",
      "query 'SELECT lost FROM epochs'", "run config.json --treads 3", "predict 1 x.npy",
    ] {
      let piped = try place.shell("exec \"$LAB\" \(command) 2>&1 > /dev/null")
      let drawn = try place.shell(
        "script -qec 'stty cols \(columns); exec \"$LAB\" \(quoted(command)) > /dev/null' /dev/null",
        environment: ["TERM": "xterm"])
      let lines = drawn.output.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
      func words(_ text: String) -> [Substring] { text.split { " \n".contains($0) } }
      #expect(words(lines.joined(separator: " ")) == words(piped.output), "\(lines)")
      let wide = lines.filter { $0.count > columns && $0.drop { $0 == " " }.contains(" ") }
      #expect(wide.allSatisfy { isTyped($0) }, "\(wide)")
      #expect(!lines.isEmpty && lines.first?.hasPrefix(" ") == false)
    }
  }

  private func quoted(_ command: String) -> String { command.replacing("'", with: "\"") }

  /// Whether a line is what is typed as it stands.
  private func isTyped(_ line: String) -> Bool {
    line.firstMatch(of: /^ *(lstm-lab .*|`.*`\S*|\[--.*\])$/) != nil
  }
}
