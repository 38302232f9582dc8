import Foundation
import Testing

/// `weights` and `diff` against the public views, which decode the same bytes in SQL.
@Suite struct WeightsTests {
  /// Two recurrent layers, so that sources and gates of both are told apart.
  static let stacked = Trial(
    epochs: 5,
    layers: """
      [{"type":"lstm","units":5},{"type":"lstm","units":3},
      {"type":"dense","units":2,"activation":"sigmoid"}]
      """)

  static func place(_ trial: Trial = Self.stacked) throws -> Workplace {
    let place = try Workplace()
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    return place
  }

  /// A column of CSV as doubles.
  private func numbers(_ csv: String, _ title: String) throws -> [Double?] {
    let lines = csv.split(separator: "\n", omittingEmptySubsequences: false)
    let column = try #require(lines[0].split(separator: ",").map(String.init).firstIndex(of: title))
    return lines.dropFirst().map {
      Double($0.split(separator: ",", omittingEmptySubsequences: false)[column])
    }
  }

  private func viewed(_ place: Workplace, _ sql: String) throws -> [Double?] {
    try place.sqlite(sql).split(separator: "\n").map { Double($0) }
  }

  @Test(arguments: [
    (["--gate", "forget"], "gate = 'forget'"), (["--unit", "2"], "unit = 2"),
    (["--source", "h1"], "source = 'h1'"), (["--layer", "dense"], "layer = 'dense'"),
    (["--layer", "lstm_1", "--source", "x4"], "layer = 'lstm_1' AND source = 'x4'"),
    (["--source", "bias", "--unit", "0"], "source = 'bias' AND unit = 0"),
    (["lstm/kernel"], "layer = 'lstm' AND tensor = 'kernel'"),
    (["lstm/bias", "--gate", "output"], "layer = 'lstm' AND tensor = 'bias' AND gate = 'output'"),
  ])
  func `a selection lists the view's rows`(arguments: [String], condition: String) throws {
    let place = try Self.place()
    let csv = try place.output(Program.path, ["weights", "1@3"] + arguments + ["--csv"])
    let rows = try place.sqlite(
      """
      SELECT w.layer, w.tensor, row, col, coalesce(gate, ''), unit, source
      FROM weights AS w
      WHERE epoch = 3 AND \(condition)
      """
    ).replacing("|", with: ",").split(separator: "\n")
    let shown = csv.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
    }
    #expect(shown.count > 2 && shown == rows.map(String.init))
    let values = try viewed(
      place, "SELECT printf('%!.17g', value) FROM weights WHERE epoch = 3 AND \(condition)")
    #expect(try numbers(csv, "value") == values)
  }

  @Test func `a weight's history is that of the view`() throws {
    let place = try Self.place()
    for (name, condition) in [
      ("lstm/kernel[1,6]", "layer='lstm' AND tensor='kernel' AND row=1 AND col=6"),
      (
        "lstm_1/recurrent_kernel[2,11]",
        "layer='lstm_1' AND tensor='recurrent_kernel' AND row=2 AND col=11"
      ),
      ("dense/bias[1]", "layer='dense' AND tensor='bias' AND col=1"),
    ] {
      let csv = try place.lab("weights", "1", name, "--csv")
      let values = try viewed(
        place, "SELECT printf('%!.17g', value) FROM weights WHERE \(condition) ORDER BY epoch")
      #expect(try numbers(csv, "value") == values && values.count == 6)
      #expect(try numbers(csv, "epoch") == (0...5).map(Double.init))
      let part = try place.lab("weights", "1@2", name, "--csv")
      #expect(try numbers(part, "value") == Array(values.prefix(3)))
    }
    let named = try place.lab(
      "weights", "1", "--layer", "lstm", "--gate", "forget", "--unit", "1", "--source", "x1")
    #expect(named.hasPrefix("lstm/kernel[1,6] of trial, run 1: layer lstm, forget gate of unit 1"))
  }

  @Test func `statistics are those that SQL computes`() throws {
    let place = try Self.place()
    for (flag, group) in [([], "layer, tensor"), (["--by-gate"], "layer, tensor, gate")] {
      let csv = try place.output(Program.path, ["weights", "1@4"] + flag + ["--csv"])
      let expected = try place.sqlite(
        """
        SELECT count(*), avg(value), sqrt(max(avg(value * value) - avg(value) * avg(value), 0)),
          min(value), max(value), sqrt(sum(value * value))
        FROM (SELECT *, row_number() OVER () AS n FROM weights WHERE epoch = 4)
        GROUP BY \(group) ORDER BY min(n)
        """
      ).split(separator: "\n").map { $0.split(separator: "|").map { Double($0) ?? .nan } }
      for (column, title) in ["count", "mean", "std", "min", "max", "norm"].enumerated() {
        let values = try numbers(csv, title)
        #expect(values.count == expected.count)
        for (value, row) in zip(values, expected) {
          #expect(abs((value ?? .nan) - row[column]) < 1e-7, "\(title)")
        }
      }
    }
  }

  @Test func `the concatenated matrices hold each weight once, in its place`() throws {
    let place = try Self.place()
    let csv = try place.lab("weights", "1@2", "--concat", "--csv")
    let lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(lines.count == 1 + 4 * 5 + 4 * 3)
    #expect(lines[1].prefix(3) == ["lstm", "W_f", "0"])
    var seen = 0
    let gates = ["W_f": "forget", "W_i": "input", "W_C": "cell", "W_o": "output"]
    for line in lines.dropFirst() {
      let gate = try #require(gates[line[1]])
      for (title, value) in zip(lines[0], line).dropFirst(3) where !value.isEmpty {
        let stored = try place.sqlite(
          """
          SELECT printf('%!.17g', value) FROM weights WHERE epoch = 2 AND layer = '\(line[0])'
            AND gate = '\(gate)' AND unit = \(line[2]) AND source = '\(title)'
          """)
        #expect(Double(stored) == Double(value), "\(line[0]) \(gate) \(line[2]) \(title)")
        seen += 1
      }
    }
    #expect(seen == (2 + 5 + 1) * 20 + (5 + 3 + 1) * 12)
  }

  @Test func `a diff tells every weight that differs, and ends with 1`() throws {
    let place = try Self.place()
    let outcome = try place.run("diff", "1@1", "1@4", "--top", "100000", "--csv")
    #expect(outcome.status == 1)
    let changes = try place.sqlite(
      """
      SELECT printf('%!.17g', b.value - a.value) FROM weights AS a
      JOIN weights AS b USING (run_id, layer, tensor, row, col)
      WHERE a.epoch = 1 AND b.epoch = 4 AND a.value <> b.value ORDER BY abs(b.value - a.value) DESC
      """
    ).split(separator: "\n").map { Double($0) }
    #expect(try numbers(String(outcome.output.dropLast()), "change") == changes)
    let parts = try place.run("diff", "1@1", "1@4", "--json").output
    let norms = parts.matches(of: #/"norm_change":([0-9.e-]+)/#).compactMap { Double($0.output.1) }
    let expected = try viewed(
      place,
      """
      SELECT sqrt(sum((b.value - a.value) * (b.value - a.value)))
      FROM (SELECT *, row_number() OVER () AS n FROM weights WHERE epoch = 1) AS a
      JOIN weights AS b USING (run_id, layer, tensor, row, col)
      WHERE b.epoch = 4 GROUP BY layer, a.gate ORDER BY min(n)
      """)
    #expect(norms.count == 9 && expected.count == 9)
    for (norm, value) in zip(norms, expected) { #expect(abs(norm - (value ?? .nan)) < 1e-9) }
  }

  @Test func `equal states differ in nothing, a single bit in one weight`() throws {
    let place = try Workplace()
    // Where the optimizer's state is not stored, its hash does not tell of the bit.
    try place.write(Trial(epochs: 5, record: #""optimizer":{"every":3}"#))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--from", "3", "--epochs", "5", "-q")
    #expect(try place.run("diff", "1", "2").status == 0)
    #expect(try place.run("diff", "1@4", "2@4").status == 0)
    #expect(try place.run("diff", "1@3", "2@4").status == 1)
    _ = try place.sqlite(
      """
      UPDATE vector SET data = CAST(x'01' || substr(data, 2) AS BLOB)
      WHERE id = (SELECT first_vector FROM recording WHERE run_id = 2 AND epoch = 4
        AND part = 'weights') AND substr(data, 1, 1) <> x'01'
      """)
    let outcome = try place.run("diff", "1@4", "2@4", "--csv")
    #expect(outcome.status == 1)
    #expect(outcome.output.split(separator: "\n").count == 2)
    #expect(outcome.output.contains("\nlstm,kernel,0,0,input,0,x0,"))
  }

  @Test func `models of other shapes are compared as far as they go`() throws {
    let place = try Self.place()
    try place.write(Trial(name: "other", epochs: 2), to: "other.json")
    try place.lab("run", "other.json", "-q")
    let outcome = try place.run("diff", "1@2", "2@2")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("lstm_1/kernel is in the first only\n"))
    #expect(outcome.output.contains("dense/kernel is (3, 2) and (5, 2)\n"))
  }
}
