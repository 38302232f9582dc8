import Foundation
import Testing

/// `resume --new-data`: a fork goes on with other data, read as its parent's were.
@Suite struct NewDataTests {
  /// A table of days in towns: two features, one of texts, gaps, and a class a town.
  private static func table(
    _ towns: Int, seed: UInt64, kinds: [String] = ["cold", "warm"],
    skies: [String] = ["fog", "sun"], from first: Double = 0
  ) -> String {
    var random = CounterRandom(seed: seed)
    return "town,sky,warmth,kind,day\n"
      + (0..<towns).flatMap { town in
        (0..<4).map { day in
          let sky = skies[Int(random.next() % UInt64(skies.count))]
          let warmth = (town + day) % 5 == 3 ? "" : "\(first + Double(random.next() % 100) / 7)"
          return "t\(town),\(sky),\(warmth),\(kinds[town % kinds.count]),\(day)\n"
        }
      }.joined()
  }

  private static let config = """
    {"name":"towns","seed":4,"data":{"train":{"csv":"old.csv","sequence":"town",
    "features":["sky","warmth"],"target":"kind","missing":"mean"},"validation":{"split":0.25},
    "normalize":"standard"},
    "model":{"layers":[{"type":"lstm","units":3},{"type":"dense","units":2,"activation":"softmax"}]},
    "training":{"loss":"sparse_categorical_crossentropy","epochs":4,"batch_size":4}}
    """

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.table(12, seed: 1), to: "old.csv")
    try place.write(
      Self.table(8, seed: 2, kinds: ["warm"], skies: ["sun"], from: 50), to: "new.csv")
    try place.write(Self.config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    return place
  }

  private static let scales = """
    SELECT name, category, printf('%!.17g|%!.17g|%!.17g', shift, scale, fill) FROM features
    WHERE run_id =
    """

  @Test func `scales, classes, categories and fills are the parent's, and the lineage is kept`()
    throws
  {
    let place = try place()
    let outcome = try place.run(
      "resume", "1", "--from", "2", "--epochs", "6", "--set", "data.train.csv=new.csv",
      "--new-data",
      "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("run 1 goes on from epoch 2 with other data: `data.train.x` changed"),
      "\(outcome.errors)")
    #expect(
      try place.sqlite("SELECT parent_run_id, parent_epoch, epochs FROM runs WHERE run_id = 2")
        == "1|2|6")
    #expect(try place.sqlite(Self.scales + " 2") == place.sqlite(Self.scales + " 1"))
    #expect(
      try place.sqlite("SELECT name FROM classes WHERE run_id = 2 ORDER BY class") == "cold\nwarm")
    // The first state is the parent's to the bit; what was measured of other data is not told of these.
    let weights = "SELECT hex(hash) FROM epoch WHERE epoch = 2 AND run_id ="
    #expect(try place.sqlite(weights + " 2") == place.sqlite(weights + " 1"))
    #expect(try place.sqlite("SELECT count(*) FROM metrics WHERE run_id = 2 AND epoch = 2") == "0")
    // Everything that trains or reads again does so by what is stored.
    try place.lab("verify", "2")
    try place.lab("resume", "2", "--epochs", "8", "-q")
    try place.lab("verify", "2")
    try place.lab("resume", "2", "--from", "7", "--epochs", "9", "-q")
    try place.lab("verify", "3")
    #expect(
      try place.sqlite("SELECT count(DISTINCT data_hash) FROM runs WHERE run_id > 1") == "1")
    // Its own data and the same file as new ones get the same bits.
    let own = try place.lab("predict", "2", "--split", "train").split(separator: "\n")
    let file = try place.lab("predict", "2", "new.csv").split(separator: "\n")
    #expect(own.count == 7 && Array(file.prefix(7)) == own)
    // A parent that is gone takes nothing along.
    _ = try place.sqlite("PRAGMA foreign_keys = ON; DELETE FROM run WHERE id = 1")
    try place.lab("verify", "2", "--stored-only")
    try place.lab("predict", "2", "--split", "train")
  }

  @Test func `the lines under a report make the fork again`() throws {
    let place = try place()
    try place.lab(
      "resume", "1", "--from", "2", "--epochs", "5", "--set", "data.train.csv=new.csv", "--set",
      "training.batch_size=2", "--new-data", "-q")
    try place.lab("report", "2", "-o", "report")
    let summary = try place.text("report/summary.md")
    let script = try #require(
      (summary + "\n").split(separator: "```\n", omittingEmptySubsequences: false).dropFirst().first
    )
    #expect(script.contains("# First put its files where run-1.json finds them: old.csv, new.csv"))
    let hash = try place.lastHash(of: "2")
    let outcome = try place.shell(
      "cp old.csv new.csv report && cd report && ln -s \"$LAB\" lstm-lab && export PATH=\"$PWD:$PATH\""
        + " && set -e\n" + script)
    #expect(outcome.status == 0, "\(outcome.errors)\n\(script)")
    #expect(outcome.output.contains(hash))
  }

  @Test func `a file is meant where the shell is, and a file that was only changed is taken, too`()
    throws
  {
    let place = try place()
    let other = try Workplace()
    try other.write(Self.table(8, seed: 3), to: "new.csv")
    let outcome = try Program.run(
      Program.path,
      [
        "resume", "1", "--from", "4", "--epochs", "5", "--set", "data.train.csv=new.csv",
        "--new-data",
        "--db", place.file("lab.db"), "-q",
      ], in: other.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try place.sqlite("SELECT config FROM runs WHERE run_id = 2").contains(
        "\"csv\":\"\(other.path)/new.csv\""))
    try place.lab("verify", "2")
    // The same name, more rows.
    try place.write(Self.table(13, seed: 1), to: "old.csv")
    #expect(try place.run("resume", "1", "--from", "4", "--epochs", "5", "-q").status == 65)
    try place.lab("resume", "1", "--from", "4", "--epochs", "5", "--new-data", "-q")
    try place.lab("verify", "3")
    // Test data may be added, and validation data taken away.
    try place.lab(
      "resume", "3", "--from", "5", "--epochs", "6", "--new-data", "--set", "data.validation=null",
      "--set",
      #"data.test={"csv":"new.csv","sequence":"town","features":["sky","warmth"],"target":"kind","#
        + #""missing":"mean"}"#, "-q")
    #expect(
      try place.sqlite("SELECT DISTINCT split FROM metrics WHERE run_id = 4 ORDER BY 1")
        == "test\ntrain")
    try place.lab("verify", "4")
  }

  @Test(arguments: ["standard", "minmax"])
  func `windows and scaled targets go on, too`(kind: String) throws {
    let place = try ForecastTests.cuttings[1].place()
    let config = try place.text("config.json").replacing(
      #""normalize_target":"minmax""#, with: #""normalize_target":"\#(kind)""#)
    try place.write(config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    try place.write(ForecastTests.table(without: ["north": 3]), to: "new.csv")
    try place.lab(
      "resume", "2", "--from", "1", "--set", "data.train.csv=new.csv", "--new-data", "-q")
    let scales = "SELECT name, printf('%!.17g|%!.17g', shift, scale) FROM targets WHERE run_id ="
    #expect(try place.sqlite(scales + " 3") == place.sqlite(scales + " 2"))
    try place.lab("verify", "3")
    #expect(
      try place.lab("predict", "3", "--forecast")
        == place.lab("predict", "3", "new.csv", "--forecast"))
  }

  @Test func `a text goes on with another one of the same characters`() throws {
    let place = try PredictedKind.text.place()
    try place.write("athinhatandtheendofthecat–mêlée", to: "new.txt")
    let set = { (name: String) in
      ["data.train", "data.validation", "data.test"].flatMap { ["--set", "\($0).text=\(name)"] }
    }
    let fork = ["resume", "1", "--from", "2", "--epochs", "5", "--new-data", "-q"]
    let refused = try Program.run(Program.path, fork + set("new.txt"), in: place.path)
    #expect(refused.status == 65)
    #expect(
      refused.errors.hasPrefix(
        "error: the character `i` (U+0069) does not occur in the training text "
          + "(\(place.path)/new.txt:1:4)"), "\(refused.errors)")
    try place.write("athenhatandtheendofthecat–tête", to: "new.txt")
    try place.output(Program.path, fork + set("new.txt"))
    try place.lab("verify", "2")
    // Its classes are the parent's, more than the new text has.
    let classes = "SELECT class, name FROM classes WHERE run_id ="
    #expect(try place.sqlite(classes + " 2") == place.sqlite(classes + " 1"))
    #expect(
      try place.lab("predict", "2", "--split", "train") == place.lab("predict", "2", "new.txt"))
  }

  @Test func `what does not fit is refused by its name, and nothing is written`() throws {
    let place = try place()
    let texts: [(name: String, text: String)] = [
      ("class.csv", Self.table(8, seed: 5, kinds: ["cold", "hot"])),
      ("sky.csv", Self.table(8, seed: 5, skies: ["snow", "fog"])),
      ("feature.csv", Self.table(8, seed: 5).replacing("warmth", with: "heat")),
    ]
    for (name, text) in texts { try place.write(text, to: name) }
    let set = { (name: String) in ["--from", "2", "--set", "data.train.csv=\(name)", "--new-data"] }
    for (arguments, status, error) in [
      (
        set("class.csv"), 65,
        "error: `hot` is not a class of the training data (FOLDER/class.csv:6:"
      ),
      (
        set("sky.csv"), 65,
        "error: column `sky` is `snow`, which the training data do not have (FOLDER/sky.csv:"
      ),
      (
        set("feature.csv"), 65,
        "error: there is no column `warmth`, which `data.train.features[1]` names "
          + "(FOLDER/feature.csv:1:1)\n"
      ),
      (set("none.csv"), 66, "error: no such .csv file (FOLDER/none.csv)\n"),
      (
        ["--from", "2", "--set", "data.train.csv=new.csv"], 64,
        "error: a fork goes on with its parent's data: `data.train.csv` cannot be changed (--set)\n"
          + "  to go on with other data add --new-data; "
      ),
      (
        ["--from", "2", "--new-data", "--set", "data.normalize=none"], 64,
        "error: new data are read as the run read its own: `data.normalize` cannot be changed (--set)\n"
      ),
      (
        ["--from", "2", "--new-data", "--set", #"data.train.features=["sky"]"#], 64,
        "error: new data are read as the run read its own: `data.train.features` cannot be changed"
      ),
      (["--new-data"], 64, "error: --new-data is for a fork; add --from EPOCH\n"),
    ] {
      let outcome = try Program.run(
        Program.path, ["resume", "1", "--epochs", "5", "-q"] + arguments, in: place.path)
      #expect(outcome.status == status)
      let errors = outcome.errors.replacing(place.path, with: "FOLDER")
      #expect(errors.hasPrefix(error), "\(errors)")
    }
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "1")
  }

  @Test func `arrays with other features are refused`() throws {
    let kind = try #require(PredictedKind.all.first { $0.id == "arrays in files" })
    let place = try kind.place()
    try place.write(
      NPYBytes.file(shape: [9, 4, 3], values: (0..<108).map(Double.init)), to: "wide.npy")
    let outcome = try place.run(
      "resume", "1", "--from", "2", "--new-data", "--set", "data.train.x=wide.npy", "--set",
      "data.validation=null", "--set", "data.test=null", "-q")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors.hasPrefix("error: 2 features have stored scales, and 3 need them"),
      "\(outcome.errors)")
  }
}
