import Foundation
import Testing

/// `influence`: its parts add up, its forms agree, and the ideal form accounts for the loss's change.
struct InfluenceTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private struct Ideal: Decodable {
    let loss_before, loss_after, samples, momentum, decay, rounding, second_order, rest: Double

    var change: Double { loss_before - loss_after }
  }
  private struct Answer: Decodable {
    struct Row: Decodable {
      let sample: Int
      let influence: Double
      let epoch: Int?
      let layer: String?
    }
    struct Epoch: Decodable {
      let epoch: Int
      let influence: Double
    }
    let epochs: [Epoch]
    let ideal: Ideal?
    let samples: [Row]
  }

  private func influence(_ arguments: String...) throws -> Answer {
    let json = try place.output(Program.path, ["influence"] + arguments + ["--json"])
    return try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
  }

  /// How far two numbers may be apart of which each is a sum of the terms.
  private func near(_ a: Double, _ b: Double, _ terms: [Double]) -> Bool {
    abs(a - b) <= 1e-9 * terms.reduce(1e-9) { $0 + abs($1) }
  }

  @Test func `epochs and gates add up to a sample's influence`() throws {
    try place.write(Trial(hasTest: true))
    try place.lab("run", "config.json", "-q")
    let whole = try influence("1", "--split", "test", "--sample", "2")
    #expect(whole.samples.count == 7 && whole.epochs.map(\.epoch) == Array(1...6))
    for detail in ["epoch", "gate"] {
      let split = try influence("1", "--split", "test", "--sample", "2", "--by", detail)
      #expect(split.samples.count == 7 * (detail == "epoch" ? 6 : 5))
      for row in whole.samples {
        let own = split.samples.filter { $0.sample == row.sample }.map(\.influence)
        #expect(near(own.reduce(0, +), row.influence, own))
      }
    }
    let sums = whole.samples.map(\.influence)
    #expect(near(whole.epochs.reduce(0) { $0 + $1.influence }, sums.reduce(0, +), sums))
    // An earlier epoch counts those up to it.
    let early = try influence("1@3", "--split", "test", "--sample", "2")
    #expect(early.epochs.map(\.influence) == Array(whole.epochs.map(\.influence).prefix(3)))
  }

  @Test func `each with itself is what it is asked about alone`() throws {
    try place.write(Trial(isRagged: true))
    try place.lab("run", "config.json", "-q")
    let own = try influence("1", "--self")
    for sample in 0..<7 {
      let asked = try influence("1", "--split", "train", "--sample", "\(sample)")
      let (a, b) = (own.samples[sample].influence, asked.samples[sample].influence)
      #expect(a > 0 && abs(a - b) < 1e-5 * a)
    }
  }

  @Test func `the mean loss of a class is that of its samples`() throws {
    try place.write(
      "a,b,c,kind\n"
        + (0..<12).map { "\($0 % 5 - 2),\($0 % 7),1,\($0 % 3 == 0 ? "a" : "b")\n" }.joined(),
      to: "data.csv")
    try place.write(
      #"""
      {"name":"classes","seed":1,"data":{"train":{"csv":"data.csv","layout":"wide","target":"kind",
      "classes":["a","b"]}},
      "model":{"layers":[{"type":"lstm","units":4},{"type":"dense","units":2,"activation":"softmax"}]},
      "training":{"epochs":5,"batch_size":4,"loss":"sparse_categorical_crossentropy"}}
      """#, to: "config.json")
    let outcome = try place.run("run", "config.json", "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let named = try influence("1", "--class", "a")
    let numbered = try influence("1", "--sample", "0,3,6,9")
    #expect(named.samples.map(\.influence) == numbered.samples.map(\.influence))
    let alone = try ["0", "3", "6", "9"].map { try influence("1", "--sample", $0).samples }
    for sample in 0..<12 {
      let parts = alone.map { $0[sample].influence / 4 }
      let sum = parts.reduce(0, +)
      let size = parts.reduce(0) { $0 + abs($1) }
      #expect(abs(named.samples[sample].influence - sum) < 1e-5 * size)
    }
    let refused = try place.run("influence", "1", "--class", "c")
    #expect(refused.status != 0 && refused.errors.contains("c"))
  }

  static let optimizers = [
    #"{"type":"sgd","learning_rate":0.05}"#,
    #"{"type":"sgd","learning_rate":0.02,"momentum":0.9}"#,
    #"{"type":"sgd","learning_rate":0.02,"momentum":0.9,"nesterov":true}"#,
    #"{"type":"adam","learning_rate":0.005}"#,
    #"{"type":"adam","learning_rate":0.005,"amsgrad":true}"#,
    #"{"type":"adamw","learning_rate":0.005,"weight_decay":0.1}"#,
    #"{"type":"rmsprop","learning_rate":0.003}"#,
    #"{"type":"rmsprop","learning_rate":0.002,"momentum":0.8,"centered":true}"#,
  ]

  /// The parts of an account add up to the change of the loss; what is left beside the second order is small
  /// against it, and what rounding did is small against everything.
  private func expectAccount(_ ideal: Ideal?, _ what: String) throws {
    let ideal = try #require(ideal)
    let parts = [
      ideal.samples, ideal.momentum, ideal.decay, ideal.rounding, ideal.second_order, ideal.rest,
    ]
    #expect(near(parts.reduce(0, +), ideal.change, parts), "\(what)")
    #expect(abs(ideal.rounding) < 1e-5 * (abs(ideal.samples) + 1), "\(what): \(ideal)")
    #expect(
      abs(ideal.rest) < 0.2 * abs(ideal.second_order) + 1e-4 * abs(ideal.change) + 1e-6,
      "\(what): \(ideal)")
  }

  @Test(arguments: optimizers)
  func `what the samples moved, with their momentum, accounts for the loss`(
    optimizer: String
  ) throws {
    var trial = Trial(epochs: 12, hasTest: true)
    trial.optimizer = optimizer
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    let whole = try influence("1", "--split", "test", "--sample", "1", "--ideal")
    try expectAccount(whole.ideal, optimizer)
    let ideal = try #require(whole.ideal)
    let sums = whole.samples.map(\.influence)
    #expect(near(sums.reduce(0, +), ideal.samples, sums))
    #expect(ideal.momentum == 0 && (ideal.decay != 0) == optimizer.contains("adamw"))
    // A fork goes on with the momentum of its parent, which is nobody's.
    try place.lab("resume", "1", "--from", "6", "--set", "batch_size=5", "--epochs", "12", "-q")
    let fork = try #require(
      try influence("2", "--split", "test", "--sample", "1", "--ideal").ideal)
    let hasMomentum = optimizer.contains("momentum") || optimizer.contains("adam")
    #expect((fork.momentum != 0) == hasMomentum)
    try expectAccount(fork, "fork, \(optimizer)")
  }

  @Test(arguments: [
    #","clip_norm":0.05"#, #","global_clip_norm":0.05"#, #","clip_value":0.01"#,
    #","class_weight":{"0":3,"1":0.5}"#, "dropout", "frozen", "steps",
  ])
  func `limits, weights, dropout and frozen layers are in the account`(control: String) throws {
    var trial = Trial(epochs: 10, hasTest: true)
    trial.isRagged = true
    trial.optimizer = #"{"type":"adam","learning_rate":0.005}"#
    let output = #"{"type":"dense","units":2,"activation":"softmax"}]"#
    trial.loss = "categorical_crossentropy"
    trial.layers = #"[{"type":"lstm","units":5},"# + output
    switch control {
    case "dropout":
      trial.layers =
        #"[{"type":"lstm","units":5,"dropout":0.3,"recurrent_dropout":0.2},{"type":"dropout","rate":0.2},"#
        + output
    case "frozen":
      trial.layers =
        #"[{"type":"gru","units":3,"return_sequences":true,"trainable":false},{"type":"lstm","units":5},"#
        + output
    case "steps": trial.batch = 2
    default: trial.controls = control
    }
    try place.write(trial)
    let outcome = try place.run("run", "config.json", "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectAccount(
      try influence("1", "--split", "test", "--sample", "1", "--ideal").ideal, control)
  }

  @Test func `the second order shrinks with the learning rate`() throws {
    var shares: [Double] = []
    for rate in [0.2, 0.1, 0.05, 0.025, 0.0125] {
      var trial = Trial(epochs: Int(2 / rate), hasTest: true)
      trial.batch = 7
      trial.optimizer = #"{"type":"sgd","learning_rate":\#(rate)}"#
      try place.write(trial)
      let run = try place.lab("run", "config.json", "-q")
      let ideal = try #require(
        try influence(run, "--split", "test", "--sample", "1", "--ideal").ideal)
      shares.append(abs(ideal.change - ideal.samples))
    }
    for (before, after) in zip(shares, shares.dropFirst()) {
      #expect(after < 0.7 * before, "\(shares)")
    }
  }

  @Test func `epochs that are not stored do not count, and a fork's are its own`() throws {
    var trial = Trial(epochs: 9)
    try place.write(trial, to: "whole.json")
    trial.record = #""weights":{"every":3},"optimizer":{"every":3}"#
    try place.write(trial)
    try place.lab("run", "whole.json", "-q")
    try place.lab("run", "config.json", "-q")
    let whole = try influence("1", "--split", "validation", "--by", "epoch")
    let thinned = try influence("2", "--split", "validation", "--by", "epoch")
    #expect(thinned.epochs.map(\.epoch) == [3, 6, 9])
    let those = whole.samples.filter { ($0.epoch ?? 0) % 3 == 0 }
    #expect(thinned.samples.map(\.influence) == those.map(\.influence))
    #expect(
      try place.lab("influence", "2", "--split", "validation").contains(
        "; 6 more are not stored and do not count"))
    // Every step is trained again, whatever is stored.
    let (a, b) = (
      try influence("1", "--split", "validation", "--ideal"),
      try influence("2", "--split", "validation", "--ideal")
    )
    #expect(a.samples.map(\.influence) == b.samples.map(\.influence))
    try place.lab("resume", "1", "--from", "6", "--set", "batch_size=2", "--epochs", "8", "-q")
    #expect(try influence("3", "--split", "validation").epochs.map(\.epoch) == [7, 8])
    #expect(try place.lab("influence", "3").contains("those of its parent, up to 6, do not count"))
    // Of epochs at the beginning, too, it is said.
    try place.lab("prune", "1", "--weights", "last", "--yes")
    for command in ["influence", "learned"] {
      #expect(try place.lab(command, "1").contains("not stored and do not count"), "\(command)")
    }
  }

  @Test func `threads show in no digit, and what cannot be told is refused`() throws {
    try place.write(Trial(hasTest: true))
    try place.lab("run", "config.json", "-q")
    for more in [[], ["--ideal"]] {
      let texts = try ["1", "2", "5"].map { threads in
        try place.output(
          Program.path,
          ["influence", "1", "--sample", "0..3", "--threads", threads, "--json"] + more)
      }
      #expect(Set(texts).count == 1)
    }
    for (arguments, word) in [
      (["influence", "1", "--self", "--ideal"], "--ideal"),
      (["influence", "1", "--self", "--split", "test"], "--self"),
      (["influence", "1", "--sample", "1", "--class", "a"], "--class"),
      (["influence", "1", "--class", "a"], "class"),
      (["influence", "1", "--sample", "99"], "sample"),
      (["influence", "1@0", "--ideal"], "epoch"), (["influence", "1@0"], "is before the first"),
    ] {
      let outcome = try Program.run(Program.path, arguments, in: place.path)
      #expect(
        outcome.status != 0 && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
    }
  }
}
