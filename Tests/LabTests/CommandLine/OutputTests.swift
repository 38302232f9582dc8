import Foundation
import Testing

/// What the commands print, in every form; the texts are in `Golden/output-*.txt`.
@Suite struct OutputTests {
  private static let trial = Trial(
    name: "first, \\\"quoted\\\"", epochs: 12,
    record: #""predictions":{"every":6}"#, more: #","tags":["a","b c"],"notes":"two\nlines |""#)

  /// A database with three runs in which every time, name and place is fixed.
  private func library() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.trial)
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--from", "6", "--epochs", "7", "-q")
    try place.write(Trial(name: "=second", seed: 2, epochs: 3), to: "second.json")
    try place.lab("run", "second.json", "-q")
    _ = try place.sqlite(
      """
      UPDATE epoch SET recorded_at = '2001-02-03T04:05:06.007Z', seconds = 0.125 * epoch;
      UPDATE progress SET seconds = 10.5 * run_id;
      UPDATE run SET uuid = printf('00000000-0000-4000-8000-%012d', id), host = 'HOST',
        version = 'VERSION', created_at = printf('2001-02-03T04:05:%02d.000Z', id),
        finished_at = printf('2001-02-03T04:06:%02d.000Z', id);
      """)
    return place
  }

  @Test func `listings in four forms`() throws {
    var transcript = Transcript(try library())
    for form in [[], ["--md"], ["--csv"], ["--json"]] {
      try transcript.run(["runs"] + form)
    }
    try transcript.run(["runs", "--tag", "b c", "--sort", "loss", "--descending", "--limit", "1"])
    try transcript.run(["runs", "--name", "*second", "--csv"])
    try transcript.run(["runs", "--status", "crashed"])
    try transcript.run(["runs", "--status", "crashed", "--json"])
    try expectGolden(transcript.text, "output-runs.txt")
  }

  @Test func `one run in four forms`() throws {
    var transcript = Transcript(try library())
    try transcript.run(["show", "1"])
    for form in [["--all"], ["--md"], ["--csv"], ["--json"]] {
      try transcript.run(["show", "00000000-0000-4000-8000-000000000002"] + form)
    }
    try transcript.run(["show", "@last"])
    try expectGolden(transcript.text, "output-show.txt")
  }

  @Test func `what a check tells`() throws {
    let place = try Workplace()
    try place.write(Self.trial)
    var transcript = Transcript(place)
    for form in [[], ["--md"], ["--csv"], ["--json"]] {
      try transcript.run(["check", "config.json"] + form)
    }
    try transcript.run(["check", SeedExperimentTests.config])
    #expect(try place.names() == ["config.json"], "a check stores nothing")
    let text = transcript.text.replacing(SeedExperimentTests.root, with: "/repository")
      .replacing(/(?m)^run time( +)about [0-9.]+(µs|ms|s)$/) { "run time\($0.output.1)about TIME" }
      .replacing(/\| [0-9.]+(µs|ms|s) \|/, with: "| TIME |")
      .replacing(/"run_seconds":[0-9.e-]+/, with: #""run_seconds":TIME"#)
      .replacing(/(?m),[0-9.e-]+,$/, with: ",TIME,")
    try expectGolden(text, "output-check.txt")
  }

  @Test func `what training tells in a pipe`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    var transcript = Transcript(place)
    try transcript.run(["init"])
    try transcript.run(["run", "config.json", "--threads", "1"])
    try transcript.run(["resume", "1"])
    try transcript.run(["resume", "1", "--epochs", "6", "--threads", "1"])
    try transcript.run(["resume", "1", "--from", "5", "--quiet"])
    try transcript.run(["export", "1@3", "weights.safetensors"])
    let text = transcript.text
      .replacing(/(?m) - [0-9.]+(µs|ms|s)$/, with: " - TIME")
      .replacing(/Completed in [0-9.:]+(µs|ms|s)?:/, with: "Completed in TIME:")
      .replacing(/Forecast: about [0-9.]+(µs|ms|s),/, with: "Forecast: about TIME,")
    #expect(!text.contains("\u{1B}") && !text.contains("\r"))
    try expectGolden(text, "output-training.txt")
  }

  @Test func `answers to queries in four forms`() throws {
    var transcript = Transcript(try library())
    let values = """
      SELECT 1 AS whole, 0.1 AS tenth, 1e999 AS infinite, NULL AS absent, x'00ff' AS bytes,
        'a,"b"' AS quoted, 'two' || char(10) || 'lines' AS lines, 'ü|€' AS wide, '' AS empty
      """
    for form in [[], ["--md"], ["--csv"], ["--json"]] {
      try transcript.run(["query", values] + form)
    }
    try transcript.run(["query", "SELECT * FROM tensors WHERE run_id = 1"])
    try transcript.run(["query", "SELECT * FROM predictions WHERE epoch = 12 AND sample < 2"])
    try transcript.run(["query", "SELECT count(*) FROM gate_stats", "--csv"])
    try transcript.run(["query", "SELECT 1 WHERE 0"])
    try transcript.run(["query", "PRAGMA user_version", "--csv"])
    try expectGolden(transcript.text, "output-query.txt")
  }

  @Test func `JSON is JSON, with the view's own columns`() throws {
    let place = try library()
    for view in ["runs", "epochs", "metrics", "tensors", "weights", "gate_stats", "predictions"] {
      let rows = try objects(place.lab("query", "SELECT * FROM \(view)", "--json"))
      #expect(try rows.count == Int(place.sqlite("SELECT count(*) FROM \(view)")), "\(view)")
      let columns = try place.sqlite("SELECT name FROM pragma_table_info('\(view)')")
      #expect(rows.first?.keys.sorted() == columns.split(separator: "\n").map(String.init).sorted())
    }
    #expect(
      try objects(place.lab("runs", "--json")).map { $0["name"] as? String }
        == ["=second", "first, \"quoted\"", "first, \"quoted\""])
    #expect(try objects(place.lab("check", "config.json", "--json")).count == 1)
    let shown = try JSONSerialization.jsonObject(
      with: Data(place.lab("show", "1", "--json").utf8))
    let parts = try #require(shown as? [String: Any])
    #expect(parts.keys.sorted() == ["classes", "epochs", "features", "run", "tensors"])
    #expect((parts["epochs"] as? [Any])?.count == 13)
  }

  /// An answer without end is written piece by piece, until nobody reads on.
  @Test(arguments: ["--csv", "--json"])
  func `an answer of any length needs the memory of a few rows`(form: String) throws {
    let place = try library()
    let sql = """
      WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)
      SELECT i, i AS j, i AS k, i AS l FROM n
      """
    // 45 MB, of which a release needs most for itself, hold fewer rows than these.
    let outcome = try place.shell(
      "ulimit -d 45000; \"$LAB\" query \"$SQL\" \(form) | tail -n +600000 | head -n 2",
      environment: ["SQL": sql])
    #expect(outcome.errors.isEmpty)
    let rows = outcome.output.split(separator: "\n")
    #expect(rows.count == 2 && rows.allSatisfy { $0.contains("600000") || $0.contains("599999") })
  }

  private func objects(_ json: String) throws -> [[String: Any]] {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
    return try #require(value as? [[String: Any]])
  }

  /// A double printed in CSV and JSON is read back as the same double.
  @Test func `numbers are printed exactly`() throws {
    let place = try library()
    let values = try place.sqlite("SELECT printf('%!.17g', value) FROM weights WHERE epoch = 3")
      .split(separator: "\n").map { Double($0)?.bitPattern }
    let csv = try place.lab("query", "SELECT value FROM weights WHERE epoch = 3", "--csv")
      .split(separator: "\n").dropFirst().map { Double($0)?.bitPattern }
    #expect(values == csv)
    // Foundation's own parser reads numbers of 17 digits as decimals, and so not exactly.
    let json = try place.lab("query", "SELECT value FROM weights WHERE epoch = 3", "--json")
      .matches(of: /{"value":([^}]+)}/).map { Double($0.output.1)?.bitPattern }
    #expect(values == json)
    #expect(values.count > 300)
  }

  @Test func `init writes the seed experiment, once`() throws {
    let place = try Workplace()
    let first = try place.run("init")
    #expect(first.status == 0)
    #expect(
      first.errors == "Wrote config.json. Next: lstm-lab check config.json, "
        + "then lstm-lab run config.json\n")
    #expect(
      try place.bytes("config.json")
        == [UInt8](Data(contentsOf: URL(filePath: SeedExperimentTests.config))))
    #expect(try place.run("init").status == 73)
    #expect(try place.lab("check", "config.json").contains("\nrun bytes        163.34 KB\n"))
    #expect(try place.lab("run", "config.json", "-q") == "1")
  }

  /// `docs/cli.md` is made from these texts by a script; here they are compared with the binary.
  @Test func `the documentation shows each command's help`() throws {
    let place = try Workplace()
    let page = try String(
      contentsOfFile: SeedExperimentTests.root + "/docs/cli.md", encoding: .utf8)
    let overview = try place.lab("--help")
    let list = try #require(overview.split(separator: "SUBCOMMANDS:\n").last)
    let commands = list.matches(of: #/(?m)^  ([a-z]+) /#).map { String($0.output.1) }
    #expect(commands.starts(with: ["init", "check", "run", "sweep", "resume", "runs"]))
    for command in [[]] + commands.map({ [$0] }) {
      let help = try place.output(Program.path, command + ["--help"])
      #expect(page.contains("```\n" + help.trimmingCharacters(in: .newlines) + "\n```"))
      #expect(!help.contains("\u{1B}"))
    }
  }

  @Test func `the version is one line`() throws {
    let place = try Workplace()
    let version = try place.lab("--version")
    #expect(version.wholeMatch(of: /\d+\.\d+\.\d+(-[a-z0-9.]+)?/) != nil, "\(version)")
  }
}
