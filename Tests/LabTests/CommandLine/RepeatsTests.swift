import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `run --seeds`: several runs in one process, each like any other.
@Suite struct RepeatsTests {
  @Test(arguments: [["-j", "1"], ["-j", "3"], [], ["--jobs", "5", "--threads", "2"]])
  func `each is the run that its seed alone gives`(options: [String]) throws {
    let place = try Workplace()
    // Dropout draws from the seed too.
    var trial = Trial(
      epochs: 4,
      layers: #"[{"type":"lstm","units":5,"recurrent_dropout":0.3},{"type":"dropout","rate":0.5},"#
        + #"{"type":"dense","units":2,"activation":"sigmoid"}]"#)
    trial.hasTest = true
    try place.write(trial)
    let outcome = try Program.run(
      Program.path, ["run", "config.json", "--seeds", "3..5,1"] + options, in: place.path)
    #expect(outcome.status == 0)
    #expect(outcome.output == "1\n2\n3\n4\n")
    for (index, seed) in [3, 4, 5, 1].enumerated() {
      trial.seed = seed
      try place.write(trial, to: "one.json")
      try place.lab("run", "one.json", "-q", "--db", "single.db")
      #expect(
        try place.bits(of: "\(index + 1)")
          == place.bits(of: "\(index + 1)", database: "single.db"))
      let columns = "SELECT name, seed, config, status FROM runs WHERE run_id = \(index + 1)"
      #expect(try place.sqlite(columns) == place.sqlite(columns, database: "single.db"))
    }
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "4")
  }

  @Test func `the table ends with means and deviations`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    let outcome = try place.run("run", "config.json", "--seeds", "1..5")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines[0].contains(", 5 runs (seeds 1..5), "))
    #expect(lines.contains("Mean ± standard deviation of 5 completed runs, each at its result:"))
    let losses = try place.sqlite("SELECT val_loss FROM runs").split(separator: "\n")
      .map { try #require(Double($0)) }
    let mean = losses.reduce(0, +) / 5
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    let expected = String(format: "%.4f ± %.4f", mean, variance.squareRoot())
    #expect(lines.contains { $0.hasPrefix("val_loss ") && $0.hasSuffix(expected) }, "\(expected)")
    let quiet = try place.run("run", "config.json", "--seeds", "7", "-q")
    #expect(quiet.output == "6\n")
    #expect(quiet.errors == "")
  }

  @Test func `a signal stops all, and tells how each goes on`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 100_000))
    let program = try LiveProgram(["run", "config.json", "--seeds", "1..4", "-j", "2"], in: place)
    let stored = "SELECT count(*) FROM runs WHERE epochs > 3"
    while (try? place.sqlite(stored)) != "2" {}
    program.send(SIGINT)
    let end = try program.finish()
    #expect(end.status == 130)
    #expect(end.output == "1\n2\n")
    for run in 1...2 {
      let last = try place.sqlite("SELECT epochs FROM runs WHERE run_id = \(run)")
      #expect(
        program.lines.contains(
          "Seed \(run): Stopped: run \(run) in lab.db is stored up to epoch \(last). "
            + "Go on with: lstm-lab resume \(run)"))
    }
    #expect(
      program.lines.last
        == "Not started: seeds 3..4. Go on with: lstm-lab run config.json --seeds 3..4")
    #expect(try place.sqlite("SELECT DISTINCT status FROM runs") == "interrupted")
  }

  @Test func `a kill leaves runs that go on to the same bits`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2_000))
    let program = try LiveProgram(["run", "config.json", "--seeds", "1..3", "-j", "3"], in: place)
    while (try? place.sqlite("SELECT count(*) FROM runs WHERE epochs > 5")) != "3" {}
    #expect(try program.killNow().status == 128 + SIGKILL)
    #expect(try place.sqlite("PRAGMA integrity_check") == "ok")
    for run in 1...3 {
      let epoch = try #require(
        Int(try place.sqlite("SELECT epochs FROM runs WHERE run_id = \(run)")))
      try place.lab("resume", "\(run)", "--epochs", "\(epoch + 3)", "-q")
      try place.write(Trial(seed: run, epochs: epoch + 3), to: "whole.json")
      let whole = try place.lab("run", "whole.json", "-q", "--db", "whole.db")
      #expect(
        try place.hashes(of: "\(run)") == place.hashes(of: whole, database: "whole.db"))
    }
  }

  @Test func `a run that diverges does not stop the others`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 5, optimizer: #"{"type":"sgd","learning_rate":3e38}"#))
    let outcome = try place.run("run", "config.json", "--seeds", "1..3", "-q")
    #expect(outcome.status == 65)
    #expect(outcome.output == "1\n2\n3\n")
    #expect(
      outcome.errors.contains("Seed 2: error: loss or weights are no longer finite from epoch "))
    #expect(try place.sqlite("SELECT DISTINCT status FROM runs") == "diverged")
  }

  @Test func `an error is told once, and nothing further is begun`() throws {
    let place = try Workplace()
    try place.write(Trial())
    let outcome = try place.run("run", "config.json", "--seeds", "1..9", "--db", "absent/lab.db")
    #expect(outcome.status == 73)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("Seed 1 has failed.\n"))
    #expect(outcome.errors.contains("Not started: seeds "))
    #expect(outcome.errors.split(separator: "error: ").count == 2)
    for options in [["--seeds", "2..1"], ["--seeds", "1", "-j", "0"], ["-j", "2"]] {
      let refused = try Program.run(
        Program.path, ["run", "config.json"] + options, in: place.path)
      #expect(refused.status == 64)
      #expect(refused.errors.hasPrefix("error: "))
    }
    #expect(try place.names() == ["config.json"])
  }
}
