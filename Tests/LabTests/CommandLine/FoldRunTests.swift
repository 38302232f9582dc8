import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `run --folds` and `run --rolling`: a run a fold, each like any other, and what they come to together.
@Suite struct FoldRunTests {
  private static let kinds = DataKind.all.filter { $0.id.hasPrefix("a fold") }

  private static func place(_ kind: DataKind, epochs: Int) throws -> Workplace {
    let place = try Workplace()
    try kind.write(to: place, epochs: epochs, layers: #"{"type":"lstm","units":3}"#)
    return place
  }

  /// The option that cuts samples of a kind.
  private static func option(_ kind: DataKind) -> String {
    kind.validation.contains("rolling") ? "--rolling" : "--folds"
  }

  @Test(arguments: kinds)
  func `each is the run that its own configuration gives`(kind: DataKind) throws {
    let place = try Self.place(kind, epochs: 4)
    #expect(
      try place.lab("run", "config.json", Self.option(kind), "3", "-j", "2", "-q") == "1\n2\n3")
    for (fold, run) in ["1", "2", "3"].enumerated() {
      try place.write(
        try place.sqlite("SELECT config FROM runs WHERE run_id = \(run)"), to: "one.json")
      try place.lab("run", "one.json", "-q", "--db", "single.db")
      #expect(try place.bits(of: run) == place.bits(of: run, database: "single.db"))
      #expect(try place.sqlite("SELECT fold FROM runs WHERE run_id = \(run)") == "\(fold)")
      let verified = try place.run("verify", run)
      #expect(verified.status == 0, "\(verified.errors)")
      // It goes on with its own fold.
      try place.lab("resume", run, "--epochs", "6", "-q")
      try place.write(
        try place.text("one.json").replacing(#""epochs":4"#, with: #""epochs":6"#), to: "one.json")
      let whole = try place.lab("run", "one.json", "-q", "--db", "whole.db")
      #expect(try place.hashes(of: run) == place.hashes(of: whole, database: "whole.db"))
      let shown = try place.lab("show", run)
      #expect(shown.contains(try Regex("\\nfold +\(fold) of 0\\.\\.2, ")), "\(shown)")
    }
    #expect(
      try place.sqlite(
        "SELECT count(DISTINCT settings_hash), count(DISTINCT data_hash), count(DISTINCT config_hash) "
          + "FROM runs") == "1|1|3")
  }

  @Test func `folds with seeds are one group`() throws {
    let place = try Self.place(Self.kinds[0], epochs: 2)
    let outcome = try place.run("run", "config.json", "--folds", "3", "--seeds", "5..6", "-j", "2")
    #expect(outcome.output == "1\n2\n3\n4\n5\n6\n")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines[0].contains(", 6 runs (folds 0..2, seeds 5..6), "), "\(lines[0])")
    #expect(
      lines.contains(
        "Mean ± standard deviation of 6 completed runs (3 folds × 2 seeds), each at its result:"),
      "\(outcome.errors)")
    #expect(
      try place.sqlite("SELECT fold, seed FROM runs") == "0|5\n0|6\n1|5\n1|6\n2|5\n2|6")
    let losses = try place.sqlite("SELECT val_loss FROM runs").split(separator: "\n")
      .map { try #require(Double($0)) }
    let mean = losses.reduce(0, +) / 6
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5
    let expected = String(format: "%.4f ± %.4f", mean, variance.squareRoot())
    #expect(lines.contains { $0.hasPrefix("val_loss ") && $0.hasSuffix(expected) }, "\(expected)")
    // A repeat of a fold is none of its own; another cut is another configuration.
    try place.lab("run", "config.json", "--folds", "3", "--fold", "1", "--seeds", "6", "-q")
    try place.lab("run", "config.json", "--folds", "4", "-q")
    let json = try place.lab("compare", "--group-by", "config", "--json")
    let groups = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(groups.map { $0["over"] as? String } == ["3 folds × 2 seeds", "4 folds"])
    #expect(groups.map { $0["runs"] as? Int } == [6, 4])
    #expect(groups[0]["left_out"] as? String == "1 repeat")
    #expect(groups[0]["val_loss_mean"] as? Double == mean)
    let row = try place.lab("check", "config.json", "--json")
    #expect(row.contains(#""fold":2,"folds":4"#), "\(row)")
    #expect(
      try place.lab("compare", "--where", "fold = 2", "--csv").split(separator: "\n").count == 4)
  }

  @Test func `a fork may go on with another fold, of which nothing was measured`() throws {
    let place = try Self.place(Self.kinds[0], epochs: 3)
    try place.lab("run", "config.json", "-q")
    let refused = try place.run("resume", "1", "--from", "1", "--set", "data.validation.fold=0")
    #expect(refused.status == 64 && refused.errors.contains("--new-data"), "\(refused.errors)")
    let fork = try place.run(
      "resume", "1", "--from", "1", "--new-data", "--set", "data.validation.fold=0", "-q")
    #expect(fork.errors == "run 1 goes on from epoch 1 with another fold of its data\n")
    #expect(fork.output == "2\n")
    #expect(
      try place.sqlite(
        "SELECT r.fold, m.epoch, m.value IS NULL FROM runs AS r "
          + "LEFT JOIN metrics AS m USING (run_id) WHERE r.run_id = 2 AND m.name = 'loss' "
          + "AND m.split = 'validation' ORDER BY m.epoch") == "0|2|0\n0|3|0")
    #expect(try place.run("verify", "2").status == 0)
    try place.lab("report", "2", "-o", "report")
    let summary = try place.text("report/summary.md")
    #expect(
      summary.contains("lstm-lab resume @last --from 1 --set data.validation.fold=0 --new-data\n"))
  }

  /// Series of 45 rows in 3 folds of 11: fold 1 is trained on 23 and validated with up to 34.
  @Test func `a forecast of a fold begins where its rows end`() throws {
    let place = try Self.place(Self.kinds[1], epochs: 1)
    try place.lab("run", "config.json", "-q")
    for (split, rows) in [("train", "23"), ("validation", "34")] {
      let told = try place.lab("predict", "1", "--forecast", "--split", split)
      let steps = told.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
      #expect(steps == [Substring](repeating: Substring(rows), count: 5), "\(told)")
    }
  }

  @Test func `a signal stops all, and tells how the other folds are trained`() throws {
    let place = try Self.place(Self.kinds[1], epochs: 100_000)
    let program = try LiveProgram(
      ["run", "config.json", "--rolling", "4", "--seeds", "1..3", "-j", "2"], in: place)
    while (try? place.sqlite("SELECT count(*) FROM runs WHERE epochs > 3")) != "2" {}
    program.send(SIGINT)
    let end = try program.finish()
    #expect(end.status == 130)
    #expect(end.output == "1\n2\n")
    for run in 1...2 {
      let last = try place.sqlite("SELECT epochs FROM runs WHERE run_id = \(run)")
      #expect(
        program.lines.contains(
          "Fold 0, seed \(run): Stopped: run \(run) in lab.db is stored up to epoch \(last). "
            + "Go on with: lstm-lab resume \(run)"))
    }
    #expect(
      program.lines.suffix(2) == [
        "Not started: fold 0, seed 3. Go on with: "
          + "lstm-lab run config.json --rolling 4 --fold 0 --seeds 3",
        "Not started: folds 1..3, seeds 1..3. Go on with: "
          + "lstm-lab run config.json --rolling 4 --fold 1..3 --seeds 1..3",
      ])
  }

  @Test func `a kill leaves folds that go on to the same bits`() throws {
    let place = try Self.place(Self.kinds[0], epochs: 20_000)
    let program = try LiveProgram(["run", "config.json", "--folds", "3", "-j", "3"], in: place)
    while (try? place.sqlite("SELECT count(*) FROM runs WHERE epochs > 5")) != "3" {}
    #expect(try program.killNow().status == 128 + SIGKILL)
    for run in 1...3 {
      let epoch = try #require(
        Int(try place.sqlite("SELECT epochs FROM runs WHERE run_id = \(run)")))
      try place.lab("resume", "\(run)", "--epochs", "\(epoch + 3)", "-q")
      try place.write(
        try place.text("config.json").replacing("20000", with: "\(epoch + 3)"), to: "whole.json")
      try place.lab(
        "run", "whole.json", "--folds", "3", "--fold", "\(run - 1)", "-q", "--db", "\(run).db")
      #expect(try place.hashes(of: "\(run)") == place.hashes(of: "1", database: "\(run).db"))
    }
  }

  @Test func `a fold's own warnings are told when it begins`() throws {
    let place = try Workplace()
    let rows = (0..<6).map { "\($0),0.\($0),\($0 < 2 ? "rare" : "common")\n" }
    try place.write("id,v,y\n" + rows.joined(), to: "a.csv")
    try place.write(
      """
      {"data":{"train":{"csv":"a.csv","sequence":"id","features":["v"],"target":"y"}},
      "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":2,"activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":1}}
      """, to: "config.json")
    let outcome = try place.run(
      "run", "config.json", "--folds", "3", "-q", "-j", "1", "--fold", "1,0")
    #expect(outcome.output == "1\n2\n")
    let warnings = outcome.errors.split(separator: "\n").filter {
      $0.contains("samples of one class only")
    }
    #expect(warnings.count == 1 && warnings[0].hasPrefix("Fold 0: warning: "), "\(outcome.errors)")
  }
}
