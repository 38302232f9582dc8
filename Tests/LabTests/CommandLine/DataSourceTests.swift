import Foundation
import Testing

/// Runs on data from files and generators: what is stored of the data, and what a resume refuses.
@Suite struct DataSourceTests {
  static let header = "@equalLength false\n@classLabel true low high\n@data\n"
  static let series = """
    1,2,3:0,1,0:low
    5,6:1,1:high
    1,1:0,0:low
    7,6,5,6:1,0,1,1:high
    0,1,2:1,0,0:low

    """
  static let table = """
    id,speed,slope,kind
    a,1,2,"x, y"
    a,2,2,"x, y"
    b,3,4,z
    b,4,5,z
    b,4,6,z

    """

  /// A run on `a.ts`, with `data` instead of its source of training samples where given.
  private func trained(_ data: String = #"{"train":{"ts":"a.ts"}}"#) throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.header + Self.series, to: "a.ts")
    try place.write(Self.header + Self.series.replacing("7", with: "8"), to: "b.ts")
    try place.write(Self.table, to: "a.csv")
    try place.write(
      """
      {"data":\(data),
      "model":{"layers":[{"type":"lstm","units":3},
      {"type":"dense","units":2,"activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":4,"batch_size":2,
      "metrics":["accuracy"]}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    return place
  }

  @Test func `classes and scales are in the database`() throws {
    let place = try trained(
      #"{"train":{"ts":"a.ts"},"validation":{"split":0.4,"stratify":true},"#
        + #""test":{"ts":"b.ts"},"normalize":"standard"}"#)
    #expect(try place.sqlite("SELECT class, name FROM classes WHERE run_id = 1") == "0|low\n1|high")
    #expect(
      try place.sqlite("SELECT part FROM data_parts ORDER BY part") == """
        classes
        normalization
        test.x
        test.y
        train.x
        train.y
        validation.x
        validation.y
        """)
    // Trained are 1,2,3 (low) and 5,6 (high): the mean of 1, 2, 3, 5, 6 is 3.4, their variance 3.44.
    let feature = "SELECT feature, name, round(shift, 12), round(scale * scale, 12) FROM features"
    #expect(try place.sqlite(feature) == "0||3.4|3.44\n1||0.6|0.24")
    let shown = try place.lab("show", "1")
    #expect(shown.contains(try Regex(#"\nclasses +low, high\nnormalize +standard\n"#)))
  }

  @Test func `a table's columns name the features`() throws {
    let place = try trained(
      #"{"train":{"csv":"a.csv","sequence":"id","features":["slope","speed"],"target":"kind"}}"#)
    #expect(try place.sqlite("SELECT name FROM classes") == "x, y\nz")
    #expect(
      try place.sqlite("SELECT name, shift, scale FROM features") == "slope|0.0|1.0\nspeed|0.0|1.0")
  }

  /// However the same data are written, they are the same data.
  @Test func `comments, line ends and marks are no change`() throws {
    let place = try trained()
    let text =
      "\u{FEFF}# moved\n" + Self.header + "# x\n" + Self.series.replacing("5,", with: "5.0, ")
    try place.write(text.replacing("\n", with: "\r\n"), to: "a.ts")
    #expect(try place.lab("resume", "1", "--epochs", "6", "-q") == "1")
    try place.write(Self.header + Self.series, to: "a.ts")
    #expect(try place.lab("resume", "1", "--epochs", "8", "-q") == "1")
    try place.write(
      place.sqlite("SELECT config FROM runs").replacing("\"epochs\":4", with: "\"epochs\":8"),
      to: "config.json")
    try place.lab("run", "config.json", "-q")
    #expect(try place.hashes(of: "2") == place.hashes(of: "1"))
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var file: String
    var old: String
    var new: String
    var parts: String
    var testDescription: String { "\(old) → \(new): \(parts)" }
  }

  static let changes = [
    Change(file: "a.ts", old: "1,2,3", new: "1,2,4", parts: "`data.train.x` changed"),
    Change(
      file: "a.ts", old: "5,6:1,1:high", new: "5,6:1,1:low",
      parts: "`data.train.y` changed"),
    Change(
      file: "a.ts", old: "0,1,2:1,0,0", new: "0,1,2:1,1,0", parts: "`data.validation.x` changed"),
    Change(file: "b.ts", old: "8,6,5,6", new: "8,6,5,5", parts: "`data.test.x` changed"),
    Change(file: "b.ts", old: "1,1:high", new: "1,1:low", parts: "`data.test.y` changed"),
  ]

  @Test(arguments: changes) func `a resume names what changed`(change: Change) throws {
    let place = try trained(
      #"{"train":{"ts":"a.ts"},"validation":{"split":0.2},"test":{"ts":"b.ts"},"#
        + #""normalize":"standard"}"#)
    let before = try place.sqlite(".dump")
    let text = String(decoding: try place.bytes(change.file), as: UTF8.self)
    #expect(text.contains(change.old))
    try place.write(text.replacing(change.old, with: change.new), to: change.file)
    for arguments in [["resume", "1", "--epochs", "9"], ["resume", "1", "--from", "2"]] {
      let outcome = try Program.run(Program.path, arguments, in: place.path)
      #expect(outcome.status == 65)
      #expect(
        outcome.errors == """
          error: these are not the data that run 1 was trained with: \(change.parts) \
          (\(place.file(change.file)))
            put them back as they were, name their folder with --data DIR, or start a new run with them

          """)
    }
    #expect(try place.sqlite(".dump") == before)
  }

  @Test func `a renamed class is a change`() throws {
    let place = try trained()
    try place.write((Self.header + Self.series).replacing("low", with: "slow"), to: "a.ts")
    let outcome = try place.run("resume", "1", "--epochs", "9")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors.contains(" trained with: `data.classes` changed (\(place.file("a.ts")))"))
  }
}
