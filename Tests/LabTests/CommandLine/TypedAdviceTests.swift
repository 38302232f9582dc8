import Foundation
import Testing

/// Advice that is no whole command: what it says, typed in the place of what was refused, works.
@Suite struct TypedAdviceTests {
  /// A command that is refused, and what is typed in its place.
  struct Advice: Sendable, CustomTestStringConvertible {
    let command: String
    /// What is advised; what stands in parentheses is typed for `$1`.
    let told: String
    let typed: String
    /// What damages the database before, and how the advised command then ends.
    var damage = ""
    var status: Int32 = 0
    var testDescription: String { command }

    init(
      _ command: String, _ told: String, _ typed: String, damage: String = "", status: Int32 = 0
    ) {
      (self.command, self.told, self.typed) = (command, told, typed)
      (self.damage, self.status) = (damage, status)
    }
  }

  /// Runs: 1 an LSTM on arrays, 2 one on windows of a table, 3 one on arrays of an archive with lengths,
  /// 4 layers without gates, 5 one that stored few states, 6 a fork of run 1 that has not trained, 7 one of
  /// a text.
  private static let library = Result {
    let place = try ForecastTests.cuttings[0].place()
    try place.write(Trial(epochs: 3), to: "trial.json")
    let x = NPYBytes.file(shape: [3, 4, 1], values: (0..<12).map(Double.init))
    let y = NPYBytes.file(shape: [3], values: [0, 1, 1])
    try place.write(
      ZipBuilder(entries: [
        .init(npy: x, "x"), .init(npy: y, "y"),
        .init(npy: NPYBytes.file(shape: [3], values: [4, 2, 3]), "n"),
      ]).bytes(), to: "data.npz")
    try place.write(
      HintTrial.sigmoid(#""x":"data.npz:x","y":"data.npz:y","lengths":"data.npz:n""#),
      to: "archive.json")
    try place.write(
      HintTrial.config(#""x":[[[1.0]],[[2.0]]],"y":[[[0]],[[1]]]"#).replacing(
        #"{"type":"lstm","units":2},"#, with: ""), to: "dense.json")
    try place.write(
      Trial(
        epochs: 6, record: #""weights":{"every":3},"optimizer":{"every":6}"#,
        more: #","name":"few""#
      ).json.replacing(#""name":"trial","#, with: ""), to: "few.json")
    try place.write("abc abd abe\nabc abd abe\n", to: "a.txt")
    try place.write(
      #"""
      {"data":{"train":{"text":"a.txt","sequence_length":4}},
      "model":{"layers":[{"type":"embedding","output_dim":2},
      {"type":"gru","units":3,"return_sequences":true},{"type":"dense","activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":2}}
      """#, to: "text.json")
    let made = try place.shell(
      """
      rm -f lab.db*; set -e
      for c in trial config archive dense few; do "$LAB" run $c.json -q; done
      "$LAB" resume 1 --from 2 --epochs 2 -q; "$LAB" run text.json -q
      """)
    try #require(made.status == 0, "\(made.errors)")
    return place
  }

  static let advices = [
    // A tensor, a layer or a gate where one weight is wanted.
    Advice("blame 1 lstm/kernel", "name one, such as ('lstm/kernel\\[0,0\\]')", "blame 1 $1"),
    Advice("blame 1 dense/bias", "name one, such as ('dense/bias\\[0\\]')", "blame 1 $1"),
    Advice("blame 1 --layer dense", "name one, such as ('[^']+')", "blame 1 $1"),
    Advice("blame 1 --gate forget --source h0", "name one, such as ('[^']+')", "blame 1 $1"),
    Advice("blame 1", "name one, such as ('[^']+')", "blame 1 $1"),
    Advice(
      "blame 1@2 'lstm/kernel[0,0]' --epoch 1", "name the epoch (once)",
      "blame 1@2 'lstm/kernel[0,0]'"),
    Advice("weights 1 'lstm/bias[0'", "write ('lstm/bias\\[COLUMN\\]')", "weights 1 $1"),
    Advice("weights 1 'lstm/kernel[0]'", "write ('lstm/kernel\\[ROW,COLUMN\\]')", "weights 1 $1"),
    Advice(
      "weights 1 --layer dense --gate input", "leave out (--gate)", "weights 1 --layer dense"),
    Advice(
      "weights 1 dense/kernel --source bias",
      "leave out one of --layer, --gate, --units and (--source)", "weights 1 dense/kernel"),
    Advice("weights 4 --concat", "leave out (--concat)", "weights 4"),
    // Settings that are ambiguous or misspelt.
    Advice(
      "sweep trial.json --set units=3,4", "name one of them: ([^,]+),",
      "sweep trial.json --set $1=3,4"),
    Advice(
      "sweep archive.json --set activation=tanh,relu", "name one of them: ([^,]+),",
      "sweep archive.json --set $1=tanh,relu"),
    Advice("compare --where 'units >'", "--where (\"[^\\n]+\")", "compare --where $1"),
    Advice("compare --where 'name = '", "--where (\"[^\\n]+\")", "compare --where $1"),
    Advice("compare --where 'name = \"a'", "close it with (\")", "compare --where 'name = \"a$1'"),
    Advice(
      "compare --limit 0 --group-by config", "allowed: (1) or more",
      "compare --limit $1 --group-by config"),
    // Data of predictions.
    Advice(
      "predict 3 data.npz --lengths data.npz:n", "name one of x, y, n: (data.npz:x)",
      "predict 3 $1 --lengths data.npz:n"),
    Advice(
      "predict 3 data.npz:x", "number of time steps of each sample: (--lengths) FILE",
      "predict 3 data.npz:x $1 data.npz:n"),
    Advice(
      "evaluate 3 data.npz:x --lengths data.npz:n",
      "name the .npy file that holds them: (--y) FILE",
      "evaluate 3 data.npz:x --lengths data.npz:n $1 data.npz:y"),
    Advice("predict 2 days.csv --y data.npz:y", "(leave it out)", "predict 2 days.csv"),
    Advice("predict 2 x.npy", "lstm-lab (show 2 --json)", "$1"),
    Advice("predict 1 --label day", "(leave it out)", "predict 1"),
    Advice("predict 7 --forecast", "lstm-lab (generate 7)", "$1"),
    Advice("generate 1", "lstm-lab (predict 1)", "$1"),
    Advice("generate 7@1 --epochs 1..2", "name the run alone: (7)", "generate $1 --epochs 1..2"),
    Advice("generate 7 --length 0", "allowed: (1) to", "generate 7 --length $1"),
    Advice("generate 7 --temperature=-1", "allowed: (0) for", "generate 7 --temperature $1"),
    Advice("generate 7 --prompt zzz", "known: ␊ (abcde)", "generate 7 --prompt $1"),
    // Epochs, states and looks inside.
    Advice("gates 4", "lstm-lab (weights 4)", "$1"),
    Advice("verify 5 --from 1", "the nearest epochs with one: (0) and 6", "verify 5 --from $1"),
    Advice("verify 5 --from 1", "the nearest epochs with one: 0 and (6)", "verify 5 --from $1"),
    Advice("resume 1@2 --from 1", "name the epoch once: (1 --from 1)", "resume $1 --epochs 3"),
    Advice(
      "resume 1 --from 2 --epochs 1", "name the epoch to train up to, at least (2)",
      "resume 1 --from 2 --epochs $1"),
    Advice(
      "resume 1 --from 1 --set data.train.x=y.npy", "add (--new-data)", "resume 1 --from 1 $1"),
    Advice("blame 6 'dense/bias[0]'", "lstm-lab (resume 6)", "$1 --epochs 3"),
    Advice("gates 1@17", "list them with: lstm-lab (show 1 --all)", "$1"),
    Advice("compare 6 3 --bits", "see which they have with: lstm-lab (show 6 --all)", "$1"),
    // Damage.
    Advice(
      "weights 1", "look for other damage with: lstm-lab (verify 1)", "$1",
      damage: "UPDATE vector SET data = zeroblob(length(data)) WHERE id = (SELECT first_vector "
        + "FROM recording WHERE run_id = 1 AND epoch = 3 AND part = 'weights' LIMIT 1)",
      status: 1),
    Advice(
      "resume 5 --epochs 9", "train it anew with: lstm-lab (run) CONFIG", "$1 few.json",
      damage: "DELETE FROM recording WHERE run_id = 5 AND part = 'weights'"),
    Advice(
      "bisect 5 --test true", "see its epochs with: lstm-lab (show 5 --all)", "$1",
      damage: "DELETE FROM recording WHERE run_id = 5 AND part = 'weights'"),
    Advice(
      "weights 1@2", "check what is stored with: lstm-lab (verify 1)", "$1",
      damage: "DELETE FROM recording WHERE run_id = 1 AND epoch = 2; "
        + "UPDATE epoch SET learning_rate = 9e999, resumable = 0 WHERE run_id = 1 AND epoch = 2",
      status: 1),
    Advice(
      "weights 1@2", "check what is stored with: lstm-lab (verify 1)", "$1",
      damage: "DELETE FROM recording WHERE run_id = 1 AND epoch = 2; "
        + "UPDATE epoch SET learning_rate = 0.5, resumable = 0 WHERE run_id = 1 AND epoch = 2",
      status: 1),
    Advice(
      "weights 1@best", "see its epochs with: lstm-lab (show 1)", "$1",
      damage: "UPDATE progress SET best_epoch = NULL, best_loss = NULL, best_accuracy = NULL, "
        + "best_val_loss = NULL, best_val_accuracy = NULL WHERE run_id = 1"),
    // Files and names.
    Advice("export 1 w.h5", "a file that ends in one of them: (the ending)", "export 1 w.npz"),
    Advice("tag 1 --add a --remove a", "name it (once)", "tag 1 --add a"),
    Advice("tag --add a", "(--where 'status = crashed')", "tag --add a $1"),
    Advice("run trial.json --seeds 1,1", "name each (once)", "run trial.json --seeds 1"),
    Advice("run trial.json --folds 1", "allowed: (2) to", "check trial.json"),
    Advice(
      "sweep trial.json --set learning_rate=0.1..0.2", "(--random) 40",
      "sweep trial.json --set learning_rate=0.1..0.2 $1 2"),
    Advice("init trial.json", "lstm-lab (init) FILE", "$1 FILE"),
  ]

  @Test(arguments: advices)
  func `what is advised works when it is typed`(advice: Advice) throws {
    let library = try Self.library.get()
    let place = try Workplace()
    #expect(try place.shell("cp -R '\(library.path)/.' .").status == 0)
    if !advice.damage.isEmpty { _ = try place.sqlite(advice.damage) }
    let outcome = try place.shell("exec \"$LAB\" \(advice.command)")
    #expect(outcome.status != 0 && outcome.output == "", "\(outcome.output)")
    let message = outcome.errors.replacing(/\n +/, with: " ")
    let found = try #require(
      try Regex(advice.told).firstMatch(in: message), "\(outcome.errors)")
    let piece = found.output[1].substring.map(String.init) ?? ""
    let typed = advice.typed.replacing("$1", with: piece)
      .replacing("ROW", with: "0").replacing("COLUMN", with: "1")
    let done = try place.shell("exec \"$LAB\" \(typed)")
    // That no run meets a condition is an answer.
    let isAnswered =
      done.status == 66 && typed.contains("--where")
      && done.errors.hasPrefix("error: there are no such runs")
    #expect(done.status == advice.status || isAnswered, "\(typed): \(done.errors)")
  }
}
