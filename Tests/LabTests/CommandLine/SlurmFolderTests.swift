import Foundation
import Testing

/// `sweep --slurm`: a folder of scripts, here run without Slurm; `Scripts/test-slurm` runs them with it.
struct SlurmFolderTests {
  private static let grid = [
    "sweep", "config.json", "--set", "learning_rate=0.0003..0.5:log9", "--seeds", "1..2",
  ]
  private static let halving = ["--halving", "--rungs", "2,5,12", "--keep", "1/3"]

  private func begun(_ epochs: Int = 12) throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: epochs))
    return place
  }

  private func lab(_ place: Workplace, _ arguments: [String]) throws -> Program.Outcome {
    try Program.run(Program.path, arguments, in: place.path, environment: [:])
  }

  private func shell(_ place: Workplace, _ script: String) throws -> Program.Outcome {
    try place.shell("export LSTM_LAB_BIN=\"$LAB\"; \(script)")
  }

  private func content(_ place: Workplace, _ database: String) throws -> String {
    try place.sqlite(
      """
      SELECT sweep, settings_hash, seed, fold, status, message, epochs, group_concat(weights_hash)
      FROM runs JOIN (SELECT * FROM epochs ORDER BY run_id, epoch) AS e ON e.run_id = runs.run_id
      GROUP BY runs.run_id ORDER BY settings_hash, seed, fold
      """, database: database)
  }

  @Test(arguments: [[], halving])
  func `the folder trains what one process trains, also after a stop in the middle`(
    halving: [String]
  ) throws {
    let place = try begun()
    #expect(
      try lab(place, Self.grid + halving + ["-q", "-j", "1", "--db", "whole.db"]).status == 0)
    let written = try lab(place, Self.grid + halving + ["--slurm", "jobs", "--tasks", "4"])
    #expect(written.status == 0 && written.errors.contains("Submit it with: sh jobs/submit.sh"))
    #expect(try !place.names().contains("lab.db"))
    let stages = halving.isEmpty ? "end" : "2 5 12"
    #expect(try place.text("jobs/submit.sh").contains("for stage in \(stages); do"))
    let trained = try shell(place, "JOBS=3 sh jobs/run-here.sh")
    #expect(trained.status == 0, "\(trained)")
    #expect(try content(place, "jobs/lab.db") == content(place, "whole.db"))
    // Each task has its own points, and the database of the folder knows them all.
    #expect(
      try place.sqlite(
        "SELECT group_concat(DISTINCT sweep_point % 4) FROM run", database: "jobs/shards/3.db")
        == "2")
    let again = try shell(place, "cd jobs && sh task.sh 2 && sh merge.sh")
    #expect(again.status == 0 && again.errors.contains("0 runs added, 0 extended"), "\(again)")
  }

  @Test func `a task that is told to end stores its epoch, ends with 143, and goes on`() throws {
    let place = try begun(3000)
    let grid = ["sweep", "config.json", "--set", "learning_rate=0.001,0.01,0.1"]
    #expect(try lab(place, grid + ["-q", "-j", "1", "--db", "whole.db"]).status == 0)
    #expect(try lab(place, grid + ["--slurm", "jobs", "--tasks", "2"]).status == 0)
    let stopped = try shell(
      place,
      """
      cd jobs; sh task.sh 1 & task=$!
      until sqlite3 shards/1.db 'SELECT 1 / (max(epoch) > 3) FROM epochs' 2>/dev/null | grep -q 1; do :; done
      kill -TERM $task; wait $task; echo $?
      """)
    #expect(stopped.output == "143\n", "\(stopped)")
    #expect(
      try place.sqlite(
        "SELECT count(*) FROM runs WHERE status = 'interrupted'", database: "jobs/shards/1.db")
        == "1")
    #expect(try shell(place, "sh jobs/run-here.sh").status == 0)
    #expect(try content(place, "jobs/lab.db") == content(place, "whole.db"))
  }

  @Test func `folds and --finish go along, and there are no more tasks than points`() throws {
    let place = try begun()
    let x = (0..<12).map { "[[\($0 % 5)],[\($0 % 3)]]" }.joined(separator: ",")
    let y = (0..<12).map { "[\($0 % 5)]" }.joined(separator: ",")
    try place.write(
      #"""
      {"data":{"train":{"x":[\#(x)],"y":[\#(y)]}},
       "model":{"layers":[{"type":"lstm","units":3},{"type":"dense","units":1}]},
       "training":{"epochs":4,"loss":"mean_squared_error","optimizer":{"type":"adam"}}}
      """#, to: "config.json")
    let options = [
      "sweep", "config.json", "--set", "learning_rate=0.01,0.1", "--folds", "2", "--name", "a b",
    ]
    let rungs = ["--halving", "--rungs", "1,2", "--keep", "1/2"]
    #expect(try lab(place, options + ["-q", "-j", "1", "--db", "whole.db"]).status == 0)
    let written = try lab(
      place, options + rungs + ["--finish", "--slurm", "my jobs", "--tasks", "32"])
    #expect(written.errors.contains("Wrote my jobs: 4 runs in 2 tasks."), "\(written.errors)")
    #expect(written.errors.contains("sh 'my jobs/submit.sh'"))
    #expect(try shell(place, "sh 'my jobs/run-here.sh'").status == 0)
    #expect(try content(place, "my jobs/lab.db") == content(place, "whole.db"))
  }

  @Test func `a folder that has something else is refused, the same is written again`() throws {
    let place = try begun()
    let ask = { (tasks: String) in
      try self.lab(place, Self.grid + ["--slurm", "jobs", "--tasks", tasks])
    }
    #expect(try ask("3").status == 0)
    #expect(try ask("3").status == 0)
    let other = try ask("4")
    #expect(other.status == 73 && other.errors.contains("name a new folder"), "\(other)")
    for (options, told) in [
      (["--slurm", "x"], "name both"), (["--tasks", "3"], "name both"),
      (["--slurm", "x", "--tasks", "0"], "cannot be 0 tasks"),
      (["--slurm", "x", "--tasks", "2", "--task", "1/2"], "exclude each other"),
    ] {
      let refused = try lab(place, Self.grid + options)
      #expect(refused.status == 64 && refused.errors.contains(told), "\(options): \(refused)")
    }
    let inFile = try lab(place, Self.grid + ["--slurm", "config.json/x", "--tasks", "2"])
    #expect(inFile.status == 73, "\(inFile)")
    #expect(try place.names().sorted() == ["config.json", "jobs"])
  }

  @Test func `the scripts are good for every shell`() throws {
    let place = try begun()
    #expect(
      try lab(place, Self.grid + Self.halving + ["--slurm", "jobs", "--tasks", "4"]).status == 0)
    let checked = try place.shell(
      "for script in jobs/*.sh; do sh -n $script && test -x $script && bash -n $script || exit 1; done"
    )
    #expect(checked.status == 0, "\(checked.errors)")
    let task = try place.text("jobs/task.sh")
    for line in ["--array=1-4", "--requeue", "--signal=B:TERM@60", "--among lab.db"] {
      #expect(task.contains(line), "\(line)")
    }
    #expect(try place.text("jobs/submit.sh").contains("--dependency=afterany:"))
  }
}
