import Foundation
import Testing

/// `generate`: what a run of a text writes, to the byte.
@Suite struct GenerateTests {
  /// A text of words with a line break, letters of two and three bytes and a control character.
  private static let text: String = {
    var random = CounterRandom(seed: 12)
    let words = ["the", "cat", "é", "–", "sat\u{1B}", "on", "a", "mat.\n"]
    return (0..<300).map { _ in words[Int(random.next() % 8)] }.joined(separator: " ")
  }()

  private static func config(
    _ layers: String =
      #"{"type":"lstm","units":9},{"type":"gru","units":7,"return_sequences":true}"#,
    output: String = #"{"type":"dense","activation":"softmax"}"#, epochs: Int = 4
  ) -> String {
    """
    {"name":"words","seed":2,
    "data":{"train":{"text":"a.txt","sequence_length":12}},
    "model":{"layers":[{"type":"embedding","output_dim":4},\(layers),\(output)]},
    "training":{"loss":"sparse_categorical_crossentropy","epochs":\(epochs),"batch_size":8,
    "optimizer":{"type":"adam","learning_rate":0.02}}}
    """
  }

  private func place(_ config: String = config()) throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.text, to: "a.txt")
    try place.write(config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    return place
  }

  /// Standard output as it is, without losing a last line break.
  private func generate(
    _ arguments: String..., in place: Workplace, environment: [String: String] = [:],
    by program: String = Program.path
  ) throws -> String {
    let outcome = try Program.run(
      program, ["generate"] + arguments, in: place.path, environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  @Test func `a text is a function of epoch, prompt, temperature and seed, on every level`() throws
  {
    let place = try place()
    let refusal = try place.run("generate", "1", environment: ["LSTM_LAB_ISA": "none"])
    let list = try #require(refusal.errors.split(separator: "this processor has: ").last)
    let levels = list.split(whereSeparator: { ", \n".contains($0) }).map(String.init)
    #expect(levels.contains("portable"))
    var texts: Set<String> = []
    for temperature in ["0", "0.5", "1", "3"] {
      for seed in ["0", "7"] {
        let ask = { (level: String, program: String) in
          try self.generate(
            "1", "--prompt", "the ", "--temperature", temperature, "--seed", seed, "--length",
            "150",
            in: place, environment: level.isEmpty ? [:] : ["LSTM_LAB_ISA": level], by: program)
        }
        let text = try ask("", Program.path)
        #expect(text.hasPrefix("the ") && text.unicodeScalars.count == 154)
        #expect(Set(text.unicodeScalars).isSubset(of: Set(Self.text.unicodeScalars)))
        for level in levels { #expect(try ask(level, Program.path) == text) }
        #expect(try ask("", Program.beside) == text)
        texts.insert(text)
      }
    }
    // At temperature 0 nothing is drawn.
    #expect(texts.count == 7)
  }

  /// The probabilities that the draws are made by are those that `predict` shows: with temperature 0 the
  /// text is that of `predicted`, step by step.
  @Test func `what is most likely is what predict shows`() throws {
    let place = try place()
    let prompt = String(Self.text.unicodeScalars.prefix(4).map { String($0) }.joined())
    let text = try generate(
      "1", "--prompt", prompt, "--temperature", "0", "--length", "8", in: place)
    let scalars = Array(text.unicodeScalars)
    #expect(scalars.count == 12)
    // What was written is read as new data: 12 characters, of whose targets the last is not asked for.
    try place.write(text + "a", to: "new.txt")
    let json = try place.lab("predict", "1", "new.txt", "--json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(rows.count == 12)
    for step in 3..<11 {
      #expect(rows[step]["predicted"] as? String == String(scalars[step + 1]))
      #expect(rows[step]["target"] as? String == String(scalars[step + 1]))
    }
  }

  /// 400 texts of one character, each by a seed of its own, have the frequencies that `predict` shows for the
  /// prompt's last step: Pearson's statistic over the four likeliest characters and the others.
  @Test func `the first character has the probabilities of predict`() throws {
    let place = try place()
    try place.write("the cat sat.", to: "unused")
    let prompt = "the cat on a"  // as long as a sequence
    try place.write(prompt + " ", to: "new.txt")
    let json = try place.lab("predict", "1", "new.txt", "--json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    let last = try #require(rows.last)
    let likely: [(name: String, probability: Double)] = last.compactMap { key, value in
      guard let number = value as? Double, key != "sample", key != "step" else { return nil }
      return (key, number)
    }.sorted { $0.probability > $1.probability }
    #expect(abs(likely.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    let script = """
      for seed in $(seq 400); do "$LAB" generate 1 --prompt '\(prompt)' --length 1 --seed $seed --json; done
      """
    let outcome = try place.shell(script)
    let drawn = try outcome.output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return (object?["texts"] as? [[String: Any]])?.first?["text"] as? String ?? ""
    }
    #expect(drawn.count == 400)
    let groups = likely.prefix(4).map { one in
      (Double(drawn.count { $0 == one.name }), one.probability)
    }
    let rest = (
      400 - groups.reduce(0) { $0 + $1.0 }, 1 - groups.reduce(0) { $0 + $1.1 }
    )
    let statistic = (groups + [rest]).reduce(0.0) { sum, group in
      let expected = 400 * group.1
      return sum + (group.0 - expected) * (group.0 - expected) / expected
    }
    // The 0.9999 quantile of 4 degrees of freedom.
    #expect(statistic < 23.6, "\(statistic)")
  }

  @Test func `each epoch writes its text under a heading`() throws {
    let place = try place()
    let texts = try [1, 2, 4].map { epoch in
      try generate(
        "1@\(epoch)", "--prompt", "a ", "--length", "30", "--seed", "3", in: place)
    }
    let all = try generate(
      "1", "--prompt", "a ", "--length", "30", "--seed", "3", "--epochs", "1..2,4", in: place)
    let blocks = zip([1, 2, 4], texts).map { epoch, text in
      "epoch \(epoch)\n───────\n" + text + (text.last == "\n" ? "" : "\n")
    }
    #expect(all == blocks.joined(separator: "\n"))
    #expect(Set(texts).count == 3)
    let json = try generate(
      "1", "--prompt", "a ", "--length", "30", "--seed", "3", "--epochs", "1..2,4", "--json",
      in: place)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["prompt"] as? String == "a " && object["seed"] as? Int == 3)
    let written = try #require(object["texts"] as? [[String: Any]])
    #expect(written.map { $0["epoch"] as? Int } == [1, 2, 4])
    #expect(written.map { "a \($0["text"] as? String ?? "")" } == texts)
  }

  /// Without a prompt a line begins; the text and the data it was trained with are not needed.
  @Test func `without a prompt a line begins, and the database is enough`() throws {
    let place = try place()
    let text = try generate("1", "--length", "40", in: place)
    #expect(try generate("1", "--length", "40", "--prompt", "\n", in: place) == "\n" + text)
    try FileManager.default.removeItem(atPath: place.file("a.txt"))
    try FileManager.default.removeItem(atPath: place.file("config.json"))
    #expect(try generate("1", "--length", "40", in: place) == text)
    // Without a line break in the text there is no such beginning.
    try place.write(Self.text.replacing("\n", with: " "), to: "a.txt")
    try place.write(Self.config(epochs: 1), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let refused = try place.run("generate", "2")
    #expect(refused.status == 64)
    #expect(refused.errors.hasPrefix("error: there is nothing to go on with"), "\(refused.errors)")
  }

  @Test(.enabled(if: Workplace.hasScript, "there is no `script` to make a terminal"))
  func `a terminal shows control characters as signs`() throws {
    let place = try place()
    let plain = try generate("1", "--prompt", "\u{1B}", "--length", "20", in: place)
    #expect(plain.hasPrefix("\u{1B}"))
    let shown = try place.shell(
      #"script -qec '"$LAB" generate 1 --prompt "$(printf "\033")" --length 20' /dev/null < /dev/null"#
    )
    #expect(shown.output.contains("␛") && !shown.output.contains("\u{1B}"))
  }

  @Test func `what cannot be written is refused`() throws {
    let place = try place()
    for (arguments, status, error) in [
      (
        ["1", "--prompt", "the doX"], 64,
        "error: character 5 of the prompt, `d` (U+0064), does not occur in the run's text (--prompt)\n"
      ),
      (["1", "--length", "0"], 64, "error: 0 characters cannot be written (--length)\n"),
      (
        ["1", "--length", "99000000"], 64,
        "error: 99000000 characters cannot be written (--length)\n"
      ),
      (["1", "--temperature", "0.0001"], 64, "error: the temperature is 0.0001 (--temperature)\n"),
      (["1", "--temperature", "nan"], 64, "error: the temperature is nan (--temperature)\n"),
      (["1", "--seed", "-1"], 64, "error: "),
      (["1@2", "--epochs", "1,2"], 64, "error: an epoch is named with the run, too (--epochs)\n"),
      (["1", "--epochs", "1,x"], 64, "error: `1,x` is not a list of numbers (--epochs)\n"),
      (["1", "--epochs", "9"], 66, "error: there is no epoch 9"),
    ] {
      let outcome = try Program.run(Program.path, ["generate"] + arguments, in: place.path)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.output == "" && outcome.errors.hasPrefix(error), "\(outcome.errors)")
    }
  }

  @Test func `a model that cannot write is told why`() throws {
    let place = try place(
      Self.config(
        #"{"type":"bidirectional","layer":{"type":"gru","units":3,"return_sequences":true}}"#))
    let both = try place.run("generate", "1")
    #expect(both.status == 64)
    #expect(
      both.errors.hasPrefix(
        "error: layer `bidirectional` reads a text from its end, too, which is not there before it "
          + "is written"), "\(both.errors)")
    try place.write(
      Self.config(output: #"{"type":"dense","activation":"sigmoid"}"#), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let logits = try place.run("generate", "2")
    #expect(logits.status == 64)
    #expect(logits.errors.hasPrefix("error: the model gives no probabilities"), "\(logits.errors)")
    try place.write(Trial())
    try place.lab("run", "config.json", "-q")
    let other = try place.run("generate", "3", "--prompt", "a")
    #expect(other.status == 64)
    #expect(
      other.errors.hasPrefix("error: run 3 was not trained on a text: `generate` lets a model"),
      "\(other.errors)")
  }

  private func sign(_ scalar: UnicodeScalar) -> String {
    [" ": "␣", "\n": "␊", "\u{1B}": "␛"][scalar] ?? String(scalar)
  }

  /// What is read at each step stands beside the gates and in the calculation.
  @Test func `gates and explain show the characters`() throws {
    let place = try place()
    let scalars = Array(Self.text.unicodeScalars)
    let gates = try place.lab("gates", "1", "--sample", "1", "--steps", "0..2", "--unit", "0")
    let line = try #require(gates.split(separator: "\n").first { $0.hasPrefix("character") })
    let classes = Set(scalars).sorted()
    for scalar in scalars[12..<15] {
      let number = try #require(classes.firstIndex(of: scalar))
      #expect(line.contains("\(sign(scalar)) \(number)"), "\(line)")
    }
    let explained = try place.lab("explain", "1", "--sample", "0", "--step", "2")
    let number = try #require(classes.firstIndex(of: scalars[2]))
    #expect(
      explained.contains("Step 2 reads `\(sign(scalars[2]))`, number \(number): y₂ = ["),
      "\(explained)")
    #expect(explained.contains("the greatest output is number"))
    let json = try place.lab("explain", "1", "--sample", "0", "--step", "2", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["character"] as? String == String(scalars[2]))
  }

  /// A CSV or JSON file of gates has the characters themselves, and that of a check their numbers.
  @Test func `gates and check give the characters to programs`() throws {
    let place = try place()
    let scalars = Array(Self.text.unicodeScalars)
    for options in [[], ["--layer", "gru", "--steps", "3..7"]] {
      let json = try place.output(
        Program.path, ["gates", "1", "--sample", "1", "--json"] + options)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
      #expect(!rows.isEmpty)
      for row in rows {
        let step = try #require(row["step"] as? Int)
        #expect(row["character"] as? String == String(scalars[12 + step]))
      }
    }
    let csv = try place.lab("gates", "1", "--steps", "0", "--csv")
    #expect(csv.hasPrefix("sample,step,layer,gate,unit,value,character\n"))
    #expect(csv.hasSuffix(",\(scalars[0])"))
    let checked = try place.lab("check", "config.json", "--csv").split(separator: "\n")
    let titles = checked[0].split(separator: ",")
    let column = try #require(titles.firstIndex(of: "characters"))
    #expect(titles[column + 1] == "vocabulary")
    let cells = checked[1].split(separator: ",", omittingEmptySubsequences: false)
    let kinds = Set(scalars).count
    #expect(cells[column] == "\(scalars.count)" && cells[column + 1] == "\(kinds)")
    let json = try place.lab("check", "config.json", "--json")
    #expect(json.contains("\"characters\":\(scalars.count),\"vocabulary\":\(kinds),\"classes\":["))
    // Other runs have no such column.
    try place.write(Trial(epochs: 1), to: "numbers.json")
    try place.lab("run", "numbers.json", "-q")
    #expect(try place.lab("gates", "2", "--csv").hasPrefix("sample,step,layer,gate,unit,value\n"))
  }
}
