import Foundation
import Testing

/// Runs over months: tagged, named, deleted, backed up, and brought together from several files.
struct KeepingTests {
  /// Everything that the public views tell of a database, without what names the machine and the moment.
  private func content(_ place: Workplace, _ database: String = "lab.db") throws -> String {
    try place.sqlite(
      """
      SELECT uuid, name, status, epochs, loss, seed, config_hash, settings_hash, tags, notes,
        best_epoch, result_epoch FROM runs ORDER BY uuid;
      SELECT uuid, epoch, e.loss, weights_hash FROM epochs AS e JOIN runs USING (run_id)
        ORDER BY uuid, epoch;
      SELECT uuid, epoch, layer, tensor, sum(value), count(*) FROM weights JOIN runs USING (run_id)
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
      SELECT uuid, split, sum(value), count(*) FROM predictions JOIN runs USING (run_id)
        GROUP BY 1, 2 ORDER BY 1, 2;
      SELECT uuid, path, value FROM settings JOIN runs USING (run_id) ORDER BY 1, 2;
      SELECT a.uuid, b.uuid FROM runs AS a JOIN runs AS b ON a.parent_run_id = b.run_id ORDER BY 1;
      """, database: database)
  }

  private func run(_ place: Workplace, _ database: String, seeds: String) throws {
    try place.lab("run", "config.json", "-q", "--db", database, "--seeds", seeds)
  }

  private func sound(_ place: Workplace, _ database: String = "lab.db") throws -> Bool {
    try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check", database: database) == "ok"
  }

  // MARK: Describing

