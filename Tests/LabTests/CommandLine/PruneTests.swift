import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `prune`, and epochs that are not stored: they are trained again where they are looked at.
struct PruneTests {
  /// Runs that remember more than their weights.
  static let kinds: [(id: String, controls: String, layers: String?, optimizer: String?)] = [
    ("plain", "", nil, nil),
    (
      "dropout, no optimizer state", "",
      #"[{"type":"lstm","units":5,"dropout":0.3,"recurrent_dropout":0.2},{"type":"dense","units":2,"activation":"sigmoid"}]"#,
      #"{"type":"sgd","learning_rate":0.1}"#
    ),
    (
      "early stopping",
      #","early_stopping":{"monitor":"val_accuracy","patience":8,"restore_best":true}"#, nil, nil
    ),
    (
      "plateau",
      #","learning_rate_schedule":{"type":"reduce_on_plateau","monitor":"loss","patience":1,"min_delta":0.05}"#,
      nil, nil
    ),
  ]

  private func trained(_ index: Int, epochs: Int = 13) throws -> Workplace {
    let kind = Self.kinds[index]
    var trial = Trial(epochs: epochs)
    trial.controls = kind.controls
    trial.layers = kind.layers ?? trial.layers
    trial.optimizer = kind.optimizer ?? trial.optimizer
    trial.hasTest = true
    let place = try Workplace()
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    return place
  }

  private func pruned(
    _ place: Workplace, _ options: String..., run: String = "1"
  ) throws -> Program.Outcome {
    try Program.run(
      Program.path, ["prune", run, "--yes"] + options, in: place.path, environment: [:])
  }

  /// The epochs with weights, and those that can be resumed.
  private func stored(_ place: Workplace, run: String = "1") throws -> String {
    try place.sqlite(
      """
      SELECT (SELECT group_concat(epoch) FROM recording WHERE run_id = \(run) AND part = 'weights'),
        (SELECT group_concat(epoch) FROM epoch WHERE run_id = \(run) AND resumable = 1)
      """)
  }

  /// What every command that looks inside says of some epochs, without what it says on standard error.
  private func looks(_ place: Workplace, run: String, at epochs: [Int]) throws -> [String] {
    var looks: [String] = []
    for epoch in epochs {
      let name = "\(run)@\(epoch)"
      looks.append(try place.lab("weights", name, "--csv"))
      looks.append(try place.lab("weights", name, "--by-gate", "--json"))
      looks.append(try place.run("diff", name, "\(run)@last", "--json").output)
      looks.append(try place.lab("gates", name, "--sample", "1", "--csv"))
      looks.append(try place.lab("explain", name, "--json"))
      looks.append(try place.lab("predict", name))
      looks.append(try place.lab("evaluate", name, "--json"))
      if epoch > epochs[0] {
        looks.append(try place.lab("blame", name, "lstm/kernel[0,0]", "--json"))
      }
      try place.lab("export", name, "w.safetensors")
      looks.append(try place.bytes("w.safetensors").map { "\($0)" }.joined(separator: " "))
    }
    return looks
  }

