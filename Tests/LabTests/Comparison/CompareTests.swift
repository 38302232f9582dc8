import Foundation
import Testing

/// `compare` on runs of a few settings and seeds, against the views and SQLite's own conditions.
@Suite struct CompareTests {
  /// Three settings, each with seeds 1 to 3, in which every time is fixed; run 10 repeats run 1.
  private static func library() throws -> Workplace {
    let place = try Workplace()
    for (units, rate) in [(5, "0.01"), (7, "0.01"), (5, "0.2")] {
      for seed in 1...3 {
        try place.write(trial(units: units, rate: rate, seed: seed))
        try place.lab("run", "config.json", "-q")
      }
    }
    try place.write(trial(units: 5, rate: "0.01", seed: 1))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      """
      UPDATE epoch SET recorded_at = '2001-02-03T04:05:06.007Z', seconds = 0.125;
      UPDATE progress SET seconds = 0.5;
      UPDATE run SET uuid = printf('00000000-0000-4000-8000-%012d', id), host = 'HOST',
        version = 'VERSION', created_at = printf('2001-02-03T04:05:%02d.000Z', id),
        finished_at = printf('2001-02-03T04:06:%02d.000Z', id);
      UPDATE run SET name = name || char(27) || '[31m' WHERE id = 6;
      """)
    return place
  }

  private static func trial(units: Int, rate: String, seed: Int) -> Trial {
    Trial(
      name: seed == 3 ? "it's <b>" : "plain", seed: seed, epochs: 4,
      layers: """
        [{"type":"lstm","units":\(units)},{"type":"dense","units":2,"activation":"sigmoid"}]
        """,
      optimizer: #"{"type":"adam","learning_rate":\#(rate)}"#,
      more: #","tags":["t\#(seed)"\#(units == 7 ? #","wide""# : "")]"#)
  }

  @Test func `what is told`() throws {
    var transcript = Transcript(try Self.library())
    try transcript.run(["compare"])
    try transcript.run(["compare", "4", "1"])
    try transcript.run(["compare", "1", "4", "--metric", "mean_absolute_error", "--baseline", "7"])
    try transcript.run(["compare", "--tag", "wide", "--md"])
    try transcript.run(["compare", "--last", "1", "--csv"])
    try transcript.run(["compare", "--sort", "loss", "--descending", "--limit", "1", "--json"])
    try transcript.run(["compare", "--group-by", "config"])
    try transcript.run(["compare", "--group-by", "units", "--baseline", "5", "--csv"])
    try transcript.run(["compare", "1", "10", "--bits"])
    try transcript.run(["compare", "1", "7", "--bits"])
    try transcript.run(["compare", "1", "2", "--bits", "--json"])
    let text = transcript.text.replacing(/[0-9a-f]{64}/, with: "HASH")
    #expect(!text.contains("\u{1B}"))
    try expectGolden(text, "output-compare.txt")
  }

  /// `training.loss` is short for no column: `loss` is the one that is measured.
  @Test func `runs of different losses can be compared and folded`() throws {
    let place = try Workplace()
    for loss in ["binary_crossentropy", "mean_squared_error"] {
      try place.write(Trial(epochs: 1, loss: loss))
      try place.lab("run", "config.json", "-q")
    }
    let texts = [
      try place.lab("compare"), try place.lab("compare", "--group-by", "config"),
      try place.lab("compare", "--group-by", "training.loss"),
    ]
    for text in texts {
      #expect(text.contains("  training.loss  ") && text.contains("  loss  "), "\(text)")
    }
    #expect(try place.lab("compare", "--group-by", "loss", "--csv").contains(",loss_mean,"))
  }

  @Test func `what is refused`() throws {
    let place = try Self.library()
    var transcript = Transcript(place)
    for condition in [
      "unit > 4", "units >", "units 4", "(units > 4", "units > 4)", "units > 4 and", "'a' = 1", "",
      "units is 4", "units in 4", "name = 'it", "units > 4; DROP TABLE run", "loss < 0.5 or or",
      String(repeating: "(", count: 100), "not", "units not > 4",
    ] {
      try transcript.run(["compare", "--where", condition])
    }
    try transcript.run(["compare", "--sort", "los"])
    try transcript.run(["compare", "--group-by", "unit"])
    try transcript.run(["compare", "--metric", "val_los"])
    try transcript.run(["compare", "--baseline", "11"])
    try transcript.run(["compare", "--limit", "-1"])
    try transcript.run(["compare", "1@3"])
    try transcript.run(["compare", "1", "--bits"])
    try transcript.run(["compare", "1", "2", "--bits", "--where", "units > 4"])
    try transcript.run(["compare", "1", "2", "--bits", "--group-by", "units", "--json"])
    try transcript.run(["compare", "--where", "units = 99"])
    #expect(!transcript.text.contains("[70]"))
    let escape = try place.run("compare", "--where", "\u{1B}[31m = 1")
    #expect(escape.status == 64 && !escape.errors.contains("\u{1B}"))
    let text = transcript.text.replacing(/settings: .*/, with: "settings: …")
    try expectGolden(text, "refused-comparisons.txt")
  }

  @Test func `settings are told where they differ, or all with --all`() throws {
    let place = try Self.library()
    let brief = try place.lab("compare", "1", "4", "7")
    let head = try #require(brief.split(separator: "\n").first)
    #expect(head.contains(" lstm.units ") && head.contains(" learning_rate "))
    #expect(!head.contains("seed") && !brief.contains("batch_size"))
    let whole = try place.lab("compare", "1", "4", "7", "--all")
    #expect(whole.contains(#/\ntraining\.batch_size +3\n/#) && whole.contains(#/\nseed +1\n/#))
    #expect(!whole.contains("\nlstm.units"))
  }

  @Test func `which settings differ does not depend on the order of the runs`() throws {
    let place = try Self.library()
    for runs in [["1", "4", "7"], ["1", "2", "9"], ["3", "5", "6"]] {
      let heads = try (0..<3).map { first in
        let order = (0..<3).map { runs[(first + $0) % 3] }
        let csv = try place.output(Program.path, ["compare", "--csv"] + order)
        return csv.prefix { $0 != "\n" }
      }
      #expect(heads[0] == heads[1] && heads[0] == heads[2], "\(runs)")
    }
  }

  /// Conditions that mean the same here and in SQL, with what a setting is there.
  static let conditions = [
    ("run_id > 3 and loss < 0.6", "run_id > 3 AND loss < 0.6"),
    ("not (run_id > 3 or seed = 2)", "NOT (run_id > 3 OR seed = 2)"),
    ("seed in (1, 3) and run_id != 1", "seed IN (1, 3) AND run_id <> 1"),
    ("seed not in (1,3)", "seed NOT IN (1, 3)"),
    ("parent_run_id = 1 or seed=2", "parent_run_id = 1 OR seed = 2"),
    ("not parent_run_id = 1", "NOT parent_run_id = 1"),
    ("parent_run_id is null and seed >= 2", "parent_run_id IS NULL AND seed >= 2"),
    ("parent_run_id IS NOT NULL", "parent_run_id IS NOT NULL"),
    (
      "name = plain or name <> 'plain' and seed = 3", "name = 'plain' OR name <> 'plain' AND seed=3"
    ),
    ("name = 'it''s <b>' or name ~ 'it''s*'", "name GLOB 'it''s*'"),
    ("name ~ \"p?a*n\"", "name GLOB 'p?a*n'"),
    ("units > 5", "json_extract(config, '$.model.layers[0].units') > 5"),
    ("dense.units = 2 and lstm.units<=5", "json_extract(config, '$.model.layers[0].units') <= 5"),
    ("learning_rate = 0.2", "json_extract(config, '$.training.optimizer.learning_rate') = 0.2"),
    ("training.optimizer.type == 'adam'", "1"),
    ("tag = wide", "EXISTS (SELECT 1 FROM json_each(tags) WHERE value = 'wide')"),
    ("tag != wide", "NOT EXISTS (SELECT 1 FROM json_each(tags) WHERE value = 'wide')"),
    ("status = completed and val_loss > 0", "val_loss > 0"),
    ("best_epoch > 2 and not best_epoch > 3", "best_epoch = 3"),
  ]

  @Test func `a condition chooses what SQLite chooses`() throws {
    let place = try Self.library()
    _ = try place.sqlite("UPDATE run SET parent_run_id = id % 3 + 1, parent_epoch = 0 WHERE id > 6")
    for (condition, sql) in Self.conditions {
      let expected = try place.sqlite("SELECT run_id FROM runs WHERE \(sql) ORDER BY run_id")
      let outcome = try place.run("compare", "--csv", "--where", condition)
      let found = outcome.output.split(separator: "\n").dropFirst().map {
        $0.prefix { $0 != "," }
      }
      #expect(outcome.status == (expected.isEmpty ? 66 : 0), "\(condition): \(outcome.errors)")
      #expect(found.joined(separator: "\n") == expected, "\(condition)")
    }
  }

  @Test func `sorting and limiting agree with SQLite`() throws {
    let place = try Self.library()
    for (name, sql) in [
      ("loss", "loss"), ("units", "json_extract(config,'$.model.layers[0].units')"),
    ] {
      for (flags, order) in [([], "ASC"), (["--descending"], "DESC")] {
        let expected = try place.sqlite(
          "SELECT run_id FROM runs ORDER BY \(sql) \(order), run_id LIMIT 4")
        let csv = try place.output(
          Program.path, ["compare", "--sort", name, "--limit", "4", "--csv"] + flags)
        let found = csv.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
        #expect(found.joined(separator: "\n") == expected)
      }
    }
  }

  @Test func `the bits of two runs part where their hashes do`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 6, record: #""weights":{"every":2},"optimizer":{"every":2}"#))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--from", "2", "-q")
    try place.lab(
      "resume", "1", "--from", "2", "--set", "training.optimizer.learning_rate=0.5", "-q")
    let same = try place.run("compare", "1", "2", "--bits")
    #expect(same.status == 0 && same.output.contains("bit-identical in all 5 epochs"))
    let other = try place.run("compare", "1", "3", "--bits")
    #expect(other.status == 1)
    #expect(other.output.contains("part in epoch 3. The first stored weights that differ are"))
    #expect(other.output.contains("lstm/kernel in epoch 4"))
    #expect(try place.run("diff", "1@2", "3@2").status == 0)
    #expect(try place.run("diff", "1@4", "3@4").status == 1)
  }
}
