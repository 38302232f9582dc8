import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Early stopping, learning rates, clipping and class weights in whole runs.
@Suite struct ControlTests {
  /// Models whose steps are large enough for two threads.
  static let layers = [
    #"{"type":"lstm","units":17}"#,
    #"{"type":"lstm","units":9},{"type":"lstm","units":12}"#,
    #"{"type":"gru","units":18}"#,
    #"{"type":"simple_rnn","units":33}"#,
    #"{"type":"bidirectional","layer":{"type":"gru","units":9,"recurrent_dropout":0.2}},"#
      + #"{"type":"dropout","rate":0.3}"#,
    #"{"type":"lstm","units":12,"trainable":false},{"type":"lstm","units":9,"dropout":0.25}"#,
    #"{"type":"embedding","input_dim":7,"output_dim":4},{"type":"lstm","units":17}"#,
  ]

  /// Every control in at least one set.
  static let controls = [
    #","learning_rate_schedule":{"type":"reduce_on_plateau","patience":1,"cooldown":1},"#
      + #""early_stopping":{"patience":7,"restore_best":true},"clip_value":0.02"#,
    #","learning_rate_schedule":{"type":"exponential_decay","decay_steps":5,"decay_rate":0.9},"#
      + #""clip_norm":0.05,"class_weight":{"0":3.0}"#,
    #","learning_rate_schedule":{"type":"cosine_decay","decay_steps":30,"warmup_target":0.02,"#
      + #""warmup_steps":5},"global_clip_norm":0.1"#,
    #","learning_rate_schedule":{"type":"inverse_time_decay","decay_steps":3,"decay_rate":0.2},"#
      + #""early_stopping":{"monitor":"loss","min_delta":0.5,"patience":11}"#,
    #","learning_rate_schedule":{"type":"polynomial_decay","decay_steps":20,"cycle":true},"#
      + #""class_weight":{"0":0.5,"1":2.0},"clip_value":0.01,"clip_norm":0.03"#,
    #","learning_rate_schedule":{"type":"piecewise_constant_decay","boundaries":[5,40],"#
      + #""values":[0.01,0.02,0.001]},"early_stopping":{"monitor":"val_accuracy","patience":15}"#,
  ]

  static func trial(_ layers: String, _ controls: String) -> Trial {
    var trial = Trial(
      epochs: 14, samples: 45, steps: 10, features: 3, batch: 18,
      layers: #"[\#(layers),{"type":"dense","units":2,"activation":"sigmoid"}]"#,
      controls: controls, hasTest: true, isRagged: true)
    if layers.contains("embedding") {
      trial.vocabulary = 7
      trial.features = 1
    }
    return trial
  }

  /// Each life but the last is killed at some epoch; each has another number of threads.
  @Test(arguments: layers, controls)
  func `kills, resumes and threads change no bit`(layers: String, controls: String) throws {
    let place = try Workplace()
    try place.write(Self.trial(layers, controls))
    try place.lab("run", "config.json", "-q", "--threads", "1")
    let whole = try #require(try place.hashes(of: "1").last).prefix { $0 != "|" }
    var random = CounterRandom(seed: UInt64(layers.utf8.count * 1_000 + controls.utf8.count))
    for life in 1...3 {
      let start = life == 1 ? ["run", "config.json"] : ["resume", "2"]
      let program = try LiveProgram(start + ["--threads", "\(life % 2 + 1)"], in: place)
      program.read(upTo: 1)
      program.read(lines: Int(random.next() % 3))
      usleep(UInt32(random.next() % 30_000))
      if life == 1 { try waitForRun(2, in: place) }
      _ = try program.killNow()
    }
    try place.lab("resume", "2", "-q", "--threads", "2")
    #expect(try place.hashes(of: "2").last?.prefix { $0 != "|" } == whole)
    #expect(try place.bits(of: "2") == place.bits(of: "1"))
    let end = "SELECT outcome, message, result_epoch, test_loss, test_accuracy FROM run WHERE id ="
    #expect(try place.sqlite("\(end) 2") == place.sqlite("\(end) 1"))
  }

  private func waitForRun(_ run: Int, in place: Workplace) throws {
    while try place.run("show", "\(run)").status != 0 {}
  }

  // MARK: Early stopping

