import Foundation
import Testing

/// `diff --since-fork`: where runs with a common start parted, by which gates and samples.
struct PartingTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private struct Parting: Decodable {
    struct Epoch: Decodable {
      let epoch: Int
      let distance, loss_a, loss_b: Double
    }
    struct Gate: Decodable {
      let layer: String
      let norm_change: Double
    }
    struct Sample: Decodable {
      let sample: Int
      let first_a, first_b, last_a, last_b: Double
    }
    let common: Int
    let parted: Int?
    let epochs: [Epoch]
    let gates_first, gates_last: [Gate]
    let samples: [Sample]
  }

  private func parting(_ arguments: String..., status: Int32 = 1) throws -> Parting {
    let outcome = try Program.run(
      Program.path, ["diff"] + arguments + ["--since-fork", "--json"], in: place.path)
    #expect(outcome.status == status, "\(outcome.errors)")
    return try JSONDecoder().decode(Parting.self, from: Data(outcome.output.utf8))
  }

  private func start() throws {
    try place.write(Trial(epochs: 12))
    try place.lab("run", "config.json", "-q")
  }

  /// The Euclidean distance of two states by the view of weights.
  private func distance(_ a: (run: Int, epoch: Int), _ b: (run: Int, epoch: Int)) throws -> Double {
    let square = try place.sqlite(
      """
      SELECT format('%.17g', sum((a.value - b.value) * (a.value - b.value))) FROM weights a JOIN weights b
      USING (layer, tensor, row, col)
      WHERE a.run_id = \(a.run) AND a.epoch = \(a.epoch) AND b.run_id = \(b.run) AND b.epoch = \(b.epoch)
      """)
    return try #require(Double(square)).squareRoot()
  }

  @Test func `a fork parts in the epoch after the one that it begins at`() throws {
    try start()
    try place.lab("resume", "1", "--from", "5", "--set", "learning_rate=0.002", "-q")
    let told = try parting("1", "2")
    #expect(told.common == 5 && told.parted == 6)
    #expect(told.epochs.map(\.epoch) == Array(6...12))
    for row in told.epochs {
      let own = try distance((1, row.epoch), (2, row.epoch))
      #expect(abs(row.distance - own) < 1e-9 * max(1, own))
    }
    for (gates, epoch) in [(told.gates_first, 6), (told.gates_last, 12)] {
      let sum = gates.reduce(0) { $0 + $1.norm_change * $1.norm_change }.squareRoot()
      #expect(abs(sum - (try distance((1, epoch), (2, epoch)))) < 1e-9)
    }
    // The losses are those of the samples, whose mean `evaluate` tells.
    for (epoch, state, means) in [
      (6, "1@6", told.samples.map(\.first_a)), (6, "2@6", told.samples.map(\.first_b)),
      (12, "1@12", told.samples.map(\.last_a)), (12, "2@12", told.samples.map(\.last_b)),
    ] {
      let mean = means.reduce(0, +) / Double(means.count)
      let json = try place.lab("evaluate", state, "--split", "train", "--json")
      let loss = try #require(
        json.firstMatch(of: #/"loss":([0-9.e-]+)/#).flatMap { Double($0.output.1) })
      #expect(abs(mean - loss) < 1e-6)
      let row = try #require(told.epochs.first { $0.epoch == epoch })
      #expect(abs((state.hasPrefix("1") ? row.loss_a : row.loss_b) - mean) < 1e-12)
    }
  }

  @Test func `two forks of one run share what their parent had`() throws {
    try start()
    try place.lab("resume", "1", "--from", "4", "--set", "learning_rate=0.002", "-q")
    try place.lab("resume", "1", "--from", "9", "--set", "batch_size=2", "-q")
    #expect(try parting("2", "3").parted == 5)
    #expect(try parting("3", "2").parted == 5)
    #expect(try parting("1", "3").parted == 10)
    // A fork of a fork.
    try place.lab("resume", "2", "--from", "7", "--set", "batch_size=2", "-q")
    #expect(try parting("4", "2").parted == 8)
    #expect(try parting("4", "1").parted == 5)
  }

  @Test func `runs of one seed share their first weights, and equal runs do not part`() throws {
    try start()
    try place.lab("run", "config.json", "--set", "learning_rate=0.02", "-q")
    let told = try parting("1", "2")
    #expect(told.common == 0 && told.parted == 1)
    try place.lab("run", "config.json", "--set", "epochs=7", "-q")
    let same = try parting("1", "3", status: 0)
    #expect(same.common == 7 && same.parted == nil && same.epochs.isEmpty)
    // By another name of the setting, the fork is the same to the bit.
    try place.lab("resume", "1", "--from", "5", "--set", "learning_rate=0.002", "-q")
    try place.lab(
      "resume", "1", "--from", "5", "--set", "training.optimizer.learning_rate=0.002", "-q")
    #expect(try place.bits(of: "4") == place.bits(of: "5"))
  }

  @Test func `what differs in the model is told, and a deleted parent does not hide the start`()
    throws
  {
    try start()
    var other = Trial(epochs: 12)
    other.layers =
      #"[{"type":"lstm","units":5,"dropout":0.5},{"type":"dense","units":2,"activation":"sigmoid"}]"#
    try place.write(other, to: "other.json")
    try place.lab("run", "other.json", "-q")
    let told = try place.run("diff", "1", "2", "--since-fork")
    #expect(told.status == 1 && told.output.contains("model.layers.0.dropout became 0.5"))
    for form in ["--md", "--json"] {
      let text = try place.run("diff", "1", "2", "--since-fork", form).output
      #expect(text.contains("model.layers.0.dropout") && text.contains("norm_change"), "\(form)")
    }
    try place.lab("resume", "1", "--from", "4", "--set", "learning_rate=0.002", "-q")
    try place.lab("resume", "1", "--from", "4", "--set", "batch_size=2", "-q")
    try place.lab("delete", "1", "--yes")
    let siblings = try parting("3", "4")
    #expect(siblings.common == 4 && siblings.parted == 5)
    #expect(try place.run("diff", "3", "4", "--since-fork").output.contains("epochs 4 to 4"))
  }

  @Test func `what has no common start is refused`() throws {
    try start()
    try place.lab("run", "config.json", "--set", "seed=2", "-q")
    try place.write(
      Trial(layers: #"[{"type":"gru","units":5},{"type":"dense","units":2}]"#), to: "gru.json")
    #expect(try place.run("run", "gru.json", "-q").status == 0)
    for (a, b, word) in [
      ("1", "2", "no common start"), ("1", "3", "not the same tensors"),
      ("1@3", "2", "name the run"),
    ] {
      let outcome = try place.run("diff", a, b, "--since-fork")
      #expect(outcome.status == 64 && outcome.errors.contains(word), "\(outcome.errors)")
    }
    let outcome = try place.run("diff", "1@2", "1@3", "--split", "train")
    #expect(outcome.status == 64 && outcome.errors.contains("--since-fork"))
  }
}
