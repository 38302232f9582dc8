import Foundation
import Testing

/// What a real bash offers for an unfinished command, by the script that the program prints.
@Suite struct CompletionTests {
  /// Names that would do harm if a shell took them at their word, and two that would not.
  private static let names = [
    "plain-1.0", "größer als", "$(touch harm)", "`touch harm`", "a;touch harm", "a'b", "a\\\"b",
    "${HOME}", "~root", "a|b", "*", "a:b", "a/b", "x\\\\ny",
  ]

  private static func library() throws -> Workplace {
    let place = try Workplace()
    for (index, name) in (names + ["twice", "twice"]).enumerated() {
      try place.write(Trial(name: name, epochs: 1), to: "\(index).json")
      try place.lab("run", "\(index).json", "-q")
    }
    return place
  }

  /// What bash offers for the last of some words.
  private static func offers(
    _ words: [String], in place: Workplace, environment: [String: String] = [:]
  ) throws -> [String] {
    let script = """
      lstm-lab() { "$LAB" "$@"; }
      source <("$LAB" --generate-completion-script bash)
      COMP_WORDS=("$LAB" "$@"); COMP_CWORD=$#; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      _lstm-lab "$LAB" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try Program.run(
      "/bin/bash", ["--norc", "-c", script, "bash"] + words, in: place.path,
      environment: environment.merging(["LAB": Program.path]) { $1 })
    #expect(outcome.errors.isEmpty && outcome.status == 0, "\(words): \(outcome.errors)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  private static let isModern: Bool = {
    let version = try? Workplace().output("/bin/bash", ["-c", "echo ${BASH_VERSINFO[0]}"])
    return version.flatMap { Int($0) } ?? 0 >= 4
  }()

  @Test(.enabled(if: isModern)) func `runs are offered by number and name`() throws {
    let place = try Self.library()
    let files = try place.names()
    let numbers = (1...Self.names.count + 2).reversed().map(String.init)
    let all = ["@last", "@best"] + numbers + ["größer als", "plain-1.0"]
    for command in [
      "show", "resume", "verify", "blame", "weights", "gates", "explain", "export", "predict",
      "evaluate",
    ] {
      #expect(try Self.offers([command, ""], in: place) == all)
    }
    #expect(try Self.offers(["diff", "1", "p"], in: place) == ["plain-1.0"])
    #expect(try Self.offers(["compare", "1", "2", "3", "pl"], in: place) == ["plain-1.0"])
    #expect(
      try Self.offers(["report", "--baseline", "1"], in: place)
        == numbers.filter { $0.first == "1" })
    #expect(try place.names() == files, "completing makes no files, and runs no names")
  }

  /// More runs than are offered at a time: those that begin as typed are, however old.
  @Test(.enabled(if: isModern)) func `of many runs those are offered that begin as typed`() throws {
    let place = try Workplace()
    try place.write(Trial(name: "r0 é", epochs: 1))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      """
      WITH RECURSIVE n(id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM n WHERE id < 1000)
      INSERT INTO run (id, uuid, name, created_at, parameters, seed, config, config_hash,
        config_directory, data_hash, tags, host, version)
      SELECT n.id, printf('%036d', n.id), 'r' || n.id, created_at, parameters, seed, config,
        config_hash, config_directory, data_hash, tags, host, version FROM n, run WHERE run.id = 1
      """)
    let tens = ([10] + (100..<110)).reversed().map(String.init)
    #expect(try Self.offers(["show", "r10"], in: place) == ["r1000"] + tens.map { "r\($0)" })
    #expect(try Self.offers(["diff", "1", "10"], in: place) == ["1000"] + tens)
    #expect(try Self.offers(["show", "r0 "], in: place) == ["r0 é"])
    #expect(try Self.offers(["show", "@b"], in: place) == ["@best"])
    #expect(try Self.offers(["show", ""], in: place).count == 2 + 200 + 200)
  }

  @Test(.enabled(if: isModern))
  func `the database is the one that the line or the environment names`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(name: "here", epochs: 1))
    try place.lab("run", "config.json", "-q", "--db", "a b.db")
    let runs = ["@last", "@best", "1", "here"]
    #expect(try Self.offers(["show", ""], in: place) == [])
    #expect(try Self.offers(["show", "--db", "a b.db", ""], in: place) == runs)
    #expect(try Self.offers(["show", "--db=a b.db", ""], in: place) == runs)
    #expect(
      try Self.offers(["show", ""], in: place, environment: ["LSTM_LAB_DB": "a b.db"]) == runs)
    #expect(try Self.offers(["show", "--db", "config.json", ""], in: place) == [])
    #expect(try Self.offers(["run", "c"], in: place) == ["config.json"])
    #expect(try Self.offers(["runs", "--status", "c"], in: place) == ["completed", "crashed"])
    #expect(
      try Self.offers(["predict", "1", "--split", "t"], in: place) == ["train", "test"])
    #expect(try Self.offers(["evaluate", "1", "config"], in: place) == ["config.json"])
    #expect(try Self.offers(["exp"], in: place) == ["explain", "export"])
    #expect(
      try Self.offers(["compare", "--db", "a b.db", "--group-by", "co"], in: place) == ["config"])
    let sorts = try Self.offers(["report", "--db", "a b.db", "--sort", "l"], in: place)
    #expect(sorts.starts(with: ["loss", "lstm.type"]) && sorts.contains("learning_rate"))
  }

  /// A writer that holds the file, and a damaged file: the shell goes on at once, without a word.
  @Test(.enabled(if: isModern)) func `what cannot be read offers nothing`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let bytes = try place.bytes("lab.db")
    try place.write(
      Array(bytes.prefix(4096)) + Array(repeating: 7, count: bytes.count - 4096), to: "lab.db")
    let start = ContinuousClock.now
    _ = try Self.offers(["show", ""], in: place)
    try place.write(Array(bytes.prefix(100)), to: "lab.db")
    #expect(try Self.offers(["show", ""], in: place) == [])
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  /// As it is typed: bash by itself would take `@last` apart at its sign.
  @Test(.enabled(if: isModern && Workplace.hasScript)) func `a run's sign is completed as typed`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    try place.write(try place.lab("--generate-completion-script", "bash") + "\n", to: "script")
    let outcome = try place.shell(
      #"""
      PATH="$(dirname "$LAB"):$PATH"
      printf 'source ./script\nlstm-lab show @l\t\nexit\n' |
        script -qec 'bash --norc --noprofile -i' /dev/null
      """#, environment: ["TERM": "dumb"])
    #expect(outcome.output.contains("Total params"), "\(outcome.output)")
  }

  @Test(arguments: ["zsh", "fish"]) func `the other shells can read their scripts`(shell: String)
    throws
  {
    let place = try Workplace()
    let script = try place.lab("--generate-completion-script", shell)
    #expect(script.contains("---completion"))
    try place.write(script + "\n", to: "script")
    let check = try place.shell("if command -v \(shell); then \(shell) -n script; fi")
    #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
  }
}
