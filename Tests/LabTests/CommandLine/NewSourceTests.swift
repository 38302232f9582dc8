import Foundation
import Testing

/// `resume --new-data` with a whole source of data: how its file is written may be another, what its samples
/// are may not.
@Suite struct NewSourceTests {
  private static func rows(_ count: Int, seed: UInt64) -> [[String]] {
    var random = CounterRandom(seed: seed)
    return (0..<count).map { row in
      let value = row % 7 == 3 ? "" : "\(Double(random.next() % 100) / 8)"
      return ["t\(row / 4)", value, "\(random.next() % 9)", row / 4 % 2 == 0 ? "a" : "b"]
    }
  }

  private static func table(_ rows: [[String]], _ delimiter: String = ",") -> String {
    ([["town", "warmth", "wind", "kind"]] + rows).map {
      $0.joined(separator: delimiter) + "\n"
    }.joined()
  }

  private static let own: [(key: String, value: String)] = [
    ("csv", #""new.csv""#), ("sequence", #""town""#), ("features", #"["warmth","wind"]"#),
    ("target", #""kind""#), ("missing", #""mean""#),
  ]

  /// A source with some keys changed, added or (by an empty value) left out.
  private static func source(
    _ changes: [String: String], _ own: [(key: String, value: String)] = own
  )
    -> String
  {
    let more = changes.keys.sorted().filter { key in !own.contains { $0.key == key } }
    let members =
      own.map { ($0.key, changes[$0.key] ?? $0.value) } + more.map { ($0, changes[$0] ?? "") }
    return "{" + members.filter { $0.1 != "" }.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
      + "}"
  }

  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(table(rows(48, seed: 1)), to: "old.csv")
    try place.write(table(rows(32, seed: 2)), to: "new.csv")
    try place.write(
      """
      {"data":{"train":\(source(["csv": #""old.csv""#])),"validation":{"split":0.25},
      "normalize":"standard"},
      "model":{"layers":[{"type":"lstm","units":3},{"type":"dense","units":2,"activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":2,"batch_size":4}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    return place
  }

  private static func fork(
    _ path: String, _ source: String, in place: Workplace, from folder: String? = nil
  ) throws -> Program.Outcome {
    try Program.run(
      Program.path,
      [
        "resume", "1", "--from", "1", "--epochs", "3", "--new-data", "-q", "--set",
        "\(path)=\(source)", "--db", place.file("lab.db"),
      ], in: folder ?? place.path)
  }

  @Test func `a file that is written otherwise gives the same bits`() throws {
    let place = try Self.place()
    #expect(try Self.fork("data.train", Self.source([:]), in: place).status == 0)
    let hash = try place.lastHash(of: "2")
    // Semicolons, decimal commas, another encoding, another name of the sequences.
    let rows = Self.rows(32, seed: 2).map { row in row.map { $0.replacing(".", with: ",") } }
    let text = Self.table(rows, ";").replacing("town", with: "Ort")
    try place.write(
      Array("\u{FEFF}".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, to: "other.csv")
    let changes = [
      "csv": #""other.csv""#, "delimiter": #"";""#, "decimal": #"",""#, "encoding": #""utf-16""#,
      "sequence": #""Ort""#,
    ]
    let outcome = try Self.fork("data.train", Self.source(changes), in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.lastHash(of: "3") == hash)
    try place.lab("verify", "3")
    // The path is meant where the shell is.
    let other = try Workplace()
    try other.write(try place.bytes("new.csv"), to: "here.csv")
    let moved = try Self.fork(
      "data.train", Self.source(["csv": #""here.csv""#]), in: place, from: other.path)
    #expect(moved.status == 0, "\(moved.errors)")
    #expect(try place.lastHash(of: "4") == hash)
  }

  @Test(
    arguments: ["data.train", "data.validation", "data.test"],
    [
      (key: "missing", value: #""drop""#, had: #""mean""#),
      (key: "missing", value: "", had: #""mean""#),
      (key: "features", value: #"["wind","warmth"]"#, had: #"["warmth","wind"]"#),
      (key: "target", value: #""wind""#, had: #""kind""#),
      (key: "target_per", value: #""step""#, had: #""sequence""#),
      (key: "classes", value: #"["b","a"]"#, had: ""),
    ])
  func `what samples are is refused by its name where it is another`(
    path: String, change: (key: String, value: String, had: String)
  ) throws {
    let place = try Self.place()
    let outcome = try Self.fork(path, Self.source([change.key: change.value]), in: place)
    #expect(outcome.status == 64, "\(outcome.errors)")
    let value = change.value.isEmpty ? "left out" : change.value
    let had = change.had.isEmpty ? "it is left out" : change.had
    #expect(
      outcome.errors.hasPrefix(
        "error: new data are read as the run read its own: `\(path).\(change.key)` is \(value), and "
          + "of run 1 \(had) (--set)\n"), "\(outcome.errors)")
    #expect(outcome.errors.contains("; start a new run for another `\(change.key)`\n"))
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "1")
    // As the run has it, it is taken.
    let same = try Self.fork(path, Self.source([:]), in: place)
    #expect(same.status == 0, "\(same.errors)")
  }

  @Test func `windows stay as they are`() throws {
    let place = try ForecastTests.cuttings[0].place()
    try place.write(ForecastTests.table(without: ["north": 3]), to: "new.csv")
    let source = { (windows: String) in
      #"{"csv":"new.csv","sequence":"shop","features":["sales","sky"],"windows":{\#(windows)}}"#
    }
    let own = #""sequence_length":3,"targets":["sales"]"#
    for windows in [
      own + #","sequence_stride":2"#, own + #","sampling_rate":2"#, own + #","horizon":2"#,
      #""sequence_length":4,"targets":["sales"]"#, #""sequence_length":3,"targets":["cost"]"#,
    ] {
      let outcome = try Self.fork("data.train", source(windows), in: place)
      #expect(outcome.status == 64)
      #expect(
        outcome.errors.hasPrefix(
          "error: new data are read as the run read its own: `data.train.windows` is {"),
        "\(outcome.errors)")
    }
    let one = try place.run(
      "resume", "1", "--from", "1", "--new-data", "--set", "data.train.windows.sequence_stride=2")
    #expect(one.status == 64)
    #expect(one.errors.contains("start a new run for another `windows`"), "\(one.errors)")
    let same = try Self.fork("data.train", source(own), in: place)
    #expect(same.status == 0, "\(same.errors)")
  }
}
