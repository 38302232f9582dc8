import Foundation
import Testing

/// A newcomer who types what the README shows, in order, sees what the README shows.
@Suite struct ReadmeTests {
  @Test func `every command works and prints what is shown`() throws {
    let page = try MarkdownPage("README.md")
    var walk = try Walk()
    var commands = 0
    for (index, block) in page.blocks.enumerated() {
      switch block.language {
      case "sql":
        let next = page.blocks[(index + 1)...].first { $0.followsBlock }
        let shown = try #require(next, "\(block) shows no answer")
        let answer = try walk.run("sqlite3 -header -column lab.db", input: block.text + "\n")
        #expect(answer.status == 0 && answer.errors.isEmpty, "\(block): \(answer.errors)")
        expectShown(shown.lines, answer.output, of: "\(block)")
        commands += 1
      case "" where block.followsBlock: break  // an answer, looked at with its question
      case "" where block.lines[0].hasPrefix("$ "): commands += try walk.follow(block)
      case "" where block.lines[0].wholeMatch(of: /[0-9a-f]{64}/) != nil:
        let hash = try walk.run(
          "sqlite3 lab.db 'SELECT weights_hash FROM epochs WHERE run_id = 1 AND epoch = 100'")
        expectShown(block.lines, hash.output, of: "\(block)")
      case "": commands += try walk.run(listOf: block)
      case "python": break  // run with real frameworks by python/peer_tests
      default: Issue.record("\(block): what is a block of \(block.language)?")
      }
    }
    #expect(commands >= 30)
  }

  /// `Scripts/demo` builds anew, which takes too long here; what it runs is what the README shows.
  @Test func `the demo runs the commands that are shown as its own`() throws {
    let demo = try String(
      contentsOfFile: SeedExperimentTests.root + "/Scripts/demo", encoding: .utf8)
    let shown = try #require(
      MarkdownPage("README.md").blocks.first { $0.lines[0].hasPrefix("$ ") })
    let sessions = Session.all(in: shown.lines)
    #expect(sessions.count == 4)
    for session in sessions {
      if session.command.hasPrefix("lstm-lab ") {
        #expect(demo.contains("\nshow \(session.command)\n"), "\(session.command)")
      } else {
        let query = session.command.split(separator: "\"")
        #expect(query.count == 2 && demo.contains("\nquery=\"\(query[1])\"\n"))
        #expect(demo.contains("\nsqlite3 -init /dev/null -header -column lab.db \"$query\"\n"))
      }
    }
  }
}

/// A command of a transcript with what it prints.
private struct Session {
  var command: String
  var output: [String] = []

  /// Takes a transcript apart: a command begins with `$ ` and goes on while a quote is open; a line
  /// that begins with `# ` is said to the reader, as in a shell.
  static func all(in lines: [String]) -> [Session] {
    var sessions: [Session] = []
    var isOpen = false
    for line in lines {
      if line.hasPrefix("$ ") {
        if let last = sessions.indices.last, sessions[last].output.last == "" {
          sessions[last].output.removeLast()  // the empty line before the next command
        }
        sessions.append(Session(command: String(line.dropFirst(2))))
      } else if isOpen {
        sessions[sessions.count - 1].command += "\n" + line
      } else if line.hasPrefix("# ") {
        continue
      } else if !sessions.isEmpty {
        sessions[sessions.count - 1].output.append(line)
      }
      isOpen = (sessions.last?.command.count { $0 == "\"" } ?? 0) % 2 == 1
    }
    return sessions
  }
}

/// The walk through the page: a shell, and the folder that it is in.
private struct Walk {
  /// Commands that end with 1, because what they compare differs.
  private static let telling = ["lstm-lab diff 1@50 1@100 ", "lstm-lab compare 1 2 --bits "]

  private let home: Workplace
  private var folder: Workplace

  init() throws {
    home = try Workplace()
    folder = try Workplace()
  }

  /// Runs a line as it is typed; `lstm-lab init` begins in a folder of its own.
  mutating func run(_ line: String, input: String = "") throws -> Program.Outcome {
    if line.hasPrefix("lstm-lab init") { folder = try Workplace() }
    let programs = URL(filePath: Program.path).deletingLastPathComponent().path
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try Program.run(
      "/bin/sh", ["-c", line], in: folder.path,
      environment: ["PATH": "\(programs):\(path)", "HOME": home.path], input: input)
  }

  /// Runs the commands of a transcript, and compares all that they print with what is shown.
  mutating func follow(_ block: MarkdownPage.Block) throws -> Int {
    let sessions = Session.all(in: block.lines)
    for session in sessions {
      let outcome = try run("(\(session.command)) 2>&1")
      #expect(outcome.status == 0, "\(block): \(outcome.output)")
      expectShown(session.output, outcome.output, of: "\(block), \(session.command)")
    }
    return sessions.count
  }

  /// Runs a list of commands, one a line, most with a comment behind them.
  mutating func run(listOf block: MarkdownPage.Block) throws -> Int {
    for line in block.lines {
      if line.hasPrefix("Scripts/") {
        let script = SeedExperimentTests.root + "/" + line.prefix { $0 != " " }
        #expect(FileManager.default.isExecutableFile(atPath: script), "\(block): \(line)")
        continue
      }
      #expect(line.hasPrefix("lstm-lab "), "\(block): \(line) is no command")
      let outcome = try run(line)
      let expected: Int32 = Self.telling.contains(where: line.hasPrefix) ? 1 : 0
      #expect(outcome.status == expected, "\(block): \(line)\n\(outcome.errors)")
    }
    return block.lines.count
  }
}
