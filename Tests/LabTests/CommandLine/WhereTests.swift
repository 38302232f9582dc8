import Foundation
import Testing

/// `--where` chooses runs for `runs`, `show`, `export` and `merge` as it does for `compare`.
@Suite struct WhereTests {
  /// Six runs: seeds 1 to 3 with 3 units, then with 5; the second has a tag.
  private static func library() throws -> Workplace {
    let place = try Workplace()
    for units in [3, 5] {
      try place.write(
        Trial(
          epochs: 2,
          layers:
            #"[{"type":"lstm","units":\#(units)},{"type":"dense","units":2,"activation":"sigmoid"}]"#
        ))
      try place.lab("run", "config.json", "-q", "--seeds", "1..3", "-j", "1")
    }
    try place.lab("tag", "2", "--add", "good")
    return place
  }

  /// Conditions and the runs that meet them.
  private static let conditions: [(text: String, runs: [Int])] = [
    ("tag = good", [2]), ("units = 5", [4, 5, 6]), ("seed in (1, 3) and units < 5", [1, 3]),
    ("loss > 0", [1, 2, 3, 4, 5, 6]), ("not status = completed or run_id = 4", [4]),
    ("units > 99", []),
  ]

  private static func ids(_ table: String, column: Int = 0) -> [Int] {
    table.split(separator: "\n").dropFirst().compactMap {
      Int($0.split(separator: ",", omittingEmptySubsequences: false)[column])
    }
  }

  @Test func `every command takes the runs that compare takes`() throws {
    let place = try Self.library()
    for (text, runs) in Self.conditions {
      let listed = try place.run("runs", "--where", text, "--csv")
      #expect(listed.status == 0 && Self.ids(listed.output) == runs.reversed(), "\(text)")
      let others = [
        ["compare"], ["show"],
        ["export", "--tensorboard", "events-\(runs.count)-\(runs.first ?? 0)"],
      ]
      for command in others {
        let outcome = try Program.run(
          Program.path, command + ["--where", text], in: place.path)
        #expect(outcome.status == (runs.isEmpty ? 66 : 0), "\(command): \(outcome.errors)")
      }
      if runs.isEmpty {
        #expect(listed.errors == "No run matches.\n")
        continue
      }
      #expect(try Self.ids(place.lab("compare", "--where", text, "--csv")) == runs)
      let shown = try place.lab("show", "--where", text, "--csv")
      #expect(Self.ids(shown) == runs.flatMap { [$0, $0, $0] })
      let json = try JSONSerialization.jsonObject(
        with: Data(place.lab("show", "--where", text, "--json").utf8))
      let objects = try #require(json as? [[String: Any]])
      #expect(objects.compactMap { ($0["run"] as? [String: Any])?["run_id"] as? Int } == runs)
      let folders = try place.shell("ls events-\(runs.count)-\(runs[0])").output
      #expect(
        folders.split(separator: "\n").compactMap { Int($0.prefix { $0 != "-" }) } == runs)
    }
  }

  @Test func `a run that is named must meet it, too`() throws {
    let place = try Self.library()
    #expect(try place.lab("show", "4", "--where", "units = 5").hasPrefix("run "))
    for command in ["show 1 --where 'units = 5'", "export 1@1 w.npz --where 'units = 5'"] {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect(outcome.status == 66 && outcome.errors.contains("there are no such runs"))
    }
    let whole = try place.lab("show", "4")
    #expect(try place.lab("show", "--where", "run_id = 4") == whole)
    #expect(
      try place.lab("show", "--where", "run_id in (4, 4)", "--all")
        == place.lab("show", "4", "--all"))
  }

  @Test func `other filters, order and limit hold beside it`() throws {
    let place = try Self.library()
    let rows = { (more: String) in
      let outcome = try place.shell("exec \"$LAB\" runs --csv \(more)")
      #expect(outcome.status == 0, "\(outcome.errors)")
      return Self.ids(outcome.output)
    }
    #expect(try rows("--where 'units = 5' --limit 2") == [6, 5])
    #expect(try rows("--where 'units = 5' --sort run_id --limit 2") == [4, 5])
    #expect(try rows("--where 'units = 3' --tag good") == [2])
    #expect(try rows("--where 'seed = 2' --status completed --limit 1") == [5])
    let bad = try place.run("runs", "--where", "unit = 5")
    #expect(bad.status == 64 && bad.errors.contains("did you mean `units`?"), "\(bad.errors)")
  }

  @Test func `a file takes the one run that meets it`() throws {
    let place = try Self.library()
    try place.lab("export", "one.npz", "--where", "tag = good")
    try place.lab("export", "2", "two.npz")
    #expect(try place.bytes("one.npz") == place.bytes("two.npz"))
    try place.lab("export", "2@1", "three.npz", "--where", "seed = 2")
    try place.lab("export", "2@1", "four.npz")
    #expect(try place.bytes("three.npz") == place.bytes("four.npz"))
    let many = try place.run("export", "many.npz", "--where", "units = 5")
    #expect(many.status == 64)
    #expect(
      many.errors.hasPrefix("error: 3 runs meet the condition, and a file takes one: 4, 5, 6"))
    #expect(try !place.names().contains("many.npz"))
  }

  @Test(arguments: [
    ("show", "name a run, or a condition"), ("export w.npz", "name either a file or"),
    ("show --where 'seed = 1' --follow", "--follow takes a run"),
    ("export 1 2 w.npz --where 'seed = 1'", "a file takes one run's epoch"),
    ("export --where 'seed = 1'", "name either a file or --tensorboard DIR"),
  ])
  func `what does not fit together is refused`(command: String, told: String) throws {
    let place = try Workplace()
    let outcome = try place.shell("exec \"$LAB\" \(command)")
    #expect(outcome.status == 64 && outcome.errors.contains(told), "\(outcome.errors)")
  }

  @Test func `merge takes in the runs that meet it in their own database`() throws {
    let place = try Self.library()
    try place.lab("resume", "2", "--from", "1", "--epochs", "3", "-q")
    try place.lab("merge", "lab.db", "--where", "tag = good or epochs = 3", "--db", "some.db")
    let kept = "SELECT uuid, tags, weights_hash FROM runs JOIN epochs USING (run_id)"
    #expect(
      try place.sqlite("\(kept)", database: "some.db")
        == place.sqlite("\(kept) WHERE run_id IN (2, 7)"))
    let again = try place.run("merge", "lab.db", "--where", "seed = 2", "--db", "some.db")
    #expect(again.errors == "Merged 1 database: 1 run added, 0 extended, 2 unchanged.\n")
    let dry = try place.run(
      "merge", "lab.db", "--where", "units = 5", "--db", "some.db", "--dry-run")
    #expect(dry.errors == "Would merge 1 database: 2 runs added, 0 extended, 1 unchanged.\n")
    #expect(try place.sqlite("SELECT count(*) FROM runs", database: "some.db") == "3")
    let none = try place.run("merge", "lab.db", "--where", "seed = 99", "--db", "some.db")
    #expect(none.errors == "Merged 1 database: 0 runs added, 0 extended, 0 unchanged.\n")
    let bad = try place.run("merge", "lab.db", "--where", "sed = 2", "--db", "some.db")
    #expect(bad.status == 64 && bad.errors.contains("did you mean `seed`?"), "\(bad.errors)")
    #expect(
      try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check", database: "some.db")
        == "ok")
  }
}
