import Foundation
import Testing

/// Stored bytes and data that are no longer what they were: a resume notices.
@Suite struct StoredDamageTests {
  private func trained(_ trial: Trial = Trial()) throws -> Workplace {
    let place = try Workplace()
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    return place
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Changes the last epoch, number 6.
    let sql: String

    init(_ name: String, _ sql: String) {
      testDescription = name
      self.sql = sql
    }

    static func flip(_ part: String, _ name: String) -> String {
      """
      UPDATE vector SET data = CAST(
        CASE substr(data, 1, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(data, 2) AS BLOB)
      WHERE id = (SELECT first_vector FROM recording
        WHERE run_id = 1 AND epoch = 6 AND part = '\(part)' AND name = '\(name)');
      SELECT changes();
      """
    }
  }

  @Test(arguments: [
    Damage("a weight", Damage.flip("weights", "")),
    Damage("the first moment", Damage.flip("optimizer", "momentum")),
    Damage("the second moment", Damage.flip("optimizer", "velocity")),
    Damage(
      "the step count",
      "UPDATE epoch SET state = replace(state, '18', '19') WHERE epoch = 6; SELECT changes();"),
    Damage(
      "the hash", "UPDATE epoch SET hash = zeroblob(32) WHERE epoch = 6; SELECT changes();"),
    Damage(
      "the hash before",
      "UPDATE epoch SET hash = zeroblob(32) WHERE epoch = 5; SELECT changes();"),
  ]) func `a changed byte is noticed`(damage: Damage) throws {
    let place = try trained()
    try #require(try place.sqlite(damage.sql) == "1")
    let before = try place.bits(of: "1")
    for arguments in [["resume", "1", "--epochs", "9"], ["resume", "1", "--from", "6"]] {
      let outcome = try Program.run(Program.path, arguments, in: place.path)
      #expect(outcome.status == 65)
      #expect(outcome.output == "")
      #expect(
        outcome.errors == """
          error: the stored bytes do not have the stored hash \
          (\(place.file("lab.db")), run 1, epoch 6)
            the database was damaged or changed; go on from another epoch with --from

          """)
    }
    #expect(try place.bits(of: "1") == before)
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "1")
    // The advice is good: an epoch before the damage goes on.
    #expect(try place.lab("resume", "1", "--from", "3", "-q") == "2")
    try place.write(Trial())
    try place.lab("run", "config.json", "-q")
    #expect(try place.hashes(of: "2") == Array(place.hashes(of: "3")[3...]))
  }

  /// Whoever reads the weights of a whole epoch, here of the third.
  private static let readers = [
    "weights 1@3", "weights 1@3 --by-gate", "weights 1@3 --gate forget", "weights 1@3 --concat",
    "diff 1@2 1@3", "diff 1@3 1@4", "gates 1@3", "gates 1@3 --saturation", "explain 1@3",
    "export 1@3 w.npz", "export 1@3 w.safetensors --names onnx", "export 1 --tensorboard out",
    "report -o out", "report -o out --weights", "blame 1 dense/bias[0] --epoch 3",
    "blame 1 dense/bias[0] --epoch 4", "bisect 1@3 --test false", "resume 1 --from 3",
    "compare 1 2 --bits",
  ]

  /// The first, some and the last of the epoch's weights, which are one vector.
  @Test(arguments: [0, 63, 1_000, -37, -1])
  func `one changed bit of an epoch is told by whoever reads it`(bit: Int) throws {
    let place = try trained()
    try place.lab(
      "resume", "1", "--from", "2", "--set", "training.optimizer.learning_rate=0.1", "-q")
    let ids =
      "(SELECT first_vector FROM recording WHERE run_id = 1 AND epoch = 3 AND part = 'weights')"
    let names = { try place.names().filter { !$0.hasPrefix("lab.db") } }
    let before = try names()
    try place.flip(bit, of: "vector WHERE id = \(ids)")
    for reader in Self.readers {
      let arguments = reader.split(separator: " ").map(String.init)
      let outcome = try Program.run(Program.path, arguments, in: place.path)
      #expect(outcome.status == 65, "\(reader): \(outcome.errors)")
      #expect(outcome.output == "", "\(reader)")
      let errors = outcome.errors.split(separator: "\n")
      #expect(errors.filter { $0.hasPrefix("error: ") }.count == 1, "\(reader)")
      #expect(
        outcome.errors.contains(
          """
          error: the stored bytes do not have the stored hash \
          (\(place.file("lab.db")), run 1, epoch 3)
            the database was damaged or changed; 
          """), "\(reader): \(outcome.errors)")
    }
    #expect(try names() == before)
    // What reads other epochs, or the history of one weight, goes on.
    for other in ["weights 1", "weights 1@2 dense/bias[1]", "diff 1@5 1@6", "export 1 w.npz"] {
      let arguments = other.split(separator: " ").map(String.init)
      let status = try Program.run(Program.path, arguments, in: place.path).status
      #expect(status == (other.hasPrefix("diff") ? 1 : 0), "\(other)")
    }
    #expect(try place.run("verify", "1").output.contains("epoch 3, "))
  }

  /// Weights are hashed with the optimizer's state: without it only `verify` can tell.
  @Test(arguments: [
    (#"{"type":"adam"}"#, false), (#"{"type":"sgd"}"#, true),
    (#"{"type":"sgd","momentum":0.9}"#, false),
  ]) func `where the optimizer's state is not stored`(optimizer: String, isTold: Bool) throws {
    let place = try trained(
      Trial(optimizer: optimizer, record: #""optimizer":{"every":6}"#))
    let ids = "(SELECT first_vector FROM recording WHERE epoch = 3 AND part = 'weights')"
    #expect(try place.run("weights", "1@3").status == 0)
    try place.flip(3, of: "vector WHERE id = \(ids)")
    #expect(try place.run("weights", "1@3").status == (isTold ? 65 : 0))
    let outcome = try place.run("verify", "1")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("epoch 3, lstm/kernel: 1 of 40 values differ"))
  }

  /// Two tensors that change their shapes, and one that changes its layer, keep every byte and hash.
  @Test(arguments: [
    "UPDATE tensor SET rows = iif(tensor = 'kernel', 5, 2) WHERE layer = 'lstm' AND rows > 1",
    "UPDATE tensor SET layer = 'other' WHERE layer = 'lstm'",
  ]) func `tensors that are not the model's are noticed`(damage: String) throws {
    let place = try trained()
    _ = try place.sqlite(damage)
    for arguments in [
      ["explain", "1"], ["gates", "1"], ["verify", "1"], ["blame", "1", "dense/bias[0]"],
      ["resume", "1", "--epochs", "9"],
    ] {
      let outcome = try Program.run(Program.path, arguments, in: place.path)
      #expect(outcome.status == 65)
      // Shapes that no longer fit where their numbers stand are refused when they are read.
      let messages = [
        "the stored tensors are not those of the model ", "`tensor.piece_rows` of ",
      ]
      #expect(messages.contains { outcome.errors.hasPrefix("error: " + $0) }, "\(outcome.errors)")
    }
  }

  /// A fork's first epoch has no epoch before it in its own run.
  @Test func `a changed byte is noticed in the first epoch of a fork of a fork`() throws {
    let place = try trained()
    #expect(try place.lab("resume", "1", "--from", "4", "--epochs", "4", "-q") == "2")
    #expect(try place.lab("resume", "2", "--from", "4", "--epochs", "4", "-q") == "3")
    let flip = Damage.flip("weights", "").replacing("run_id = 1", with: "run_id = 3")
    #expect(try place.sqlite(flip.replacing("epoch = 6", with: "epoch = 4")) == "1")
    let outcome = try place.run("resume", "3", "--epochs", "6")
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("error: the stored bytes do not have the stored hash ("))
    #expect(try place.lab("resume", "2", "--epochs", "6", "-q") == "2")
    #expect(try place.hashes(of: "2") == Array(place.hashes(of: "1")[4...]))
  }

  @Test func `data that changed since are refused by name`() throws {
    let place = try Workplace()
    try place.write(npy([2, 2, 1], [1, 2, 3, 4]), to: "x.npy")
    try place.write(npy([2, 2], [1, 0, 0, 1]), to: "y.npy")
    try place.write(Trial(features: 1, train: #"{"x":"x.npy","y":"y.npy"}"#))
    try place.lab("run", "config.json", "-q")
    let before = try place.bits(of: "1")

    try place.write(npy([2, 2], [1, 0, 1, 0]), to: "y.npy")
    let changed = try place.run("resume", "1", "--epochs", "9")
    #expect(changed.status == 65)
    #expect(
      changed.errors == """
        error: these are not the data that run 1 was trained with: \
        `data.train.y` changed (\(place.file("y.npy")))
          put them back as they were, name their folder with --data DIR, or start a new run with them

        """)

    try FileManager.default.removeItem(atPath: place.file("x.npy"))
    let missing = try place.run("resume", "1", "--epochs", "9")
    #expect(missing.status == 66)
    #expect(missing.errors.hasPrefix("error: "))
    #expect(missing.errors.contains(place.file("x.npy")))
    #expect(try place.bits(of: "1") == before)

    // From any folder, with the files as they were, it goes on.
    try place.write(npy([2, 2, 1], [1, 2, 3, 4]), to: "x.npy")
    try place.write(npy([2, 2], [1, 0, 0, 1]), to: "y.npy")
    let outcome = try Program.run(
      Program.path, ["resume", "1", "--epochs", "9", "-q", "--db", place.file("lab.db")], in: "/")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.hashes(of: "1").count == 10)
  }

  @Test func `a run that diverges says where and keeps its epochs`() throws {
    let trial = Trial(
      epochs: 50, layers: #"[{"type":"lstm","units":5},{"type":"dense","units":2}]"#,
      loss: "mean_squared_error", optimizer: #"{"type":"sgd","learning_rate":300}"#)
    let place = try Workplace()
    try place.write(trial)
    let outcome = try place.run("run", "config.json")
    #expect(outcome.status == 65)
    #expect(outcome.output == "1\n")
    let stored = try #require(Int(try place.sqlite("SELECT max(epoch) FROM epochs")))
    #expect((1..<49).contains(stored))
    let message = try place.sqlite("SELECT message FROM run")
    let pattern = try Regex(
      "loss or weights are no longer finite from epoch \(stored + 1), batch [123] on")
    #expect(message.wholeMatch(of: pattern) != nil, "\(message)")
    let lines = outcome.errors.split(separator: "\n").suffix(2)
    #expect(lines.first ?? "" == "error: \(message) (run 1)")
    #expect(lines.last?.hasPrefix("  stored up to epoch \(stored); a trial up to epoch ") == true)
    #expect(try place.status() == "diverged")
    #expect(
      try place.sqlite(
        "SELECT count(DISTINCT epoch), count(*) = count(value) FROM weights") == "\(stored + 1)|1")
    #expect(try place.lab("show", "1").contains("message       \(message)"))
    // The advice is good.
    let fork = try place.lab(
      "resume", "1", "--from", "0", "--set", "training.optimizer.learning_rate=0.01", "-q")
    #expect(fork == "2")
    #expect(try place.sqlite("SELECT status, epochs FROM runs WHERE run_id = 2") == "completed|50")
  }

  /// A `.npy` file of float64 values.
  private func npy(_ shape: [Int], _ values: [Double]) -> [UInt8] {
    NPYBytes.file(shape: shape, values: values)
  }
}
