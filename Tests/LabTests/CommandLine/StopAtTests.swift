import Foundation
import Testing

/// `--stop-at`: a run that ends for now where it was told to, and goes on to the same bits.
struct StopAtTests {
  /// What makes a run remember more than its weights.
  static let trials: [(id: String, controls: String, layers: String?, record: String)] = [
    ("plain", "", nil, ""),
    (
      "dropout", "", #"[{"type":"lstm","units":5,"dropout":0.3},{"type":"dense","units":2}]"#, ""
    ),
    (
      "early stopping",
      #","early_stopping":{"monitor":"val_loss","patience":4,"restore_best":true}"#, nil, ""
    ),
    (
      "plateau",
      #","learning_rate_schedule":{"type":"reduce_on_plateau","monitor":"loss","patience":1}"#, nil,
      ""
    ),
    ("seldom", "", nil, #""weights":{"every":7},"optimizer":{"every":100}"#),
  ]

  private func trial(_ index: Int, test: Bool = true) -> Trial {
    var trial = Trial(epochs: 12)
    trial.controls = Self.trials[index].controls
    trial.layers = Self.trials[index].layers ?? trial.layers
    trial.record = Self.trials[index].record
    trial.hasTest = test
    return trial
  }

  @Test(arguments: trials.indices)
  func `a run that was stopped at an epoch, once or often, is to the bit one that never was`(
    index: Int
  ) throws {
    let place = try Workplace()
    try place.write(trial(index))
    try place.lab("run", "config.json", "-q", "--db", "whole.db")
    let whole = try place.hashes(of: "1", database: "whole.db")
    let config = "SELECT config, config_hash FROM runs WHERE run_id = "
    for stop in [0, 1, 3, 5] {
      let outcome = try place.run("run", "config.json", "--stop-at", "\(stop)")
      let run = outcome.output.dropLast()
      #expect(outcome.status == 0, "\(outcome)")
      #expect(
        outcome.errors.hasSuffix(
          "Stopped at epoch \(stop) of 12: run \(run) in lab.db. Go on with: lstm-lab resume \(run)\n"
        ), "\(outcome.errors)")
      #expect(
        try place.sqlite(
          """
          SELECT status, message, epochs, resumable FROM runs JOIN epoch USING (run_id)
          WHERE run_id = \(run) AND epoch = epochs
          """) == "interrupted|stopped at epoch \(stop)|\(stop)|1")
      #expect(
        try place.sqlite(config + run) == place.sqlite(config + "1", database: "whole.db"))
      #expect(try place.hashes(of: String(run)) == Array(whole[...stop]))
      for next in [stop, stop + 1, 6] {
        try place.lab("resume", String(run), "--stop-at", "\(next)", "-q")
        #expect(try place.hashes(of: String(run)).count == next + 1)
      }
      try place.lab("resume", String(run), "-q")
      #expect(try place.hashes(of: String(run)) == whole)
      #expect(
        try place.sqlite("SELECT status, message FROM runs WHERE run_id = \(run)")
          == place.sqlite("SELECT status, message FROM runs", database: "whole.db"))
      let results =
        "SELECT result_epoch, best_epoch, test_loss, test_accuracy FROM runs WHERE run_id ="
      #expect(
        try place.sqlite(results + run) == place.sqlite(results + "1", database: "whole.db"))
      #expect(try place.run("verify", String(run)).status == 0)
    }
    guard Self.trials[index].record.isEmpty else { return }
    #expect(try place.bits(of: "1") == place.bits(of: "1", database: "whole.db"))
  }

  @Test func `a stop at the last epoch or beyond changes nothing`() throws {
    let place = try Workplace()
    try place.write(trial(0))
    try place.lab("run", "config.json", "-q")
    for stop in ["12", "13", "1000000000"] {
      let run = try place.lab("run", "config.json", "-q", "--stop-at", stop)
      #expect(try place.bits(of: run) == place.bits(of: "1"))
      #expect(try place.sqlite("SELECT status FROM runs WHERE run_id = \(run)") == "completed")
    }
    let resumed = try place.run("resume", "1", "--stop-at", "20")
    #expect(resumed.status == 0 && resumed.errors.contains("is complete"), "\(resumed)")
  }

  @Test func `every seed and fold stops there, and forks do`() throws {
    let place = try Workplace()
    try place.write(trial(0))
    let seeds = try place.run("run", "config.json", "--seeds", "1..3", "--stop-at", "4")
    #expect(seeds.status == 0 && seeds.errors.contains("Seed 2: run 2 stopped at epoch 4"))
    #expect(try place.sqlite("SELECT DISTINCT epochs, message FROM runs") == "4|stopped at epoch 4")
    try place.lab("resume", "1", "--from", "2", "--stop-at", "5", "-q")
    try place.lab("resume", "1", "-q")
    #expect(try place.hashes(of: "4") == Array(place.hashes(of: "1")[2...5]))
    try place.lab("resume", "4", "-q")
    #expect(try place.hashes(of: "4") == Array(place.hashes(of: "1")[2...]))
  }

  static let refusals: [(arguments: [String], told: String)] = [
    (["run", "config.json", "--stop-at", "-1"], "--stop-at"),
    (["run", "config.json", "--stop-at", "1000000001"], "allowed: 0 to 1000000000"),
    (["resume", "1", "--stop-at", "3"], "run 1 has 4 epochs already"),
    (["resume", "1", "--from", "3", "--stop-at", "2"], "would start at epoch 3 and stop at 2"),
  ]

  @Test(arguments: refusals.indices)
  func `a stop that cannot be is refused`(index: Int) throws {
    let place = try Workplace()
    try place.write(trial(0))
    try place.lab("run", "config.json", "--stop-at", "4", "-q")
    let before = try place.bits(of: "1")
    let outcome = try Program.run(
      Program.path, Self.refusals[index].arguments, in: place.path, environment: [:])
    #expect(outcome.status == 64, "\(outcome)")
    #expect(outcome.errors.contains(Self.refusals[index].told), "\(outcome.errors)")
    #expect(try place.bits(of: "1") == before && place.sqlite("SELECT count(*) FROM runs") == "1")
  }
}