  /// A rate so high that the loss soon goes nowhere.
  static let restless = Trial(
    epochs: 300, optimizer: #"{"type":"sgd","learning_rate":8.0}"#,
    controls: #","early_stopping":{"patience":6,"restore_best":true}"#, hasTest: true)

  @Test func `the best epoch is the result, and nothing is rewritten`() throws {
    let place = try Workplace()
    var trial = Self.restless
    trial.record = #""weights":{"every":50},"optimizer":{"every":50}"#
    try place.write(trial)
    let outcome = try place.run("run", "config.json")
    #expect(outcome.status == 0)
    let row = try place.sqlite("SELECT epochs, result_epoch, best_epoch, status FROM runs")
      .split(separator: "|")
    let last = try #require(Int(row[0])), best = try #require(Int(row[1]))
    #expect(last == best + 6 && last < 300)
    #expect(row[2] == row[1] && row[3] == "completed")
    #expect(
      outcome.errors.contains(
        "Stopped early after epoch \(last): val_loss was best in epoch \(best).\n"
          + "Test of epoch \(best) - test_loss: "))
    // Export, and whatever else names no epoch, means the result, whose weights are there.
    try place.lab("export", "1", "result.safetensors")
    try place.lab("export", "1@\(best)", "best.safetensors")
    try place.lab("export", "1@\(last)", "last.safetensors")
    #expect(try place.bytes("result.safetensors") == place.bytes("best.safetensors"))
    #expect(try place.bytes("result.safetensors") != place.bytes("last.safetensors"))
    // The epochs are those of a run that was never meant to stop.
    var free = Self.restless
    free.epochs = last
    free.controls = ""
    try place.write(free, to: "free.json")
    try place.lab("run", "free.json", "-q")
    #expect(try place.hashes(of: "2") == place.hashes(of: "1"))
    // The test data are measured twice, and the view tells the result's.
    #expect(
      try place.sqlite(
        "SELECT DISTINCT epoch FROM metrics WHERE run_id = 1 AND split = 'test' ORDER BY epoch")
        == "\(best)\n\(last)")
    #expect(
      try place.sqlite(
        """
        SELECT count(*) FROM runs JOIN metrics USING (run_id) WHERE run_id = 1
          AND epoch = result_epoch AND split = 'test' AND metrics.name = 'loss' AND value = test_loss
        """) == "1")
  }

  @Test func `a run that was stopped early goes on only when told to`() throws {
    let place = try Workplace()
    try place.write(Self.restless)
    try place.lab("run", "config.json", "-q")
    let stop = try #require(Int(try place.sqlite("SELECT epochs FROM runs")))
    let before = try place.bits(of: "1")
    let refused = try place.run("resume", "1")
    #expect(refused.status == 0)
    #expect(
      refused.errors == "Run 1 is complete. To train it further: lstm-lab resume 1 --epochs N\n")
    #expect(try place.bits(of: "1") == before)
    // The patience begins anew, the best value stays: at least six epochs more, if there are six.
    try place.lab("resume", "1", "--epochs", "\(stop + 3)", "-q")
    #expect(try place.sqlite("SELECT epochs FROM runs") == "\(stop + 3)")
    try place.lab("resume", "1", "--epochs", "300", "-q")
    let later = try #require(Int(try place.sqlite("SELECT epochs FROM runs")))
    #expect(later >= stop + 6)
    // The epochs up to there are as they were.
    var free = Self.restless
    free.epochs = later
    free.controls = ""
    try place.write(free, to: "free.json")
    try place.lab("run", "free.json", "-q")
    #expect(try place.hashes(of: "2") == place.hashes(of: "1"))
  }

  @Test func `a kill between the last epoch and the end is made good`() throws {
    let place = try Workplace()
    try place.write(Self.restless)
    try place.lab("run", "config.json", "-q")
    let bits = try place.bits(of: "1")
    let end = "SELECT outcome, message, result_epoch, test_loss FROM run"
    let expected = try place.sqlite(end)
    // As such a kill leaves it: every epoch is stored, the end is not.
    _ = try place.sqlite(
      """
      UPDATE run SET outcome = NULL, message = NULL, finished_at = NULL, result_epoch = NULL,
        test_loss = NULL, test_accuracy = NULL;
      UPDATE progress SET alive_until = 0;
      DELETE FROM metric WHERE split = 'test';
      """)
    #expect(try place.status() == "crashed")
    try place.lab("resume", "1", "-q")
    #expect(try place.sqlite(end) == expected)
    #expect(try place.bits(of: "1") == bits)
  }

  @Test func `without early stopping the test data are measured at the lowest val_loss too`()
    throws
  {
    let place = try Workplace()
    try place.write(Self.restless)
    try place.lab("run", "config.json", "-q")
    let last = try #require(Int(try place.sqlite("SELECT epochs FROM runs")))
    // As many epochs, so that the last is not the best, and weights are stored at the end only.
    var trial = Self.restless
    trial.epochs = last
    trial.controls = ""
    trial.record = #""weights":{"every":1000},"optimizer":{"every":1000}"#
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    #expect(
      try place.sqlite("SELECT best_epoch, epochs, result_epoch FROM runs WHERE run_id = 2")
        == "\(last - 6)|\(last)|\(last)")
    for name in ["loss", "accuracy", "mean_squared_error"] {
      #expect(
        try place.sqlite(
          """
          SELECT epoch FROM metrics WHERE run_id = 2 AND split = 'test' AND name = '\(name)'
          ORDER BY epoch
          """) == "\(last - 6)\n\(last)")
    }
    try place.lab("export", "2@\(last - 6)", "best.safetensors")
    try place.lab("export", "1", "result.safetensors")
    #expect(try place.bytes("best.safetensors").count == place.bytes("result.safetensors").count)
  }

  // MARK: Class weights

  @Test func `classes are weighed by the names that the data give them`() throws {
    let place = try Workplace()
    let rows = (0..<24).map { row in
      "\(row / 3),\(Double(row % 7) / 4),\(row % 5),\(row / 3 % 3 == 0 ? "dog" : "cat")"
    }
    try place.write("id,a,b,kind\n" + rows.joined(separator: "\n") + "\n", to: "pets.csv")
    func hash(_ weights: String) throws -> String {
      try place.write(
        """
        {"data":{"train":{"csv":"pets.csv","sequence":"id","features":["a","b"],"target":"kind"}},
        "model":{"layers":[{"type":"lstm","units":5},
          {"type":"dense","units":2,"activation":"softmax"}]},
        "training":{"epochs":3,"loss":"sparse_categorical_crossentropy"\(weights)}}
        """, to: "config.json")
      return try place.lastHash(of: try place.lab("run", "config.json", "-q"))
    }
    let plain = try hash("")
    #expect(try hash(#","class_weight":{"cat":1}"#) == plain)
    let dogs = try hash(#","class_weight":{"dog":2.5}"#)
    #expect(dogs != plain)
    #expect(try hash(#","class_weight":{"dog":2.5,"cat":1.0}"#) == dogs)
    #expect(try hash(#","class_weight":{"cat":2.5}"#) != dogs)
  }

  // MARK: Forks

  @Test func `a fork goes on with the lowered rate, or anew with another`() throws {
    let place = try Workplace()
    var trial = Self.restless
    trial.epochs = 30
    trial.controls =
      #","learning_rate_schedule":{"type":"reduce_on_plateau","patience":2,"factor":0.5}"#
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    let rate = "SELECT learning_rate FROM epochs WHERE epoch = 21 AND run_id ="
    let lowered = try #require(Double(try place.sqlite("\(rate) 1")))
    #expect(lowered < 8)
    try place.lab("resume", "1", "--from", "20", "-q")
    #expect(try place.hashes(of: "2") == Array(try place.hashes(of: "1")[20...]))
    #expect(try place.bits(of: "2", after: 20) == place.bits(of: "1", after: 20))
    try place.lab(
      "resume", "1", "--from", "20", "--set", "training.optimizer.learning_rate=0.5", "-q")
    #expect(try place.sqlite("\(rate) 3") == "0.5")
    try place.lab(
      "resume", "1", "--from", "20", "--set", "training.learning_rate_schedule=null", "--set",
      #"training.early_stopping={"monitor":"loss","patience":1}"#, "--set",
      "training.clip_norm=0.1", "-q")
    #expect(try place.sqlite("\(rate) 4") == "8.0")
    #expect(
      try place.sqlite(
        """
        SELECT config -> '$.training.early_stopping.patience',
          config -> '$.training.clip_norm', config -> '$.training.learning_rate_schedule'
        FROM runs WHERE run_id = 4
        """) == "1|0.1|")
    let unknown = try place.run(
      "resume", "1", "--from", "20", "--set", "training.early_stoping={}")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("did you mean `early_stopping`?"))
  }
}
