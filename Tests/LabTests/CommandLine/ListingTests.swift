import Foundation
import Testing

/// What listings tell, beside how they look.
@Suite struct ListingTests {
  /// Two settings, each with seeds 1 to 6; run 5 diverged.
  private static func library() throws -> Workplace {
    let place = try Workplace()
    for rate in ["0.01", "0.3"] {
      try place.write(
        Trial(
          epochs: 3, samples: 4, optimizer: #"{"type":"adam","learning_rate":\#(rate)}"#,
          more: #","tags":["a","b \"c\""]"#))
      try place.lab("run", "config.json", "-q", "--seeds", "1..6", "-j", "1")
    }
    _ = try place.sqlite(
      "UPDATE run SET outcome = 'diverged', message = 'loss is nan in epoch 3' WHERE id = 5")
    return place
  }

  private static func objects(_ json: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
  }

  @Test func `runs come newest first, with the settings that differ and why they ended`() throws {
    let place = try Self.library()
    let lines = try place.lab("runs").split(separator: "\n")
    let ids = lines.dropFirst(2).compactMap { Int($0.split(separator: " ")[0]) }
    #expect(ids == Array((1...12).reversed()))
    let titles = lines[0].split(separator: " ")
    #expect(titles.contains("learning_rate") && titles.contains("seed"))
    #expect(!titles.contains("batch_size") && titles.last == "message")
    #expect(lines[2 + 12 - 5].hasSuffix("  loss is nan in epoch 3"), "\(lines)")
    for form in ["--csv", "--json", "--md"] {
      let answer = try place.lab("runs", form)
      #expect(!answer.contains("learning_rate"), "the columns of \(form) are those of the report")
    }
    let oldest = try place.lab("runs", "--sort", "run_id", "--limit", "1", "--csv")
    #expect(oldest.split(separator: "\n")[1].hasPrefix("1,"))
    let newest = try place.lab("runs", "--limit", "2", "--csv").split(separator: "\n")
    let first = newest.dropFirst().map { line in String(line.prefix { $0 != "," }) }
    #expect(first == ["12", "11"])
  }

  @Test func `tags and configurations are JSON in JSON`() throws {
    let place = try Self.library()
    let tags = ["a", "b \"c\""]
    for command in [["runs", "--json"], ["compare", "--json"]] {
      let rows = try Self.objects(place.output(Program.path, command))
      #expect(rows.count == 12)
      #expect(rows.allSatisfy { $0["tags"] as? [String] == tags }, "\(command)")
    }
    let shown = try JSONSerialization.jsonObject(with: Data(place.lab("show", "1", "--json").utf8))
    let run = try #require((shown as? [String: Any])?["run"] as? [String: Any])
    #expect(run["tags"] as? [String] == tags)
    let config = try #require(run["config"] as? [String: Any])
    #expect((config["training"] as? [String: Any])?["epochs"] as? Int == 3)
    // The text of the configuration is what its hash is of; SQL answers it as it is stored.
    let asked = try Self.objects(place.lab("query", "SELECT config, tags FROM runs", "--json"))
    #expect(asked[0]["config"] is String && asked[0]["tags"] is String)
  }

  @Test func `the curves of the best eight runs are drawn`() throws {
    let place = try Self.library()
    let text = try place.lab("compare")
    let drawn = text.matches(of: #/(?m)^[a-h] run (\d+) /#).map { String($0.output.1) }
    let best = try place.sqlite(
      """
      SELECT run_id FROM runs WHERE run_id IN (
        SELECT run_id FROM runs ORDER BY best_val_loss, run_id LIMIT 8) ORDER BY run_id
      """
    ).split(separator: "\n").map(String.init)
    #expect(drawn.count == 8 && drawn == best)
    #expect(
      text.contains("The best 8 of 12 runs by val_loss are drawn; to draw others, name them."))
    let accuracy = try place.lab("compare", "--metric", "val_accuracy")
    #expect(accuracy.contains("The best 8 of 12 runs by val_accuracy"))
    #expect(try !place.lab("compare", "1", "2").contains("are drawn"))
  }

  @Test func `a curve that falls by a factor has a logarithmic axis`() throws {
    let place = try Self.library()
    #expect(try place.lab("compare", "1", "2").contains("\nval_loss by epoch\n"))
    _ = try place.sqlite(
      "UPDATE epoch SET val_loss = 1.0 / (1 + 99 * (epoch > 1)) WHERE run_id = 1 AND epoch > 0")
    _ = try place.sqlite(
      """
      UPDATE metric SET value = 1.0 / (1 + 99 * (epoch > 1)) WHERE run_id = 1
        AND epoch > 0 AND name = 'loss'
      """)
    let text = try place.lab("compare", "1", "2")
    #expect(text.contains("\nval_loss by epoch, on a logarithmic axis\n"), "\(text)")
    let labels = text.matches(of: #/(?m)^ *([0-9.]+) │/#).compactMap { Double($0.output.1) }
    try #require(labels.count == 3)
    let (middle, ends): (Double, Double) = (labels[1] * labels[1], labels[0] * labels[2])
    #expect(abs(middle - ends) < 1e-3)
  }

  @Test func `ranges choose rows of the whole`() throws {
    let place = try Self.library()
    func rows(_ arguments: String...) throws -> [[String]] {
      try place.output(Program.path, arguments + ["--csv"]).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }
    let gates = try rows("gates", "1")
    let some = try rows("gates", "1", "--units", "0..1,4", "--steps", "1..9")
    let asked = gates.filter { row in ["0", "1", "4"].contains(row[4]) && row[1] != "0" }
    #expect(some == asked)
    #expect(some.count == 6 * 3 * 2)
    let weights = try rows("weights", "1", "--source", "x1")
    let narrow = try rows("weights", "1", "--source", "x1", "--units", "2..3")
    let twoAndThree = weights.filter { row in ["2", "3"].contains(row[5]) }
    #expect(narrow == twoAndThree)
    #expect(narrow.count == 8)
    #expect(try rows("weights", "1", "--source", "x1", "--unit", "2").count == 4)
    let matrices = try rows("weights", "1", "--concat")
    let third = matrices.filter { $0[2] == "3" }
    #expect(try rows("weights", "1", "--concat", "--units", "3") == third)
    #expect(matrices.count == 20 && third.count == 4)
    #expect(
      try rows("weights", "1", "--heat", "--gate", "input")
        == rows("weights", "1", "--gate", "input"))
  }

  @Test func `several histories are those of the view`() throws {
    let place = try Self.library()
    let condition = "run_id = 2 AND layer = 'lstm' AND gate = 'cell' AND epoch <= 2"
    let sql = "SELECT row, col, epoch, printf('%!.17g', value) FROM weights WHERE \(condition)"
    let viewed = try Set(place.sqlite(sql + " AND tensor = 'kernel'").split(separator: "\n"))
    let csv = try place.lab(
      "weights", "2@2", "lstm/kernel", "--gate", "candidate", "--history", "--csv")
    let told = csv.split(separator: "\n").dropFirst().map { line -> Substring in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let value = Double(cells[8]).map { $0.description } ?? ""
      return Substring("\(cells[2])|\(cells[3])|\(cells[7])|\(value)")
    }
    #expect(told.count == 2 * 5 * 3 && viewed.count == told.count)
    let numbers = Dictionary(
      uniqueKeysWithValues: viewed.map { row in
        let cells = row.split(separator: "|")
        return ("\(cells[0])|\(cells[1])|\(cells[2])", Double(cells[3]))
      })
    for row in told {
      let cells = row.split(separator: "|")
      #expect(numbers["\(cells[0])|\(cells[1])|\(cells[2])"] == Double(cells[3]), "\(row)")
    }
    let named = try place.lab("weights", "2", "dense/bias[0]", "lstm/kernel[1,3]")
    #expect(named.split(separator: "\n").count == 3 && named.hasPrefix("2 weights of trial, run 2"))
  }

  @Test func `an LSTM's candidate is its cell gate`() throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 1,
        layers: """
          [{"type":"lstm","units":3},{"type":"gru","units":2},
          {"type":"dense","units":2,"activation":"sigmoid"}]
          """))
    try place.lab("run", "config.json", "-q")
    let cell = try place.lab("weights", "1", "--layer", "lstm", "--gate", "cell", "--csv")
    #expect(
      try place.lab("weights", "1", "--layer", "lstm", "--gate", "candidate", "--csv") == cell)
    #expect(cell.split(separator: "\n").count == 1 + 3 * (2 + 3 + 1) && cell.contains(",cell,"))
    let both = try place.lab("weights", "1", "--gate", "candidate", "--csv")
    #expect(both.contains("\ngru,") && both.contains("\nlstm,"))
    #expect(try !place.lab("weights", "1", "--gate", "cell", "--csv").contains("\ngru,"))
    #expect(try place.run("weights", "1", "--layer", "gru", "--gate", "cell").status == 66)
    let blame = try place.lab(
      "blame", "1", "--layer", "lstm", "--gate", "candidate", "--unit", "1", "--source", "x0")
    #expect(blame.contains("cell gate of unit 1"), "\(blame)")
  }
}
