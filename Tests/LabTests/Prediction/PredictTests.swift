import Foundation
import Testing

/// What `predict` makes of data, old and new: the bits that training stored.
@Suite struct PredictTests {
  /// A printed table by its columns.
  struct Printed {
    let titles: [Substring]
    let rows: [[Substring]]

    init(_ csv: String) {
      let lines = csv.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      titles = lines.first ?? []
      rows = Array(lines.dropFirst())
    }

    /// The numbers of some columns, row by row, as float32.
    func floats(_ names: [String]) throws -> [Float] {
      let columns = try names.map { name in try #require(titles.firstIndex { $0 == name }) }
      return try rows.flatMap { row in try columns.map { try #require(Float(row[$0])) } }
    }
  }

  /// What a run stored of a split in an epoch, sample by sample.
  static func stored(_ epoch: Int, _ split: String, in place: Workplace) throws -> [Float] {
    try place.sqlite(
      """
      SELECT printf('%!.17g', value) FROM predictions
      WHERE run_id = 1 AND epoch = \(epoch) AND split = '\(split)' ORDER BY sample, output
      """
    ).split(separator: "\n").map { Float(try #require(Double($0))) }
  }

  @Test(arguments: PredictedKind.all)
  func `a file that was trained on gives what was stored, to the bit`(kind: PredictedKind) throws {
    let place = try kind.place()
    for epoch in [0, 2, 4] {
      let expected = try Self.stored(epoch, "train", in: place)
      let own = try place.lab("predict", "1@\(epoch)", "--split", "train")
      #expect(try Printed(own).floats(kind.outputs) == expected)
      let outcome = try Program.run(
        Program.path, ["predict", "1@\(epoch)", kind.file] + kind.options, in: place.path)
      #expect(outcome.errors == kind.told)
      let printed = Printed(outcome.output)
      #expect(!expected.isEmpty)
      #expect(try printed.floats(kind.outputs) == expected)
      // Targets are those of the configuration, where they are not named.
      if kind.id != "arrays in the configuration" { #expect(outcome.output == own + "\n") }
    }
    // Of its test data, which it was not asked for.
    let outcome = try place.run("predict", "1")
    #expect(outcome.errors.hasPrefix("run 1 is applied to its test data, "))
    #expect(
      try Printed(outcome.output).floats(kind.outputs) == Self.stored(4, "test", in: place))
  }

  @Test(arguments: PredictedKind.all)
  func `a run needs nothing but itself`(kind: PredictedKind) throws {
    let place = try kind.place()
    let expected = try Self.stored(4, "train", in: place)
    let other = try Workplace()
    for name in kind.files.map(\.name) + ["lab.db"] {
      try other.write(try place.bytes(name), to: "new-" + name)
    }
    for name in kind.files.map(\.name) + ["config.json"] {
      try FileManager.default.removeItem(atPath: place.file(name))
    }
    let options = kind.options.map { $0.hasPrefix("--") ? $0 : "new-" + $0 }
    let outcome = try Program.run(
      Program.path, ["predict", "1", "new-\(kind.file)", "--db", "new-lab.db"] + options,
      in: other.path)
    #expect(outcome.errors == kind.told)
    #expect(try Printed(outcome.output).floats(kind.outputs) == expected)
  }

  /// The lines of a table with each row's fields changed, the header's too.
  private func changed(_ csv: String, _ change: ([Substring]) -> [Substring]) -> String {
    csv.split(separator: "\n").map { line in
      change(line.split(separator: ",")).joined(separator: ",") + "\n"
    }.joined()
  }

  @Test(arguments: PredictedKind.tables.prefix(3))
  func `columns in another order, other names, no targets change no bit`(kind: PredictedKind) throws
  {
    let place = try kind.place()
    let expected = try Self.stored(4, "train", in: place)
    let csv = try place.text("data.csv")
    let header = csv.prefix { $0 != "\n" }
    let changes: [(id: String, csv: String, hasTargets: Bool)] = [
      ("turned", changed(csv) { $0.reversed() }, true),
      ("no targets", changed(csv) { Array($0.prefix(3)) }, false),
      (
        "all missing", changed(csv) { $0[0] == "walk" ? $0 : $0.prefix(3) + ["?", "NA"] }, false
      ),
      ("more columns", changed(csv) { ["x"] + $0 + ["y"] }, true),
      ("other names", csv.replacing("\nw", with: "\n2026-"), true),
      (
        "quotes and line ends",
        "\u{FEFF}" + changed(csv) { $0.map { "\"\($0)\"" } }.replacing("\n", with: "\r\n"), true
      ),
    ]
    for (id, text, hasTargets) in changes {
      try place.write(text, to: "new.csv")
      let printed = Printed(try place.lab("predict", "1", "new.csv"))
      #expect(try printed.floats(kind.outputs) == expected, "\(id)")
      #expect(printed.titles.contains("target") == hasTargets, "\(id)")
      let first = id == "other names" ? "2026-0" : "w0"
      #expect(printed.titles[0] == "walk" && printed.rows[0][0] == first, "\(id)")
    }
    // Each alone, last first: what the others are changes nothing.
    let rows = csv.split(separator: "\n").dropFirst()
    var alone: [Float] = []
    for walk in 0..<11 {
      let own = rows.filter { $0.hasPrefix("w\(walk),") }.joined(separator: "\n")
      try place.write("\(header)\n\(own)\n", to: "new.csv")
      alone += try Printed(try place.lab("predict", "1", "new.csv")).floats(kind.outputs)
    }
    #expect(alone == expected)
    // Rows of all walks mixed: each walk's stay in their order.
    try place.write(
      "\(header)\n" + Self.mixed(rows.map(String.init)).joined(separator: "\n"), to: "new.csv")
    let mixed = Printed(try place.lab("predict", "1", "new.csv"))
    let bits = { (printed: Printed) in
      Dictionary(grouping: printed.rows) { $0[0] }.mapValues { $0.map { $0.dropFirst() } }
    }
    #expect(bits(mixed) == bits(Printed(try place.lab("predict", "1", "data.csv"))))
  }

  /// The rows with every walk's first one before all second ones, and so on.
  private static func mixed(_ rows: [String]) -> [String] {
    var seen: [Substring: Int] = [:]
    let numbered = rows.enumerated().map { place, row in
      let walk = row.prefix { $0 != "," }
      seen[walk, default: 0] += 1
      return (seen[walk, default: 0], place, row)
    }
    return numbered.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  @Test func `what is predicted is a class, and what is missing is left empty`() throws {
    let place = try PredictedKind.tables[0].place()
    try place.write(
      "walk,speed,slope,kind\na,1,2,\nb,100,0.5,low\nb,3,0.5,low\n=c,7,1,?\n", to: "new.csv")
    let csv = try place.lab("predict", "1", "new.csv")
    let lines = csv.split(separator: "\n")
    #expect(lines[0] == "walk,high,low,very high,predicted,target")
    #expect(lines.count == 4)
    for (line, target) in zip(lines.dropFirst(), ["", "low", ""]) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let values = fields[1...3].map { Float($0) ?? .nan }
      let greatest = try #require(values.firstIndex(of: values.max() ?? 0))
      #expect(fields[4] == lines[0].split(separator: ",")[1 + greatest])
      #expect(fields[5] == target)
      // The fewest digits that read back.
      #expect(fields[1...3].allSatisfy { Float($0)?.description == String($0) })
    }
    #expect(lines[3].hasPrefix("'=c,"), "no spreadsheet runs a name")
    let json = try place.lab("predict", "1", "new.csv", "--json")
    #expect(json.contains(#"{"walk":"=c","high":"#) && json.contains(#""target":null}"#))
    #expect(try place.lab("predict", "1", "new.csv", "--csv") == csv)
    #expect(
      try place.lab("predict", "1", "new.csv", "--md").hasPrefix(
        "| walk | high | low | very high |"))
    let head = try place.shell(#""$LAB" predict 1 new.csv | head -1"#)
    #expect(head.errors == "" && head.status == 0)
  }

  @Test func `one output between two classes is told by name, and columns keep apart`() throws {
    let place = try Workplace()
    try place.write("target,x,y\na,1,predicted\nb,2,step\nb,3,step\n", to: "data.csv")
    try place.write(
      """
      {"data":{"train":{"csv":"data.csv","sequence":"target","features":["x"],"target":"y"}},
      "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1,"activation":"sigmoid"}]},
      "training":{"loss":"binary_crossentropy","epochs":1}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let lines = try place.lab("predict", "1", "data.csv").split(separator: "\n")
    #expect(lines[0] == "column target,step,predicted,target")
    for (line, name) in zip(lines.dropFirst(), ["a", "b"]) {
      let fields = line.split(separator: ",")
      #expect(fields[0] == name)
      #expect((Float(fields[1]) ?? 0 > 0.5) == (fields[2] == "step"))
    }
  }

  @Test func `threads and instruction sets change no bit`() throws {
    let place = try PredictedKind.tables[1].place()
    let expected = try place.lab("predict", "1", "data.csv")
    for level in ["portable", "v2"] {
      for threads in ["1", "3"] {
        #expect(
          try place.lab(
            "predict", "1", "data.csv", "--threads", threads, environment: ["LSTM_LAB_ISA": level])
            == expected)
      }
    }
  }

  /// What the run reads a file by, changed by hand.
  @Test(arguments: [
    (
      "UPDATE class SET name = 'low'",
      "`class.name` of run 1 is the text `low`, two classes have it"
    ),
    ("DELETE FROM class WHERE class = 1", "class 1 of run 1 is missing"),
    ("DELETE FROM feature WHERE feature = 0", "feature 0 of run 1 is missing"),
    ("DELETE FROM feature", "0 features have stored scales, and 2 need them"),
    ("UPDATE feature SET scale = 1e999", "no scale"),
    ("UPDATE feature SET shift = -1e999", "not finite"),
  ])
  func `what a stranger wrote into the database is refused`(sql: String, error: String) throws {
    let place = try PredictedKind.tables[0].place()
    try place.lab("predict", "1", "data.csv")
    _ = try place.sqlite(sql)
    let outcome = try place.run("predict", "1", "data.csv")
    #expect(outcome.status == 65 && outcome.output == "")
    #expect(outcome.errors.contains(error), "\(outcome.errors)")
  }

  @Test func `weights that are not those that were stored are refused`() throws {
    let place = try PredictedKind.tables[0].place()
    let weights = """
      vector WHERE id = (SELECT first_vector FROM recording
        WHERE part = 'weights' AND epoch = 4 ORDER BY name LIMIT 1)
      """
    try place.flip(3, of: weights)
    for command in ["predict", "evaluate"] {
      let outcome = try place.run(command, "1", "data.csv")
      #expect(outcome.status == 65 && outcome.output == "")
      #expect(outcome.errors.contains("the stored bytes do not have the stored hash"))
    }
    _ = try place.lab("predict", "1@2", "data.csv")
  }
}
