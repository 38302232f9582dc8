import Foundation
import Testing

/// Which run and epoch a word comes to wherever weights are read, and that it is told.
@Suite struct BestTests {
  /// Two runs of four epochs: the second has the lowest validation loss, in its epoch 2, and the
  /// first the highest validation accuracy, in its epoch 3.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    for seed in 1...2 {
      try place.write(Trial(seed: seed, epochs: 4))
      try place.lab("run", "config.json", "-q")
    }
    _ = try place.sqlite(
      """
      UPDATE epoch SET val_loss = 0.5, val_accuracy = 0.5 WHERE epoch > 0;
      UPDATE epoch SET val_loss = 0.125 WHERE run_id = 2 AND epoch = 2;
      UPDATE epoch SET val_accuracy = 0.75 WHERE run_id = 1 AND epoch = 3;
      UPDATE progress SET best_epoch = 1, best_val_loss = 0.5;
      UPDATE progress SET best_epoch = 2, best_val_loss = 0.125 WHERE run_id = 2;
      """)
    return place
  }

  @Test(arguments: [
    ("@best", "2@2", "@best is run 2, epoch 2: the lowest val_loss, 0.1250"),
    ("@best:val_accuracy", "1@3", "run 1, epoch 3: the highest val_accuracy, 0.7500"),
    ("@best@3", "2@3", "@best is run 2"), ("@best@last", "2@4", "@best is run 2"),
    ("1@best:val_accuracy", "1@3", "epoch 3: the highest val_accuracy, 0.7500"),
    ("2@best", "2@2", "epoch 2: the lowest val_loss, 0.1250"),
    ("2@last", "2@4", ""), ("2@result", "2@4", ""), ("2", "2@4", ""),
  ])
  func `weights are those of the epoch that was shown`(
    word: String, epoch: String, told: String
  ) throws {
    let place = try Self.place()
    for command in [["weights"], ["gates"], ["explain"], ["weights", "--concat"]] {
      let found = try Program.run(Program.path, command + [word, "--json"], in: place.path)
      let expected = try Program.run(Program.path, command + [epoch, "--json"], in: place.path)
      #expect(found.status == 0 && found.output == expected.output, "\(command): \(found.errors)")
      #expect(told.isEmpty ? found.errors.isEmpty : found.errors.contains(told))
    }
    #expect(try place.run("diff", word, epoch).status == 0)
    #expect(try place.run("diff", word, "1@0").status == 1)
    try place.lab("export", word, "a.npz")
    try place.lab("export", epoch, "b.npz")
    #expect(try place.bytes("a.npz") == place.bytes("b.npz"))
    let blamed = try place.run("blame", word, "lstm/kernel[0,3]", "--csv")
    #expect(blamed.output == (try place.run("blame", epoch, "lstm/kernel[0,3]", "--csv").output))
  }

  @Test func `without an epoch the result is read, and told where it is not the last`() throws {
    let place = try Self.place()
    _ = try place.sqlite("UPDATE run SET result_epoch = 3 WHERE id = 1")
    for command in ["weights", "gates", "explain"] {
      let found = try place.run(command, "1", "--json")
      #expect(found.output == (try place.run(command, "1@3", "--json").output))
      #expect(found.errors.contains("run 1 is read at epoch 3, its result; its last is 4: 1@last"))
    }
    #expect(try place.run("weights", "1@3").errors.isEmpty)
    #expect(try place.run("weights", "1@result").errors.isEmpty)
    #expect(try place.run("diff", "1", "1@3").status == 0)
  }

  @Test func `a command on runs takes the run and tells by what`() throws {
    let place = try Self.place()
    let shown = try place.run("show", "@best")
    #expect(shown.output == (try place.run("show", "2").output))
    #expect(shown.errors.contains("@best is run 2, epoch 2: the lowest val_loss"))
    #expect(try place.run("compare", "@best", "1").status == 0)
    #expect(try place.run("show", "2@best").status == 64)
  }

  @Test func `losses that are not the same are not ranked`() throws {
    let place = try Self.place()
    try place.write(Trial(epochs: 1, loss: "mean_squared_error"))
    try place.lab("run", "config.json", "-q")
    let refused = try place.run("weights", "@best")
    #expect(refused.status == 64 && refused.output.isEmpty)
    for word in [
      "runs 1, 2 (binary_crossentropy, val_loss)", "run 3 (mean_squared_error, val_loss)",
      "@best:val_loss",
    ] {
      #expect(refused.errors.contains(word), "\(refused.errors)")
    }
    #expect(try place.run("weights", "@best:val_loss").status == 0)
    #expect(try place.run("weights", "3@best").status == 0)
    // A training loss is not measured by what a validation loss is.
    _ = try place.sqlite(
      """
      PRAGMA foreign_keys = ON;
      DELETE FROM run WHERE id = 3;
      UPDATE progress SET best_val_loss = NULL, best_loss = 0.01 WHERE run_id = 1
      """)
    let mixed = try place.run("show", "@best")
    #expect(mixed.status == 64 && mixed.errors.contains("run 1 (binary_crossentropy, loss)"))
  }
}
