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
    ("verison", 2), ("predict 1", 2), ("list", 2), ("zzzz", 1), ("shwo", 1), ("benhc", 1),
  ])
  func `a command that is not there`(word: String, count: Int) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.shell("exec \"$LAB\" \(word)")
    #expect(outcome.status == 64)
    // Names of commands that need more are looked at by their help.
    let message = outcome.errors.replacing(/`lstm-lab (show|bench)`/) {
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
}
