import Foundation
import Testing

/// Many runs from one command, which goes on by itself.
struct SweepTests {
  private static let options = [
    "config.json", "--set", "learning_rate=0.001,0.01", "--set", "lstm.units=3,5", "--seeds",
    "1..2",
  ]

  private func begun() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    return place
  }

  private func sweep(
    _ place: Workplace, _ more: String..., options: [String] = options
  ) throws -> Program.Outcome {
    try Program.run(Program.path, ["sweep"] + options + more, in: place.path, environment: [:])
  }

  /// Each run's point, seed and last hash.
  private func content(_ place: Workplace, _ database: String = "lab.db") throws -> String {
    try place.sqlite(
      """
      SELECT sweep, settings_hash, seed, status, epochs, weights_hash
      FROM runs JOIN epochs ON epochs.run_id = runs.run_id AND epoch = epochs
      ORDER BY settings_hash, seed
      """, database: database)
  }

  @Test func `stratified folds are those of run, also as tasks`() throws {
    let place = try Workplace()
    try place.write(
      """
      {"data":{"train":{"x":[[[1]],[[2]],[[3]],[[4]],[[5]],[[6]]],"y":[[0],[1],[0],[1],[1],[0]]}},
      "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1,"activation":"sigmoid"}]},
      "training":{"loss":"binary_crossentropy","epochs":4}}
      """, to: "config.json")
    let folds = ["--folds", "2", "--stratify", "-q"]
    let outcome = try Program.run(
      Program.path, ["sweep", "config.json", "--set", "lstm.units=3,5"] + folds, in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    _ = try place.output(
      Program.path, ["run", "config.json", "--set", "lstm.units=5", "--db", "one.db"] + folds)
    let hashes = "SELECT fold, weights_hash FROM runs JOIN epochs USING (run_id) WHERE epoch = 4"
    #expect(
      try place.sqlite(hashes + " AND run_id > 2")
        == place.sqlite(hashes, database: "one.db"))
    #expect(
      try place.sqlite("SELECT count(*) FROM runs WHERE config LIKE '%\"stratify\":true%'") == "4")
    _ = try place.output(
      Program.path,
      ["sweep", "config.json", "--set", "lstm.units=3,5", "--slurm", "jobs", "--tasks", "2"] + folds
    )
    #expect(try place.text("jobs/task.sh").contains("--stratify"))
    let refused = try place.run("sweep", "config.json", "--stratify")
    #expect(refused.status == 64 && refused.errors.contains("--stratify is for folds"))
  }

  @Test func `every point is trained with every seed as run --set trains it`() throws {
    let place = try begun()
    let outcome = try sweep(place, "-q")
    #expect(outcome.status == 0 && outcome.output == (1...8).map { "\($0)\n" }.joined())
    for (rate, units, seed, run) in [
      ("0.001", "3", "1", 1), ("0.01", "3", "2", 6), ("0.01", "5", "1", 7),
    ] {
      try place.lab(
        "run", "config.json", "-q", "--db", "one.db", "--set", "learning_rate=\(rate)", "--set",
        "lstm.units=\(units)", "--set", "seed=\(seed)")
      let hash = "SELECT weights_hash FROM epochs WHERE epoch = 4 AND run_id = "
      #expect(
        try place.sqlite(hash + "(SELECT max(run_id) FROM runs)", database: "one.db")
          == place.sqlite(hash + "\(run)"))
    }
    #expect(try place.sqlite("SELECT count(DISTINCT sweep), count(sweep) FROM runs") == "1|8")
    for run in [1, 8] { #expect(try place.run("verify", "\(run)").status == 0) }
    let name = try place.sqlite("SELECT sweep FROM sweeps")
    let groups = try place.lab("compare", "--sweep", name, "--group-by", "config", "--csv")
    #expect(groups.split(separator: "\n").count == 5)
  }

  @Test(arguments: ["1", "2", "8"])
  func `any number at a time gives the same, and the same command trains nothing twice`(
    jobs: String
  )
    throws
  {
    let place = try begun()
    _ = try sweep(place, "-q", "-j", "1", "--db", "one.db")
    #expect(try sweep(place, "-q", "-j", jobs).status == 0)
    let first = try content(place)
    #expect(try first == content(place, "one.db"))
    let again = try sweep(place, "-j", jobs)
    #expect(again.status == 0 && again.errors.contains("8 done before."), "\(again.errors)")
    #expect(try content(place) == first)
  }

  @Test func `a sweep that is killed again and again comes to the same runs`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 400))
    _ = try sweep(place, "-q", "--db", "whole.db")
    let outcome = try place.shell(
      """
      for pause in 0.05 0.1 0.2 0.15 0.3 0.25 0.1 0.4; do
        "$LAB" sweep config.json --set learning_rate=0.001,0.01 --set lstm.units=3,5 --seeds 1..2 -q -j 2 &
        sleep $pause; kill -9 $! 2>/dev/null; wait $! 2>/dev/null
      done
      :
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try sweep(place, "-q").status == 0)
    #expect(try content(place) == content(place, "whole.db"))
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "8")
  }

  @Test func `one that fails ends no other, is told, and is trained when it can be`() throws {
    let place = try begun()
    try place.write("s,x,y\n1,1,0\n2,2,1\n3,3,0\n4,4,1\n", to: "a.csv")
    try place.write(
      #"""
      {"data":{"train":{"csv":"a.csv","sequence":"s","features":["x"],"target":"y"}},
       "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1}]},
       "training":{"epochs":2,"loss":"mean_squared_error"}}
      """#, to: "csv.json")
    let options = ["csv.json", "--set", "data.train.csv=a.csv,b.csv", "--seeds", "1,2", "-j", "1"]
    let failed = try sweep(place, options: options)
    #expect(failed.status == 66, "\(failed)")
    #expect(failed.errors.contains("2 trained, 2 failed.") && failed.errors.contains("b.csv"))
    #expect(
      failed.errors.contains("Go on with: lstm-lab sweep csv.json --set ")
    )
    let fast = try sweep(
      place, "--fail-fast", "--db", "fast.db",
      options: [
        "csv.json", "--set", "data.train.csv=b.csv,a.csv", "--seeds", "1,2", "-j", "1",
      ])
    #expect(fast.errors.contains("1 failed, 3 not begun."), "\(fast.errors)")
    try place.write("s,x,y\n1,1,0\n2,2,1\n3,3,0\n4,5,1\n", to: "b.csv")
    let again = try sweep(place, options: options)
    #expect(
      again.status == 0 && again.errors.contains("2 trained, 2 done before."), "\(again.errors)")
  }

  @Test func `a random sweep, a file of one, and a dry run agree`() throws {
    let place = try begun()
    let options = [
      "config.json", "--set", "learning_rate=1e-4..1e-1:log", "--set", "lstm.units=2..6",
      "--random", "3",
      "--name", "draw",
    ]
    let dry = try sweep(place, "--dry-run", options: options)
    #expect(dry.status == 0 && dry.output.split(separator: "\n").count == 5)
    #expect(try !place.names().contains("lab.db"))
    #expect(try sweep(place, "--write", "sweep.json", options: options).status == 0)
    #expect(try sweep(place, "-q", options: options).status == 0)
    let filed = try sweep(place, options: ["sweep.json"])
    #expect(filed.errors.contains("3 done before."), "\(filed.errors)")
    let other = try sweep(
      place, options: ["config.json", "--set", "lstm.units=2,3", "--name", "draw"])
    #expect(other.status == 64 && other.errors.contains("varies something else"))
    let more = try sweep(place, "--seeds", "2..3", options: options)
    #expect(more.errors.contains("6 trained."), "\(more.errors)")
  }

  static let refusals: [(options: [String], told: String)] = [
    (["--set", "units=1,2"], "`units` means 2 settings"),
    (["--set", "lr=1"], "did you mean `learning_rate`?"),
    (["--set", "learning_rate"], "not NAME=VALUE"),
    (["--set", "learning_rate=0.1..1"], "no end of values"),
    (["--set", "learning_rate=1,2", "--set", "learning_rate=3"], "varied twice"),
    (["--set", "lstm.units=0,3"], "is 0"),
    (["--set", "lstm.units=1..200", "--set", "seed=1..200"], "more than 10000 points"),
    (["--set", "lstm.units=2,3", "--name", "a@b"], "is no name"),
    (["--random", "0"], "cannot be drawn"),
    (["--sweep-seed", "2"], "--random"),
    (["--set", "lstm.units=2,3", "-j", "0"], "--jobs"),
  ]

  @Test(arguments: refusals.indices)
  func `a sweep that cannot be is refused before anything is trained`(index: Int) throws {
    let place = try begun()
    let outcome = try sweep(place, options: ["config.json"] + Self.refusals[index].options)
    #expect([64, 65].contains(outcome.status), "\(outcome)")
    #expect(outcome.errors.contains(Self.refusals[index].told), "\(outcome.errors)")
    #expect(try !place.names().contains("lab.db"))
  }
}
