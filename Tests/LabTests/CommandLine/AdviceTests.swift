import Foundation
import Testing

/// What a message advises works when it is typed.
@Suite struct AdviceTests {
  /// Types the commands of a message, each of which must succeed, and returns how many there were.
  private func type(_ message: String, in place: Workplace, before: String = "") throws -> Int {
    let commands = message.matches(of: /`lstm-lab ([^`]+)`|lstm-lab ([^;`\n]+)/).map {
      String($0.output.1 ?? $0.output.2 ?? "")
    }
    for command in commands {
      let outcome = try place.shell("\(before)exec \"$LAB\" \(command)")
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    return commands.count
  }

  @Test(arguments: [
    ("verison", 2), ("predcit 1", 2), ("list", 2), ("zzzz", 1), ("shwo", 1), ("benhc", 1),
  ])
  func `a command that is not there`(word: String, count: Int) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.shell("exec \"$LAB\" \(word)")
    #expect(outcome.status == 64)
    // Names of commands that need more are looked at by their help.
    let message = outcome.errors.replacing(/`lstm-lab (show|bench|predict)`/) {
      "`lstm-lab \($0.output.1) -h`"
    }
    #expect(try type(message, in: place) >= count, "\(outcome.errors)")
  }

  @Test(arguments: [("weight", "weights"), ("Metrix", "metrics"), ("main.epohs", "epochs")])
  func `a table that is not there`(name: String, meant: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let sql = "SELECT count(*) FROM \(name)"
    let outcome = try place.run("query", sql)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("did you mean `\(meant)`?"), "\(outcome.errors)")
    try place.lab("query", "SELECT count(*) FROM \(meant)")
  }

  @Test func `a folder in a database's place`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    _ = try place.shell("mkdir 'a folder'")
    func advice(_ command: String) throws -> String {
      let outcome = try place.shell("exec \"$LAB\" \(command) --db 'a folder'")
      #expect(outcome.status == 65)
      #expect(outcome.errors.hasPrefix("error: this is a folder, not a database ("))
      return String(try #require(outcome.errors.firstMatch(of: /--db .*/)).output)
    }
    let first = try advice("run config.json -q")
    #expect(try place.shell("exec \"$LAB\" run config.json -q \(first)").output == "1\n")
    #expect(try advice("runs") == first)
    #expect(try place.shell("mv 'a folder/lab.db' 'a folder/my.db'").status == 0)
    let second = try advice("show 1")
    #expect(second.hasSuffix("/a folder/my.db'"))
    #expect(try place.shell("exec \"$LAB\" show 1 \(second)").status == 0)
  }

  @Test(arguments: [
    (300, 50, "sgd"), (20, 60, "sgd"), (9, 80, "sgd"), (3e38, 5, "sgd"), (1e20, 30, "adam"),
  ])
  func `a smaller learning rate after a divergence`(
    rate: Double, epochs: Int, optimizer: String
  ) throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: epochs, layers: #"[{"type":"lstm","units":5},{"type":"dense","units":2}]"#,
        loss: "mean_squared_error",
        optimizer: #"{"type":"\#(optimizer)","learning_rate":\#(rate)}"#))
    let outcome = try place.run("run", "config.json")
    try #require(outcome.status == 65, "it must diverge")
    let told = try #require(
      outcome.errors.firstMatch(
        of:
          /from epoch (\d+) on, .* up to epoch (\d+): lstm-lab (resume 1 --from \d+ --set (\S+))\n/),
      "\(outcome.errors)")
    #expect(told.output.2 == "\(epochs)")
    let before = try place.sqlite("SELECT count(*) FROM runs")
    #expect(before == "1", "a trial stores nothing")
    let typed = try place.shell("exec \"$LAB\" \(told.output.3) -q")
    #expect(typed.status == 0, "\(typed.errors)")
    #expect(
      try place.sqlite("SELECT status, epochs FROM runs WHERE run_id = 2") == "completed|\(epochs)")
    // It learns something there.
    let first = try #require(Int(told.output.1))
    let loss = "SELECT loss FROM epochs WHERE run_id = 2 AND epoch ="
    #expect(
      try place.sqlite("SELECT (\(loss) \(epochs)) < ifnull((\(loss) \(first)), 9e999)") == "1")
  }

  @Test func `a smaller learning rate for each of several seeds`() throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 30, layers: #"[{"type":"lstm","units":5},{"type":"dense","units":2}]"#,
        loss: "mean_squared_error", optimizer: #"{"type":"sgd","learning_rate":300}"#))
    let outcome = try place.run("run", "config.json", "--seeds", "1..3", "-q")
    #expect(outcome.status == 65)
    let commands = outcome.errors.matches(of: /lstm-lab (resume \d --from \d+ --set \S+)/)
    #expect(commands.count == 3, "\(outcome.errors)")
    for command in commands {
      #expect(try place.shell("exec \"$LAB\" \(command.output.1) -q").status == 0)
    }
  }
}
