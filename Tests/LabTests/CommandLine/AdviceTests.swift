import Foundation
import Testing

/// What a message advises works when it is typed.
@Suite struct AdviceTests {
  /// Types the commands of a message, each of which must succeed, and returns how many there were.
  private func type(_ message: String, in place: Workplace, before: String = "") throws -> Int {
    let commands = message.matches(of: /`lstm-lab ([^`]+)`|lstm-lab ([^;`\n]+)/).map {
      String($0.output.1 ?? $0.output.2 ?? "")
    }
    for command in commands {
      let outcome = try place.shell("\(before)exec \"$LAB\" \(command)")
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    return commands.count
  }

  @Test(arguments: [
    ("verison", 2), ("predcit 1", 2), ("list", 2), ("zzzz", 1), ("shwo", 1), ("benhc", 1),
  ])
  func `a command that is not there`(word: String, count: Int) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.shell("exec \"$LAB\" \(word)")
    #expect(outcome.status == 64)
    // Names of commands that need more are looked at by their help.
    let message = outcome.errors.replacing(/`lstm-lab (show|bench|predict)`/) {
      "`lstm-lab \($0.output.1) -h`"
    }
    #expect(try type(message, in: place) >= count, "\(outcome.errors)")
  }

  @Test(arguments: [("weight", "weights"), ("Metrix", "metrics"), ("main.epohs", "epochs")])
  func `a table that is not there`(name: String, meant: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let sql = "SELECT count(*) FROM \(name)"
    let outcome = try place.run("query", sql)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("did you mean `\(meant)`?"), "\(outcome.errors)")
    try place.lab("query", "SELECT count(*) FROM \(meant)")
  }

  @Test func `a folder in a database's place`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    _ = try place.shell("mkdir 'a folder'")
    func advice(_ command: String) throws -> String {
      let outcome = try place.shell("exec \"$LAB\" \(command) --db 'a folder'")
      #expect(outcome.status == 65)
      #expect(outcome.errors.hasPrefix("error: this is a folder, not a database ("))
      return String(try #require(outcome.errors.firstMatch(of: /--db .*/)).output)
    }
    let first = try advice("run config.json -q")
    #expect(try place.shell("exec \"$LAB\" run config.json -q \(first)").output == "1\n")
    #expect(try advice("runs") == first)
    #expect(try place.shell("mv 'a folder/lab.db' 'a folder/my.db'").status == 0)
    let second = try advice("show 1")
    #expect(second.hasSuffix("/a folder/my.db'"))
    #expect(try place.shell("exec \"$LAB\" show 1 \(second)").status == 0)
  }

  @Test(arguments: [
    (300, 50, "sgd"), (20, 60, "sgd"), (9, 80, "sgd"), (3e38, 5, "sgd"), (1e20, 30, "adam"),
  ])
  func `a smaller learning rate after a divergence`(
    rate: Double, epochs: Int, optimizer: String
  ) throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: epochs, layers: #"[{"type":"lstm","units":5},{"type":"dense","units":2}]"#,
        loss: "mean_squared_error",
        optimizer: #"{"type":"\#(optimizer)","learning_rate":\#(rate)}"#))
    let outcome = try place.run("run", "config.json")
    try #require(outcome.status == 65, "it must diverge")
    let told = try #require(
      outcome.errors.firstMatch(
        of: /a trial up to epoch (\d+) stayed .*: lstm-lab (resume 1 --from (\d+) --set (\S+))\n/),
      "\(outcome.errors)")
    #expect(told.output.1 == "\(epochs)")
    let before = try place.sqlite("SELECT count(*) FROM runs")
    #expect(before == "1", "a trial stores nothing")
    let typed = try place.shell("exec \"$LAB\" \(told.output.2) -q")
    #expect(typed.status == 0, "\(typed.errors)")
    #expect(
      try place.sqlite("SELECT status, epochs FROM runs WHERE run_id = 2") == "completed|\(epochs)")
    // It learns something there.
    let first = try #require(Int(told.output.3))
    let loss = "SELECT loss FROM epochs WHERE run_id = 2 AND epoch ="
    #expect(
      try place.sqlite("SELECT (\(loss) \(epochs)) < ifnull((\(loss) \(first)), 9e999)") == "1")
  }

  @Test func `a smaller learning rate for each of several seeds`() throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 30, layers: #"[{"type":"lstm","units":5},{"type":"dense","units":2}]"#,
        loss: "mean_squared_error", optimizer: #"{"type":"sgd","learning_rate":300}"#))
    let outcome = try place.run("run", "config.json", "--seeds", "1..3", "-q")
    #expect(outcome.status == 65)
    let commands = outcome.errors.matches(of: /lstm-lab (resume \d --from \d+ --set \S+)/)
    #expect(commands.count == 3, "\(outcome.errors)")
    for command in commands {
      #expect(try place.shell("exec \"$LAB\" \(command.output.1) -q").status == 0)
    }
  }

  /// Where there is no time to try, what is advised is a guess: the same advice again leads to the end.
  @Test func `smaller and smaller learning rates where there was no time to try`() throws {
    let place = try Workplace()
    try place.write(
      """
      {"data":{"train":{"generator":"adding","samples":12000,"length":100,"seed":1}},
      "model":{"layers":[{"type":"lstm","units":48},{"type":"dense","units":1}]},
      "training":{"loss":"mean_squared_error","epochs":6,"batch_size":16,
      "optimizer":{"type":"sgd","learning_rate":30000}}}
      """, to: "config.json")
    var outcome = try place.run("run", "config.json", "--threads", "1")
    var guesses = 0
    while outcome.status == 65, guesses < 12 {
      let told = try #require(
        outcome.errors.firstMatch(
          of: /(try a smaller learning rate|a trial .*): lstm-lab (resume \d+ --from .*)\n/),
        "\(outcome.errors)")
      if told.output.1.hasPrefix("try") { guesses += 1 }
      outcome = try place.shell("exec \"$LAB\" \(told.output.2) --threads 1")
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(guesses > 0)
  }

  /// A folder with runs of two models in a database that must be named, with a blank in its name.
  private static func library() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.write(Trial(name: "other", seed: 2, epochs: 3), to: "other.json")
    try place.write(
      HintTrial.config(#""x":[[[1.0]],[[2.0]]],"y":[[[0]],[[1]]]"#).replacing(
        #"{"type":"lstm","units":2},"#, with: ""), to: "dense.json")
    let made = try place.shell(
      """
      mkdir "my labs"
      for c in config other dense; do "$LAB" run $c.json -q --db "my labs/a lab.db" || exit 1; done
      "$LAB" resume 1 --from 2 --epochs 2 -q --db "my labs/a lab.db"
      """)
    try #require(made.status == 0, "\(made.errors)")
    return place
  }

  /// Mistakes and questions, each with how many commands it is answered with.
  private static let advising: [(command: String, advised: Int)] = [
    ("show nobody", 1), ("show 9", 1), ("weights 1@9", 1), ("export 1@9 w.npz", 1),
    ("compare 1@1", 1),
    ("report 1@1", 1), ("resume 1@1", 1), ("resume 1 --epochs 1", 1), ("resume 1", 1),
    ("resume 1 --from 9", 1), ("verify 1@1", 1), ("show 1@1", 1), ("show 1@1 --follow", 1),
    ("query 'SELECT lost FROM epochs'", 1), ("query 'SELEC 1'", 1),
    ("compare --where 'units = 99'", 1), ("compare 1 2 --bits", 1), ("gates 3", 1),
    ("blame 4 'lstm/kernel[0,0]'", 1), ("predict 1 new.csv", 0), ("run config.json", 1),
    ("run config.json --seeds 1..2", 0), ("runs --status failed", 0),
  ]

  @Test(arguments: advising)
  func `what is advised for a database that must be named works as it stands`(
    command: String, advised: Int
  ) throws {
    let place = try Self.library()
    let database = "--db 'my labs/a lab.db'"
    let told = try place.shell("exec \"$LAB\" \(command) \(database) 2>&1")
    let commands = told.output.matches(of: /lstm-lab ([^`\n]+)/).map { String($0.output.1) }
      .filter { !$0.hasPrefix("help") && !$0.contains("--help") }
    #expect(commands.count == advised, "\(told.output)")
    for typed in commands {
      #expect(typed.hasSuffix(database), "\(typed)")
      let filled = typed.replacing("EPOCH", with: "1").replacing("--epochs N", with: "--epochs 4")
      let outcome = try place.shell("exec \"$LAB\" \(filled)")
      // To differ is an answer.
      #expect([0, typed.hasPrefix("diff") ? 1 : 0].contains(outcome.status), "\(outcome.errors)")
    }
  }

  @Test func `an empty database`() throws {
    let place = try Self.library()
    let database = "my labs/a lab.db"
    _ = try place.sqlite("PRAGMA foreign_keys = ON; DELETE FROM run", database: database)
    for command in ["show @last", "runs", "weights @best"] {
      let told = try place.shell("exec \"$LAB\" \(command) --db '\(database)' 2>&1")
      let advice = try #require(told.output.firstMatch(of: /lstm-lab (.*)/), "\(told.output)")
      let typed = advice.output.1.replacing("CONFIG", with: "config.json")
      #expect(try place.shell("exec \"$LAB\" \(typed) -q").status == 0)
      _ = try place.sqlite("PRAGMA foreign_keys = ON; DELETE FROM run", database: database)
    }
  }

  @Test func `a first configuration`() throws {
    let place = try Workplace()
    for name in ["my first.json", "it's.json"] {
      let told = try place.run("init", name)
      let commands = told.errors.matches(of: /lstm-lab (.*?)(?:, then|\n)/)
      #expect(commands.count == 2, "\(told.errors)")
      for command in commands {
        #expect(try place.shell("exec \"$LAB\" \(command.output.1)").status == 0)
      }
    }
    let again = try place.run("init", "it's.json")
    #expect(again.errors.contains("lstm-lab init FILE\n"))
    #expect(try place.run("init", "FILE").status == 0)
  }

  /// Names of values that are not there, in options, with what is meant.
  @Test(arguments: [
    ("weights 1 --gate candidat", "candidate"), ("weights 1 --gate f", "forget"),
    ("weights 1 --layer lsmt", "lstm"), ("weights 1 --source x7", "x4"),
    ("weights 1 --units 0-3", "0..3"), ("weights 1 --units 3..0", "0..3"),
    ("gates 1 --steps 0:1", "0..1"), ("gates 1 --split training", "train"),
    ("explain 1 --split val", "validation"), ("predict 1 --split trian", "train"),
    ("evaluate 1 --split valdation", "validation"), ("runs --status done", "completed"),
    ("runs --sort los", "loss"), ("compare --sort val_los", "val_loss"),
    ("compare --metric acc", "accuracy"), ("compare --group-by unit", "units"),
    ("show @best:val_los", "val_loss"), ("show @lst", "@last"), ("weights 1@lst", "last"),
    ("weights 1@best:acc", "accuracy"), ("bench --cell lsmt", "lstm"),
    ("bench --cell rnn", "simple_rnn"),
    ("export 1 w.npz --names torch", "pytorch"), ("run config.json --seeds 1-3", "1..3"),
    ("resume 1 --from 1 --set training.epoch=3", "epochs"),
  ])
  func `a misspelt value of an option`(command: String, meant: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.shell("exec \"$LAB\" \(command)")
    #expect([64, 66].contains(outcome.status))
    #expect(outcome.errors.contains("did you mean `\(meant)`? "), "\(outcome.errors)")
  }
}