  @Test func `tags are added and removed of all runs that are named or meet a condition`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try run(place, "lab.db", seeds: "1..3")
    let hashes = try place.sqlite(
      "SELECT config_hash, weights_hash FROM runs JOIN epochs USING (run_id)")
    try place.lab("tag", "1", "3", "--add", "good", "--add", "with, comma")
    try place.lab("tag", "--where", "seed >= 2", "--add", "late", "--remove", "good")
    #expect(
      try place.sqlite("SELECT tags FROM runs ORDER BY run_id") == """
        ["good","with, comma"]
        ["late"]
        ["with, comma","late"]
        """)
    #expect(try place.lab("runs", "--tag", "late", "--csv").split(separator: "\n").count == 3)
    // Named twice, or there already, a tag is stored once.
    let tags = "SELECT tags FROM runs WHERE run_id = 3"
    let own = try place.sqlite(tags)
    try place.lab("tag", "3", "--add", "twice", "--add", "twice", "--add", "late")
    let after = try place.sqlite(tags)
    #expect(after.matches(of: /twice/).count == 1 && after.matches(of: /late/).count == 1)
    try place.lab("tag", "3", "--remove", "twice", "--remove", "twice")
    #expect(try place.sqlite(tags) == own)
    let before = try content(place)
    try place.lab("tag", "2", "--add", "never", "--dry-run")
    try place.lab("tag", "2")
    #expect(try content(place) == before)
    #expect(
      try place.sqlite("SELECT config_hash, weights_hash FROM runs JOIN epochs USING (run_id)")
        == hashes)
  }

  @Test func `a run has another name and other remarks, and verifies as before`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try run(place, "lab.db", seeds: "1")
    try place.lab("rename", "@last", "wide lstm")
    try place.lab("note", "wide lstm", "two gaps\nin May")
    #expect(try place.lab("note", "1") == "two gaps\nin May")
    #expect(try place.sqlite("SELECT name FROM runs") == "wide lstm")
    try place.lab("note", "1", "")
    #expect(try place.lab("note", "1") == "")
    #expect(try place.run("verify", "wide lstm").status == 0)
  }

  static let refusals: [(arguments: [String], status: Int32, told: String)] = [
    (["tag", "--add", "x"], 64, "no run is named"),
    (["tag", "1", "--add", ""], 64, "is no tag"),
    (["tag", "1", "--add", "a", "--remove", "a"], 64, "to be added and removed"),
    (["tag", "9", "--add", "a"], 66, "there is no run 9"),
    (["rename", "1", "7"], 64, "is no name"),
    (["rename", "1", "a@b"], 64, "is no name"),
    (["note", "1", "\u{1B}[2J"], 64, "control characters"),
    (["delete"], 64, "no run is named"),
    (["delete", "1"], 64, "--yes"),
    (["delete", "1@1", "--yes"], 64, "names an epoch"),
    (["delete", "--where", "seed > 100", "--yes"], 66, "there are no such runs"),
    (["backup", "lab.db"], 73, "a backup replaces none"),
    (["backup", "none/b.db"], 73, "cannot be created"),
    (["merge", "lab.db"], 64, "into itself"),
    (["merge", "none.db"], 66, "there is no such database"),
    (["merge", "config.json"], 65, "not an SQLite database"),
  ]

  @Test(arguments: refusals.indices)
  func `what cannot be done is refused, and nothing has changed`(index: Int) throws {
    let (arguments, status, told) = Self.refusals[index]
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try run(place, "lab.db", seeds: "1,2")
    let before = try content(place)
    let outcome = try Program.run(Program.path, arguments, in: place.path, environment: [:])
    #expect(outcome.status == status && outcome.errors.contains(told), "\(arguments): \(outcome)")
    #expect(try content(place) == before)
  }

  // MARK: Deleting

  @Test func `only what was named is deleted, and a fork without its parent goes on`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    try run(place, "lab.db", seeds: "1..3")
    try place.lab("resume", "2", "--from", "2", "-q")
    let size = try place.bytes("lab.db").count
    let dry = try place.run("delete", "2", "--dry-run")
    #expect(dry.errors.contains("1 fork of theirs (run 4) stays"), "\(dry.errors)")
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "4")
    try place.lab("delete", "2", "--where", "seed = 2", "--yes", "--shrink")
    #expect(try place.sqlite("SELECT group_concat(run_id) FROM runs") == "1,3,4")
    #expect(try sound(place))
    #expect(try place.bytes("lab.db").count < size)
    // Nothing of it is left.
    #expect(
      try place.sqlite(
        """
        SELECT (SELECT count(*) FROM vector)
          - (SELECT sum(vectors) FROM recording) - (SELECT coalesce(sum(vectors), 0) FROM split)
        """) == "0")
    for run in ["1", "3", "4"] { #expect(try place.run("verify", run).status == 0, "run \(run)") }
    #expect(try place.run("resume", "4", "--epochs", "6", "-q").status == 0)
  }

  @Test func `a run that is being trained is not deleted, nor those beside it`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try run(place, "lab.db", seeds: "1")
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    let outcome = try place.shell(
      """
      "$LAB" run long.json -q & long=$!
      until sqlite3 lab.db 'SELECT 1 / (count(*) - 1) FROM runs' 2>/dev/null | grep -q 1; do :; done
      "$LAB" delete 1 2 --yes; echo $?
      kill $long; wait $long; :
      """)
    #expect(outcome.output.hasPrefix("75\n"), "\(outcome)")
    #expect(outcome.errors.contains("run 2 is being trained"))
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "2")
  }

  // MARK: Backing up

  @Test func `a backup during a run is whole, and verifies`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1_000_000))
    let outcome = try place.shell(
      """
      "$LAB" run config.json -q & long=$!
      until "$LAB" backup copy.db 2>/dev/null && sqlite3 copy.db 'SELECT 1 / count(*) FROM runs' | grep -q 1
      do rm -f copy.db; done
      "$LAB" backup later.db || exit 9
      kill $long; wait $long; :
      """)
    #expect(outcome.status == 0, "\(outcome)")
    for copy in ["copy.db", "later.db"] {
      #expect(try sound(place, copy))
      #expect(try place.run("verify", "1", "--stored-only", "--db", copy).status == 0)
    }
    #expect(
      try place.names().filter { $0.hasPrefix("copy.db-new") || $0.hasPrefix("later.db-new") } == []
    )
  }

  // MARK: Merging

  @Test func `merged shards are what one database would have been, once or ten times`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try run(place, "a.db", seeds: "1..2")
    try run(place, "b.db", seeds: "3")
    try place.lab("resume", "1", "--from", "1", "-q", "--db", "b.db")
    try run(place, "c.db", seeds: "4..5")
    try place.lab("tag", "1", "--add", "group-c", "--db", "c.db")
    try place.lab("merge", "a.db", "b.db", "c.db")
    let first = try content(place)
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "6")
    for run in 1...6 { #expect(try place.run("verify", "\(run)").status == 0) }
    #expect(try sound(place))
    let again = try place.run("merge", "c.db", "a.db", "b.db", "a.db")
    #expect(again.errors.contains("0 runs added, 0 extended, 8 unchanged"), "\(again.errors)")
    #expect(try content(place) == first)
    // In another order, and from a merged one.
    try place.lab("merge", "c.db", "b.db", "--db", "other.db")
    try place.lab("merge", "other.db", "a.db", "--db", "whole.db")
    #expect(try content(place, "whole.db") == first)
    let dry = try place.run("merge", "a.db", "--dry-run", "--db", "empty.db")
    #expect(dry.errors.contains("Would merge 1 database: 2 runs added"), "\(dry.errors)")
    #expect(try !place.names().contains("empty.db"))
  }

  @Test func `nothing is numbered on from the last number that there is`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try run(place, "a.db", seeds: "1")
    try run(place, "lab.db", seeds: "2")
    _ = try place.sqlite("INSERT INTO vector VALUES (\(Int64.max), zeroblob(4))")
    let merged = try place.run("merge", "a.db")
    #expect(merged.status == 65 && merged.errors.contains("`vector.id`"), "\(merged)")
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "1")
  }

  @Test func `a shard that has grown extends its run, to the hashes of the whole`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try run(place, "a.db", seeds: "1")
    try place.lab("merge", "a.db")
    try place.lab("resume", "1", "--epochs", "5", "-q", "--db", "a.db")
    let grown = try place.run("merge", "a.db")
    #expect(grown.errors.contains("0 runs added, 1 extended"), "\(grown.errors)")
    #expect(try content(place) == content(place, "a.db"))
    #expect(try place.run("verify", "1").status == 0)
    // The shorter one takes nothing away.
    try place.shell("cp a.db short.db && sqlite3 short.db 'DELETE FROM epoch WHERE epoch > 3'")
      .expectSuccess()
    let shorter = try place.run("merge", "short.db")
    #expect(shorter.errors.contains("1 unchanged"), "\(shorter.errors)")
    #expect(try content(place) == content(place, "a.db"))
  }

  @Test func `a run that went another way is named with its first epoch, and the rest is merged`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    try run(place, "a.db", seeds: "1,2")
    try place.shell("cp a.db b.db").expectSuccess()
    try place.lab("merge", "a.db")
    let before = try content(place)
    try place.shell(
      """
      sqlite3 b.db "UPDATE epoch SET hash = randomblob(32) WHERE run_id = 2 AND epoch >= 3"
      "$LAB" run config.json -q --db b.db
      """
    ).expectSuccess()
    let outcome = try place.run("merge", "b.db")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("run 2 (") && outcome.errors.contains("from epoch 3 on"))
    #expect(outcome.errors.contains("1 run added, 0 extended, 1 unchanged, 1 left out"))
    #expect(try content(place).contains(before.split(separator: "\n")[0]))
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "3")
  }

  @Test func `a shard that is being written to gives what is stored of it, and its end later`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 1_000_000))
    let outcome = try place.shell(
      """
      "$LAB" run config.json -q --db a.db >/dev/null & long=$!
      until "$LAB" merge a.db 2>&1 | grep -q '1 run added'; do :; done
      sqlite3 lab.db 'SELECT status FROM runs'
      kill $long; wait $long
      "$LAB" merge a.db 2>&1 | grep -c '1 extended'
      """)
    #expect(outcome.output == "crashed\n1\n", "\(outcome)")
    #expect(try content(place) == content(place, "a.db"))
  }

  @Test func `an older shard and one that may not be written are taken in`() throws {
    let place = try Workplace()
    let old = Fixture.path("V0001/lab.db")
    try place.shell(
      "mkdir shut && cp '\(old)' shut/old.db && cp '\(old)' open.db && chmod a-w shut shut/old.db"
    )
    .expectSuccess()
    try place.lab("merge", "shut/old.db")
    #expect(try sound(place))
    let first = try content(place)
    let again = try place.run("merge", "open.db")
    #expect(again.errors.contains("0 runs added"), "\(again.errors)")
    #expect(try content(place) == first)
    try place.shell("chmod u+w shut").expectSuccess()
  }

  @Test func `a damaged shard keeps no other out`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    for (name, seeds) in [("a.db", "1"), ("b.db", "2"), ("c.db", "3")] {
      try run(place, name, seeds: seeds)
    }
    try place.shell(
      """
      sqlite3 a.db "UPDATE recording SET first_vector = first_vector + 100000 WHERE epoch = 2"
      sqlite3 b.db "DROP VIEW weights"
      """
    ).expectSuccess()
    let outcome = try place.run("merge", "a.db", "b.db", "none.db", "c.db")
    #expect(outcome.status == 65, "\(outcome)")
    #expect(outcome.errors.contains("recording.first_vector"))
    #expect(outcome.errors.contains("view `weights` is missing"))
    #expect(try place.sqlite("SELECT group_concat(seed) FROM runs") == "3")
    #expect(try sound(place))
  }

  // MARK: Looking after all

  @Test func `doctor finds a flipped bit, a missing vector, a dangling row, and what was left`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try run(place, "lab.db", seeds: "1..3")
    let sound = try place.run("doctor")
    #expect(
      sound.status == 0 && sound.output.contains("12, each compared with its hash"), "\(sound)")
    let damages = [
      "UPDATE vector SET data = zeroblob(length(data)) WHERE id = (SELECT first_vector FROM recording WHERE run_id = 2 AND epoch = 2 AND part = 'weights')",
      "DELETE FROM vector WHERE id = (SELECT first_vector FROM recording WHERE run_id = 2 AND epoch = 3 AND part = 'optimizer')",
      "UPDATE run SET config = replace(config, '\"seed\":3', '\"seed\":4') WHERE id = 3",
      "PRAGMA foreign_keys = OFF; INSERT INTO metric VALUES (99, 1, 'train', 'x', 1)",
    ]
    for (number, damage) in damages.enumerated() {
      try place.shell(
        "cp lab.db \(number).db && sqlite3 \(number).db \"$SQL\"", environment: ["SQL": damage]
      )
      .expectSuccess()
      let found = try place.run("doctor", "--db", "\(number).db")
      #expect(found.status == 1, "\(damage): \(found)")
      #expect(found.output.contains(["2", "2", "3", "metric"][number]))
    }
    try place.write("half", to: "lab.db-new-999999999-0000000000001")
    #expect(try place.run("doctor").output.contains("lstm-lab doctor --fix"))
    #expect(try place.run("doctor", "--fix").status == 0)
    #expect(try !place.names().contains { $0.hasPrefix("lab.db-new") })
  }
}

extension Program.Outcome {
  /// A step of a test that must work.
  fileprivate func expectSuccess() { #expect(status == 0, "\(errors)") }
}