  /// Looks at the last epoch without weights, of which it must be told that it was trained again.
  private func expectTold(_ place: Workplace, run: String) throws {
    let lacking = try place.sqlite(
      """
      SELECT max(epoch) FROM epoch AS e WHERE run_id = \(run) AND NOT EXISTS (
        SELECT 1 FROM recording AS r WHERE r.run_id = e.run_id AND r.epoch = e.epoch
          AND part = 'weights')
      """)
    let start = try place.sqlite(
      "SELECT max(epoch) FROM epoch WHERE run_id = \(run) AND resumable AND epoch < \(lacking)")
    #expect(
      try place.run("weights", "\(run)@\(lacking)").errors
        == "epoch \(lacking) is not stored: trained again from epoch \(start)\n")
  }

  private func expectSound(_ place: Workplace) throws {
    #expect(try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
    #expect(
      try place.sqlite(
        """
        SELECT (SELECT count(*) FROM vector)
          - (SELECT sum(vectors) FROM recording) - (SELECT coalesce(sum(vectors), 0) FROM split)
        """) == "0")
  }

  @Test(arguments: kinds.indices)
  func `a fork of an epoch that fell away is the fork of one that did not`(index: Int) throws {
    let place = try trained(index)
    #expect(try place.shell("cp lab.db whole.db").status == 0)
    #expect(try pruned(place, "--weights", "every=5").status == 0)
    let last = try #require(Int(try place.sqlite("SELECT epochs FROM runs")))
    let lacking = try place.sqlite(
      "SELECT epoch FROM epoch WHERE run_id = 1 AND NOT resumable AND epoch < \(last)"
    ).split(separator: "\n").map(String.init)
    #expect(lacking.count > 3)
    for epoch in [lacking[0], lacking[1], lacking[lacking.count - 1]] {
      let arguments = ["resume", "1", "--from", epoch, "--epochs", "\(last + 2)", "-q"]
      let fork = try Program.run(Program.path, arguments, in: place.path)
      #expect(fork.status == 0, "\(fork.errors)")
      #expect(fork.errors.contains("epoch \(epoch) is not stored: trained again from epoch "))
      let run = fork.output.split(separator: "\n").joined()
      let other = try place.output(Program.path, arguments + ["--db", "whole.db"])
      #expect(try place.bits(of: run) == place.bits(of: other, database: "whole.db"))
      #expect(try place.run("verify", run).status == 0)
    }
    // With an optimizer of another kind, which begins anew.
    let change = [
      "--set", #"training.optimizer={"type":"rmsprop"}"#, "--epochs", "\(last + 2)", "-q",
    ]
    let from = ["resume", "1", "--from", lacking[0]] + change
    let run = try place.output(Program.path, from)
    let other = try place.output(Program.path, from + ["--db", "whole.db"])
    #expect(try place.bits(of: run) == place.bits(of: other, database: "whole.db"))
  }

  @Test(arguments: kinds.indices)
  func `every epoch that fell away is seen as it was, and nothing is written`(index: Int) throws {
    let place = try trained(index)
    let last = try #require(Int(try place.sqlite("SELECT epochs FROM runs")))
    let epochs = [0, 1, 4, 5, 7, last - 1, last]
    let before = try looks(place, run: "1", at: epochs)
    let hashes = try place.hashes(of: "1")
    let kept = try place.sqlite(
      """
      SELECT group_concat(epoch) FROM epoch JOIN runs USING (run_id)
      WHERE epoch % 5 = 0 OR epoch IN (best_epoch, result_epoch, epochs)
      """)
    let outcome = try pruned(place, "--weights", "every=5")
    #expect(
      outcome.status == 0 && outcome.errors.hasPrefix("Removed the weights of "), "\(outcome)")
    #expect(try stored(place) == "\(kept)|\(kept)")
    try expectSound(place)
    let bytes = try place.bytes("lab.db")
    #expect(try looks(place, run: "1", at: epochs) == before)
    #expect(try place.bytes("lab.db") == bytes)
    #expect(try place.hashes(of: "1") == hashes)
    try expectTold(place, run: "1")
    #expect(try place.run("verify", "1").status == 0)
    #expect(try place.run("doctor").status == 0)
    // It goes on as if nothing had fallen away.
    try place.lab("resume", "1", "--epochs", "16", "-q")
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "2", "--epochs", "16", "-q")
    #expect(try place.hashes(of: "1") == place.hashes(of: "2"))
  }

  @Test func `a fork's epochs come back from its own first state, also when its parent is gone`()
    throws
  {
    let place = try trained(0)
    try place.lab(
      "resume", "1", "--from", "3", "--set", "training.optimizer.learning_rate=0.02", "-q")
    let epochs = [3, 4, 8, 13]
    let before = try looks(place, run: "2", at: epochs)
    let best = try place.sqlite("SELECT best_epoch FROM runs WHERE run_id = 2")
    #expect(try pruned(place, "--weights", "last", run: "2").status == 0)
    let kept = Set(["3", best, "13"]).sorted { Int($0) ?? 0 < Int($1) ?? 0 }.joined(separator: ",")
    #expect(try stored(place, run: "2") == "\(kept)|\(kept)")
    #expect(try looks(place, run: "2", at: epochs) == before)
    try place.lab("delete", "1", "--yes")
    #expect(try looks(place, run: "2", at: epochs) == before)
  }

  @Test func `a run that was recorded thinly is looked at like one that was not`() throws {
    let place = try trained(0)
    var trial = Trial(epochs: 13)
    trial.hasTest = true
    trial.record = #""weights":{"every":6},"optimizer":{"every":12}"#
    try place.write(trial, to: "thin.json")
    try place.lab("run", "thin.json", "-q")
    for epoch in [1, 5, 6, 7, 11] {
      for look in [
        ["weights", "--csv"], ["gates", "--csv"], ["predict", "--csv"],
      ] {
        let whole = try place.lab(look[0], "1@\(epoch)", look[1])
        #expect(
          try place.lab(look[0], "2@\(epoch)", look[1]) == whole, "\(look[0]), epoch \(epoch)")
      }
    }
    try expectTold(place, run: "2")
  }

  @Test func `optimizer states alone fall away, and weights stay`() throws {
    let place = try trained(0)
    let all = (0...13).map { "\($0)" }.joined(separator: ",")
    let best = try place.sqlite("SELECT best_epoch FROM runs")
    #expect(try pruned(place, "--optimizer", "last").status == 0)
    let kept = Set(["0", best, "13"]).sorted { Int($0) ?? 0 < Int($1) ?? 0 }.joined(separator: ",")
    #expect(try stored(place) == "\(all)|\(kept)")
    try expectSound(place)
    #expect(try place.run("weights", "1@4").errors == "")
    #expect(try place.run("verify", "1").status == 0)
    let again = try pruned(place, "--optimizer", "last")
    #expect(again.status == 0 && again.errors == "There is nothing to remove.\n", "\(again)")
  }

  @Test func `what a run needs to go on stays: its last state, and the best of early stopping`()
    throws
  {
    let place = try Workplace()
    var trial = Trial(epochs: 30)
    trial.controls =
      #","early_stopping":{"monitor":"val_accuracy","patience":25,"restore_best":true}"#
    try place.write(trial)
    try place.lab("run", "config.json", "-q", "--db", "whole.db")
    try place.lab("run", "config.json", "-q", "--stop-at", "17")
    #expect(try pruned(place, "--weights", "last").status == 0)
    let resumed = try place.run("resume", "1", "-q")
    #expect(resumed.status == 0 && !resumed.errors.contains("was lost"), "\(resumed)")
    #expect(try place.hashes(of: "1") == place.hashes(of: "1", database: "whole.db"))
    let result = "SELECT result_epoch FROM runs"
    #expect(try place.sqlite(result) == place.sqlite(result, database: "whole.db"))
  }

  @Test func `a model of characters writes what it wrote`() throws {
    let place = try Workplace()
    let text = (0..<400).map { "the cat sat on a mat.\n".split(separator: "a")[$0 * $0 % 4] }
    try place.write(text.joined(), to: "a.txt")
    try place.write(
      #"""
      {"data":{"train":{"text":"a.txt","sequence_length":12}},
      "model":{"layers":[{"type":"embedding","output_dim":4},
       {"type":"lstm","units":7,"return_sequences":true},{"type":"dense","activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":5,"batch_size":8}}
      """#, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let ask = ["generate", "1", "--prompt", "the ", "--epochs", "1..5", "--json", "--length", "60"]
    let before = try place.output(Program.path, ask)
    #expect(try pruned(place, "--weights", "last").status == 0)
    #expect(try place.output(Program.path, ask) == before)
  }

  @Test func `a kill at any moment leaves all of it or nothing`() throws {
    let place = try trained(0, epochs: 400)
    let whole = try stored(place)
    try place.shell("cp lab.db whole.db").expectZero()
    #expect(try pruned(place, "--weights", "every=50").status == 0)
    let after = try stored(place)
    #expect(whole != after)
    var seen: Set<Bool> = []
    for moment in 0..<12 {
      try place.shell("rm -f lab.db*; cp whole.db lab.db").expectZero()
      try place.shell(
        """
        "$LAB" prune 1 --weights every=50 --yes >/dev/null 2>&1 & it=$!
        sleep \(Double(moment) * 0.02); kill -9 $it 2>/dev/null; wait $it 2>/dev/null; :
        """
      ).expectZero()
      let now = try stored(place)
      #expect(now == whole || now == after, "moment \(moment)")
      seen.insert(now == whole)
      try expectSound(place)
    }
    #expect(seen.contains(true))
  }

  @Test func `space is given back, all the runs of a condition, and a dry run changes nothing`()
    throws
  {
    let place = try trained(0, epochs: 60)
    try place.lab("run", "config.json", "--seeds", "2..3", "-q")
    let before = try place.sqlite("SELECT count(*) FROM recording")
    let dry = try place.run(
      "prune", "--where", "seed >= 2", "--weights", "last", "--dry-run", "--csv")
    #expect(dry.status == 0 && dry.errors.hasPrefix("Would remove the weights of "), "\(dry)")
    #expect(dry.output.split(separator: "\n").count == 3)
    #expect(try place.sqlite("SELECT count(*) FROM recording") == before)
    let size = try place.bytes("lab.db").count
    try place.lab("prune", "--where", "seed >= 2", "--weights", "last", "--yes", "--shrink")
    #expect(try place.bytes("lab.db").count < size)
    #expect(
      try place.sqlite(
        "SELECT run_id, count(*) > 10 FROM recording WHERE part = 'weights' GROUP BY run_id")
        == "1|1\n2|0\n3|0")
    try expectSound(place)
  }
}

extension Program.Outcome {
  /// A step of a test that must work.
  fileprivate func expectZero() { #expect(status == 0, "\(errors)") }
}
