import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sweeps whose points are halved from rung to rung.
struct HalvingTests {
  static let grid = [
    "config.json", "--set", "learning_rate=0.0003..0.5:log9", "--seeds", "1..2",
  ]
  private static let halving = ["--halving", "--rungs", "2,5,12", "--keep", "1/3"]

  private func begun(_ epochs: Int = 12) throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: epochs))
    return place
  }

  private func sweep(
    _ place: Workplace, _ more: String..., options: [String] = grid + halving
  ) throws -> Program.Outcome {
    try Program.run(Program.path, ["sweep"] + options + more, in: place.path, environment: [:])
  }

  /// What each run is, how it ended, and all its hashes.
  private func content(_ place: Workplace, _ database: String = "lab.db") throws -> String {
    try place.sqlite(
      """
      SELECT settings_hash, seed, fold, status, message, epochs, group_concat(weights_hash)
      FROM runs JOIN (SELECT * FROM epochs ORDER BY run_id, epoch) AS e ON e.run_id = runs.run_id
      GROUP BY runs.run_id ORDER BY settings_hash, seed, fold
      """, database: database)
  }

  /// The rows of the closing table without the runs' numbers.
  private func table(_ outcome: Program.Outcome) -> [String] {
    let rows = outcome.errors.split(separator: "\n").filter { line in
      line.hasPrefix(" ") && line.contains("learning_rate=")
    }
    return rows.map { $0.split(separator: " ").dropLast(2).joined(separator: " ") }
  }

  /// The points in the order of their mean at an epoch, as the stock shell computes it from a plain sweep.
  private func ranked(
    _ place: Workplace, at epoch: Int, by column: String, among points: [Int],
    descending: Bool = false
  ) throws -> [Int] {
    try place.sqlite(
      """
      SELECT sweep_point FROM run JOIN epoch AS e ON e.run_id = id AND e.epoch = \(epoch)
      WHERE sweep_point IN (\(points.map(String.init).joined(separator: ",")))
      GROUP BY sweep_point ORDER BY avg(e.\(column)) \(descending ? "DESC" : ""), sweep_point
      """, database: "whole.db"
    ).split(separator: "\n").compactMap { Int($0) }
  }

  @Test(arguments: [("val_loss", "val_loss", false), ("val_accuracy", "val_accuracy", true)])
  func `the best at each rung go on, ties by number, and are what a plain sweep trains`(
    metric: String, column: String, isHighest: Bool
  ) throws {
    let place = try begun()
    #expect(try sweep(place, "-q", "--db", "whole.db", options: Self.grid).status == 0)
    let outcome = try sweep(place, "--metric", metric)
    #expect(outcome.status == 0, "\(outcome)")
    let first = try ranked(
      place, at: 2, by: column, among: Array(0..<9), descending: isHighest)
    let second = try ranked(
      place, at: 5, by: column, among: Array(first.prefix(3)), descending: isHighest)
    var expected: [String] = []
    for point in 0..<9 {
      let end = point == second[0] ? 12 : second.contains(point) ? 5 : 2
      let state = end == 12 ? "completed|" : "interrupted|stopped at epoch \(end)"
      expected += (1...2).map { "\(point)|\($0)|\(end)|\(state)" }
    }
    #expect(
      try place.sqlite(
        """
        SELECT sweep_point, runs.seed, epochs, status, runs.message
        FROM run JOIN runs ON id = run_id ORDER BY 1, 2
        """) == expected.joined(separator: "\n"))
    // Every epoch is the one of the plain sweep, and no more are trained than the rungs say.
    #expect(
      try place.sqlite(
        """
        ATTACH 'whole.db' AS whole;
        SELECT count(*), count(b.hash) FROM epoch AS a JOIN run AS r ON r.id = a.run_id
        LEFT JOIN whole.run AS w ON w.sweep_point = r.sweep_point AND w.seed = r.seed
        LEFT JOIN whole.epoch AS b ON b.run_id = w.id AND b.epoch = a.epoch AND b.hash = a.hash
        WHERE a.epoch > 0
        """) == "68|68")
    let goOn = first.prefix(3).sorted().map { "\($0)" }.joined(separator: ", ")
    #expect(outcome.errors.contains("Epoch 2: 3 of 9 points go on: \(goOn)."), "\(outcome.errors)")
    #expect(outcome.errors.contains("The best is point \(second[0]) (learning_rate="))
    #expect(outcome.errors.contains(" --finish\n"))
    // The same command leaves the others alone.
    let before = try content(place)
    let again = try sweep(place, "--metric", metric)
    #expect(again.status == 0 && again.errors.contains("18 done before."), "\(again.errors)")
    #expect(try content(place) == before)
  }

  @Test(arguments: ["1", "2", "8"])
  func `any number at a time gives the same, with folds as with seeds`(jobs: String) throws {
    let place = try begun()
    let x = (0..<12).map { "[[\($0 % 5)],[\($0 % 3)]]" }.joined(separator: ",")
    let y = (0..<12).map { "[\($0 % 5)]" }.joined(separator: ",")
    try place.write(
      #"""
      {"data":{"train":{"x":[\#(x)],"y":[\#(y)]}},
       "model":{"layers":[{"type":"lstm","units":3},{"type":"dense","units":1}]},
       "training":{"epochs":12,"loss":"mean_squared_error","optimizer":{"type":"adam"}}}
      """#, to: "config.json")
    let options =
      ["config.json", "--set", "learning_rate=0.0003..0.5:log9", "--folds", "2"] + Self.halving
    #expect(try sweep(place, "-q", "-j", "1", "--db", "one.db", options: options).status == 0)
    #expect(try sweep(place, "-q", "-j", jobs, options: options).status == 0)
    #expect(try content(place) == content(place, "one.db"))
    #expect(try place.sqlite("SELECT count(DISTINCT fold), count(*) FROM runs") == "2|18")
  }

  @Test func `one that is killed again and again comes to the same`() throws {
    let place = try begun(400)
    let options =
      Self.grid + ["--halving", "--rungs", "40,120,400", "--keep", "0.34", "--metric", "loss"]
    #expect(try sweep(place, "-q", "-j", "1", "--db", "whole.db", options: options).status == 0)
    var random = CounterRandom(seed: 4)
    for life in 1...14 {
      let program = try LiveProgram(
        ["sweep"] + options + ["-j", life % 2 == 0 ? "2" : "1"], in: place)
      program.read(lines: Int(random.next() % 14))
      usleep(UInt32(random.next() % 60_000))
      _ = try program.killNow()
    }
    let last = try sweep(place, options: options)
    #expect(last.status == 0, "\(last)")
    #expect(try content(place) == content(place, "whole.db"))
    #expect(
      try place.sqlite("SELECT sum(epochs) FROM runs") == "1760")
  }

  @Test func `what was trained before counts at its rung, however far it came`() throws {
    let place = try begun()
    #expect(try sweep(place, "-q", "--db", "one.db").status == 0)
    // Some whole, one beyond its rung, one below it.
    try place.lab("run", "config.json", "--set", "learning_rate=0.0003", "-q")
    try place.lab(
      "run", "config.json", "--set", "learning_rate=0.0003", "--set", "seed=2", "--stop-at", "3",
      "-q")
    try place.lab("run", "config.json", "--set", "learning_rate=0.5", "--stop-at", "1", "-q")
    let outcome = try sweep(place)
    #expect(outcome.errors.contains("2 resumed") || outcome.errors.contains("1 resumed"))
    #expect(try table(outcome) == table(sweep(place, "--db", "one.db")))
  }

  @Test func `--finish trains every run to its end, as a plain sweep does`() throws {
    let place = try begun()
    #expect(try sweep(place, "-q", "--db", "whole.db", options: Self.grid).status == 0)
    #expect(try sweep(place, "-q").status == 0)
    let finished = try sweep(place, "--finish")
    #expect(finished.status == 0 && finished.errors.contains("16 resumed, 2 done before."))
    #expect(try content(place) == content(place, "whole.db"))
    // The rungs are those of before, and there is nothing left to train.
    let again = try sweep(place)
    #expect(again.errors.contains("18 done before."), "\(again.errors)")
  }

  @Test func `points that diverge are last and never go on`() throws {
    let place = try Workplace()
    var trial = Trial(epochs: 6)
    trial.layers = #"[{"type":"lstm","units":3},{"type":"dense","units":2}]"#
    trial.loss = "mean_squared_error"
    trial.optimizer = #"{"type":"sgd","learning_rate":0.01}"#
    try place.write(trial)
    let rates = "learning_rate=1e30,0.01,1e31,1e32"
    let options = ["config.json", "--set", rates, "--halving", "--rungs", "2,4", "--keep"]
    let outcome = try sweep(place, options: options + ["0.75"])
    #expect(outcome.status == 65, "\(outcome)")
    #expect(outcome.errors.contains("Epoch 2: 1 of 4 points goes on: 1."), "\(outcome.errors)")
    #expect(
      try place.sqlite("SELECT epochs, status FROM runs ORDER BY run_id")
        == "0|diverged\n4|interrupted\n0|diverged\n0|diverged")
    #expect(outcome.errors.contains("Train it to its end with: lstm-lab resume 2"))
    #expect(try place.run("resume", "2", "-q").status == 0)
    let none = try sweep(
      place, "--db", "none.db",
      options: [
        "config.json", "--set", "learning_rate=1e30,1e31", "--halving", "--rungs", "2,4", "--keep",
        "1/2",
      ])
    #expect(none.status == 65 && none.errors.contains("No point is left: all have diverged."))
  }

  @Test func `a run that was stopped early stands with its last epoch`() throws {
    let place = try Workplace()
    var trial = Trial(epochs: 12)
    trial.controls = #","early_stopping":{"monitor":"val_loss","patience":1}"#
    try place.write(trial)
    #expect(try sweep(place, "-q", "-j", "1", "--db", "one.db").status == 0)
    #expect(
      try place.sqlite(
        "SELECT count(*) > 0 FROM runs WHERE message LIKE 'stopped early%'", database: "one.db")
        == "1")
    #expect(try sweep(place, "-q", options: Self.grid).status == 0)
    let plain = try sweep(place)
    let halved = try sweep(place, "--db", "one.db")
    #expect(table(plain).count == 9)
    #expect(table(plain) == table(halved))
  }

  @Test func `a rung is decided only when every run of it is there`() throws {
    let place = try begun()
    try place.write("s,x,y\n1,1,0\n2,2,1\n3,3,0\n4,4,1\n", to: "a.csv")
    try place.write(
      #"""
      {"data":{"train":{"csv":"a.csv","sequence":"s","features":["x"],"target":"y"}},
       "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1}]},
       "training":{"epochs":4,"loss":"mean_squared_error"}}
      """#, to: "csv.json")
    let options = [
      "csv.json", "--set", "data.train.csv=a.csv,b.csv", "--halving", "--rungs", "2,4", "--keep",
      "1/2",
    ]
    let lacking = try sweep(place, options: options)
    #expect(lacking.status == 66, "\(lacking)")
    #expect(
      lacking.errors.contains("Epoch 2 is not decided: 1 run has not come to it, the first point 1")
    )
    #expect(lacking.errors.contains("Go on with: lstm-lab sweep csv.json"))
    #expect(try place.sqlite("SELECT group_concat(epochs) FROM runs") == "2")
    try place.write("s,x,y\n1,1,0\n2,2,1\n3,3,0\n4,5,1\n", to: "b.csv")
    #expect(try sweep(place, options: options).status == 0)
    #expect(try place.sqlite("SELECT max(epochs), min(epochs), count(*) FROM runs") == "4|2|2")
  }

  @Test func `a dry run tells the epochs of each rung, and a file keeps them`() throws {
    let place = try begun()
    let dry = try sweep(place, "--dry-run")
    #expect(
      dry.errors.contains(
        "Points: 9 to epoch 2 (36 epochs), 3 to epoch 5 (18 epochs), 1 to epoch 12 (14 epochs); 68 epochs"
      ),
      "\(dry.errors)")
    #expect(dry.errors.contains("in all, 216 without rungs."))
    #expect(try !place.names().contains("lab.db"))
    #expect(try sweep(place, "--write", "sweep.json").status == 0)
    #expect(
      try place.text("sweep.json").contains(#""halving":{"rungs":[2,5,12],"keep":"1/3"}"#))
    #expect(try sweep(place, "-q").status == 0)
    let before = try content(place)
    let filed = try sweep(place, options: ["sweep.json"])
    #expect(filed.errors.contains("18 done before."), "\(filed.errors)")
    #expect(try content(place) == before)
    #expect(try sweep(place, "--finish", "-q", options: ["sweep.json"]).status == 0)
    #expect(try place.sqlite("SELECT DISTINCT epochs FROM runs") == "12")
  }

  @Test func `tasks that share the points out come to the same when their databases are merged`()
    throws
  {
    let place = try begun()
    #expect(try sweep(place, "-q", "-j", "1", "--db", "whole.db").status == 0)
    for _ in 0..<3 {
      for task in 1...4 {
        let outcome = try sweep(
          place, "-q", "--task", "\(task)/4", "--among", "lab.db", "--db", "\(task).db")
        #expect(outcome.status == 0, "\(outcome)")
      }
      try place.lab("merge", "1.db", "2.db", "3.db", "4.db")
    }
    #expect(try content(place) == content(place, "whole.db"))
    let done = try sweep(place)
    #expect(done.errors.contains("18 done before."), "\(done.errors)")
  }
}
