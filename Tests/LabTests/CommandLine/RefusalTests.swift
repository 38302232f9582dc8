import Foundation
import Testing

/// Mistakes of every kind: one clear error, the exit code of its kind, and nothing stored is lost.
///
/// The messages are in `Golden/refused-*.txt`.
@Suite struct RefusalTests {
  /// Runs commands that must be refused in a folder with a database of one run.
  private func transcribe(
    _ commands: [[String]], in place: Workplace, statuses: Set<Int32>, to golden: String
  ) throws {
    let database = place.file("lab.db")
    if !FileManager.default.fileExists(atPath: database) {
      try place.write(Trial(epochs: 3), to: "trial.json")
      try place.lab("run", "trial.json", "-q")
    }
    let before = try place.sqlite(".dump")
    let files = try Set(place.names())
    var transcript = Transcript(place)
    for command in commands {
      let outcome = try transcript.run(command)
      #expect(statuses.contains(outcome.status), "\(command)")
      #expect(outcome.output == "", "\(command)")
      #expect(outcome.errors.hasPrefix("error: "), "\(command)")
    }
    #expect(try place.sqlite(".dump") == before)
    let new = try Set(place.names()).subtracting(files).filter { !$0.hasPrefix("lab.db-") }
    #expect(new == [], "files that a refused command left")
    try expectGolden(transcript.text, golden)
  }

  @Test func `configurations`() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      atPath: place.file("folder"), withIntermediateDirectories: false)
    let good = Trial().json
    let cases: [(String, String)] = [
      ("empty.json", ""),
      ("list.json", "[1]"),
      ("cut.json", String(good.prefix(good.count / 2))),
      ("twice.json", good.replacing("\"seed\":1", with: "\"seed\":1,\"seed\":2")),
      ("unknown.json", good.replacing("batch_size", with: "batchsize")),
      ("nan.json", good.replacing("\"epochs\":6", with: "\"epochs\":NaN")),
      ("type.json", good.replacing("\"epochs\":6", with: "\"epochs\":\"6\"")),
      ("range.json", good.replacing("\"epochs\":6", with: "\"epochs\":-1")),
      ("fraction.json", good.replacing("\"batch_size\":3", with: "\"batch_size\":2.5")),
      ("huge.json", good.replacing("\"units\":5", with: "\"units\":1000000")),
      ("units.json", good.replacing("\"units\":5", with: "\"units\":99999999999999999999")),
      ("outputs.json", good.replacing("\"units\":2", with: "\"units\":3")),
      ("layers.json", good.replacing("\"type\":\"dense\"", with: "\"type\":\"transformer\"")),
      (
        "weightless.json",
        Trial(layers: #"[{"type":"dropout","rate":0.5}]"#).json
      ),
      ("loss.json", good.replacing("binary_crossentropy", with: "binary_cross_entropy")),
      ("targets.json", Trial(train: #"{"x":[[[1]]],"y":[[1,0],[0,1]]}"#).json),
      ("ragged.json", Trial(train: #"{"x":[[[1],[2]],[[3,4]]],"y":[[1,0],[0,1]]}"#).json),
      ("text.json", Trial(train: #"{"x":[[["a"]]],"y":[[1,0]]}"#).json),
      ("nothing.json", Trial(train: #"{"x":[],"y":[]}"#).json),
      ("large.json", Trial(train: #"{"x":[[[1e39]]],"y":[[1,0]]}"#).json),
    ]
    for (name, text) in cases { try place.write(text, to: name) }
    try place.write([0xFF, 0xFE, 0x00], to: "bytes.json")
    let names = ["absent.json", "folder"] + cases.map(\.0) + ["bytes.json"]
    try transcribe(
      names.map { ["run", $0] } + [["check", "absent.json"], ["check", "unknown.json"]],
      in: place, statuses: [65, 66], to: "refused-configurations.txt")
  }

  @Test func `folds`() throws {
    let place = try Workplace()
    let good = Trial().json
    let own = try #require(good.firstMatch(of: /"validation":\{[^}]*\}/)?.output)
    let data = [
      #""folds":1,"fold":0"#, #""folds":5,"fold":5"#, #""folds":5"#, #""fold":1"#,
      #""folds":2.5,"fold":-1"#, #""rolling":3,"fold":0,"stratify":true"#,
      #""split":0.2,"folds":5,"fold":0"#, #""folds":8,"fold":0"#, #""rolling":3,"fold":0"#,
      #""folds":6,"fold":0,"stratify":true"#,
    ]
    for (number, keys) in data.enumerated() {
      try place.write(
        good.replacing(own, with: "\"validation\":{\(keys)}"), to: "data-\(number).json")
    }
    try place.write(good, to: "own.json")
    try place.write(
      good.replacing(own, with: #""validation":{"folds":2,"fold":0}"#), to: "folds.json")
    let series = Trial(
      layers: #"[{"type":"lstm","units":2},{"type":"dense","units":1}]"#,
      loss: "mean_squared_error",
      train:
        #"{"generator":"sine","samples":2,"length":30,"seed":1,"windows":{"sequence_length":4}}"#
    ).json.replacing(own, with: #""validation":{"rolling":2,"fold":0}"#)
    try place.write(series, to: "series.json")
    try place.write(
      series.replacing(#""rolling":2"#, with: #""folds":2"#), to: "cut.json")
    try place.write(series.replacing(#""length":30"#, with: #""length":14"#), to: "short.json")
    let options = [
      "folds.json --folds 1", "folds.json --folds 20000", "folds.json --folds 8",
      "folds.json --folds 9000 --seeds 1..2", "folds.json --folds 3 --fold 3",
      "folds.json --folds 3 --fold 2..1", "folds.json --fold 1", "folds.json --stratify",
      "folds.json --folds 3 --rolling 3", "folds.json -j 2", "folds.json --rolling 2",
      "own.json --folds 3", "series.json --folds 3", "series.json --rolling 6", "short.json",
      "cut.json", "folds.json --folds two",
    ]
    try transcribe(
      data.indices.map { ["check", "data-\($0).json"] }
        + options.map { ["run"] + $0.split(separator: " ").map(String.init) },
      in: place, statuses: [64, 65], to: "refused-folds.txt")
  }

  @Test func `arrays in files`() throws {
    let place = try Workplace()
    let x = NPYBytes.file(shape: [2, 3, 2], values: (0..<12).map(Double.init))
    let y = NPYBytes.file(shape: [2, 2], values: [1, 0, 0, 1])
    let header = { (text: String) in NPYBytes.header(text) + [0, 0, 0, 0] }
    let files: [(String, [UInt8])] = [
      ("y.npy", y), ("empty.npy", []), ("cut-header.npy", Array(x.prefix(40))),
      ("cut.npy", Array(x.dropLast(5))), ("long.npy", x + [0]),
      ("text.npy", Array("no array".utf8)),
      ("version.npy", Array(x.prefix(6)) + [9, 9] + Array(x.dropFirst(8))),
      (
        "overflow.npy",
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2), }")
      ),
      (
        "promise.npy",
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1000000000, 2), }")
      ),
      ("negative.npy", header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, -3, 2), }")),
      ("objects.npy", header("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3, 2), }")),
      ("code.npy", header("__import__('os').system('touch owned')")),
      ("flat.npy", NPYBytes.file(shape: [12], values: (0..<12).map(Double.init))),
      ("nan.npy", NPYBytes.file(shape: [2, 3, 2], values: (0..<12).map { $0 == 7 ? .nan : 1 })),
      ("three.npy", NPYBytes.file(shape: [3, 1, 2], values: (0..<6).map(Double.init))),
    ]
    for (name, bytes) in files { try place.write(bytes, to: name) }
    let names = ["absent.npy"] + files.dropFirst().map(\.0)
    for name in names {
      try place.write(Trial(train: #"{"x":"\#(name)","y":"y.npy"}"#), to: "\(name).json")
    }
    try transcribe(
      names.map { ["run", "\($0).json"] }, in: place, statuses: [65, 66],
      to: "refused-arrays.txt")
  }

  @Test func `first weights`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3), to: "trial.json")
    try place.lab("run", "trial.json", "-q")
    try place.lab("export", "1", "good.safetensors")
    let good = try place.bytes("good.safetensors")
    let text = String(decoding: good, as: UTF8.self)
    let header = String(text[...(try #require(text.firstIndex(of: "}")))]).count
    #expect(header > 8)
    var files: [(String, [UInt8])] = [
      ("empty.safetensors", []), ("cut.safetensors", Array(good.dropLast(1))),
      ("cut-header.safetensors", Array(good.prefix(100))),
      ("longer.safetensors", good + [0]),
      ("huge-header.safetensors", [255, 255, 255, 255, 255, 255, 255, 127] + good.dropFirst(8)),
      ("wrong.txt", good), ("noise.npz", Array("PK nothing of the kind".utf8)),
    ]
    let changes = [
      ("renamed", "dense/bias", "dense/bios"), ("other-type", "\"F32\"", "\"I64\""),
      ("misshapen", "[5,20]", "[20,5]"), ("shifted", "[0,160]", "[4,164]"),
      ("overlap", "[160,560]", "[156,556]"),
      ("twice", "lstm/kernel", "lstm/bias"),
      ("overflow", "[5,20]", "[9999999999,9999999999]"),
    ]
    for (name, old, new) in changes {
      files.append(("\(name).safetensors", try Self.safetensors(good, replacing: old, with: new)))
    }
    for (name, bytes) in files { try place.write(bytes, to: name) }
    try place.write(
      Trial(
        layers: #"[{"type":"lstm","units":6},{"type":"dense","units":2}]"#,
        model: #","initial_weights":"good.safetensors""#), to: "units.json")
    try place.write(
      Trial(
        layers:
          #"[{"type":"lstm","units":5},{"type":"lstm","units":5},{"type":"dense","units":2}]"#,
        model: #","initial_weights":"good.safetensors""#), to: "layers.json")
    try place.write(
      Trial(
        layers: #"[{"type":"lstm","units":5,"use_bias":false},{"type":"dense","units":2}]"#,
        model: #","initial_weights":"good.safetensors""#), to: "bias.json")
    let names = ["absent.npz"] + files.map(\.0)
    for name in names {
      try place.write(Trial(model: #","initial_weights":"\#(name)""#), to: "\(name).json")
    }
    try transcribe(
      (names + ["units", "layers", "bias"]).map { ["run", "\($0).json"] }, in: place,
      statuses: [65, 66], to: "refused-weights.txt")
    // The file itself is good: training from it is training from the weights it was written from.
    try place.write(Trial(model: #","initial_weights":"good.safetensors""#), to: "good.json")
    try place.lab("run", "good.json", "-q")
    let values = { (run: Int, epoch: Int) in
      try place.sqlite(
        "SELECT layer, tensor, row, col, printf('%!.17g', value) FROM weights "
          + "WHERE run_id = \(run) AND epoch = \(epoch)")
    }
    #expect(try values(2, 0) == values(1, 3))
  }

  /// A safetensors file with a part of its header replaced, its length set right.
  private static func safetensors(
    _ file: [UInt8], replacing old: String, with new: String
  ) throws -> [UInt8] {
    let length = Int(file[0]) + Int(file[1]) << 8
    let header = String(decoding: file[8..<8 + length], as: UTF8.self)
    let changed = Array(header.replacing(old, with: new, maxReplacements: 1).utf8)
    try #require(changed != Array(header.utf8), "\(header)")
    return [UInt8(changed.count % 256), UInt8(changed.count / 256), 0, 0, 0, 0, 0, 0] + changed
      + file[(8 + length)...]
  }

  @Test func `databases`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3), to: "trial.json")
    try place.lab("run", "trial.json", "-q")
    _ = try place.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
    let whole = try place.bytes("lab.db")
    try FileManager.default.createDirectory(
      atPath: place.file("folder"), withIntermediateDirectories: false)
    try place.write(
      "no database at all, but long enough to be looked at with care, twice and "
        + "thrice over, until one hundred bytes are full", to: "text.db")
    try place.write(whole.prefix(60) + [], to: "beginning.db")
    try place.write(whole.prefix(whole.count / 2) + [], to: "half.db")
    try place.write(whole, to: "future.db")
    _ = try place.sqlite("CREATE TABLE t (a); INSERT INTO t VALUES (1)", database: "other.db")
    _ = try place.sqlite("PRAGMA application_id = 7; CREATE TABLE t (a)", database: "marked.db")
    _ = try place.sqlite("PRAGMA user_version = 99", database: "future.db")
    let names = ["text.db", "beginning.db", "half.db", "other.db", "marked.db", "future.db"]
    let before = try names.map { try place.bytes($0) }
    var commands = (names + ["folder"]).flatMap { name in
      [
        ["run", "trial.json", "--db", name], ["runs", "--db", name],
        ["resume", "1", "--epochs", "9", "--db", name],
      ]
    }
    commands += ["absent/lab.db", "/proc/lab.db", "trial.json/lab.db"].map {
      ["run", "trial.json", "--db", $0]
    }
    commands += ["runs", "show 1", "resume 1", "export 1 w.safetensors"].map {
      $0.split(separator: " ").map(String.init) + ["--db", "absent.db"]
    }
    commands.append(["query", "SELECT 1", "--db", "absent.db"])
    try transcribe(
      commands, in: place, statuses: [65, 66, 73, 74], to: "refused-databases.txt")
    #expect(try names.map { try place.bytes($0) } == before)
  }

  @Test func `commands`() throws {
    let place = try Workplace()
    let commands = [
      "train", "verison", "test 1", "vreify 1", "zzz", "run", "run trial.json --treads 2",
      "run trial.json --threads 0",
      "run trial.json --threads 1000", "run trial.json extra", "init trial.json",
      "init absent/config.json", "runs --status done", "runs --sort lost", "runs --limit=-1",
      "runs --json --csv", "show", "show 900000", "show trail", "show 0000", "show @best:f1",
      "show @first", "resume 900000", "resume 1@2", "resume 1 --epochs 2", "resume 1 --epochs=-1",
      "resume 1 --from 7", "resume 1 --from=-1", "resume 1 --from 2 --epochs 1",
      "resume 1 --set training.epochs=9", "resume 1 --from 2 --set epochs",
      "resume 1 --from 2 --set training.epoch=9",
      "resume 1 --from 2 --set model.layers=[]", "resume 1 --from 2 --set training.batch_size=0",
      "resume 1 --from 2 --set training.optimizer.type=sgd", "export 1 weights.h5",
      "export 1@9 w.safetensors", "export 1@x w.safetensors", "export 1 absent/w.safetensors",
    ].map { $0.split(separator: " ").map(String.init) }
    try transcribe(commands, in: place, statuses: [64, 65, 66, 73], to: "refused-commands.txt")
  }

  @Test func `queries`() throws {
    let place = try Workplace()
    let statements = [
      "", "-- nothing", "SELEC 1", "SELECT * FROM run_s", "SELECT lost FROM epochs",
      "SELECT * FROM weight", "SELECT e.lss FROM epochs e", "SELECT zzz FROM epochs",
      "SELECT * FROM zzz",
      "SELECT 1; SELECT 2", "INSERT INTO run (id) VALUES (9)", "INSERT INTO runs VALUES (1)",
      "UPDATE run SET name = 'x'", "DELETE FROM epoch", "DROP TABLE run", "CREATE TABLE t (a)",
      "CREATE TEMP TABLE t (a)", "ALTER TABLE run RENAME TO r", "ATTACH 'new.db' AS n",
      "VACUUM", "VACUUM INTO 'copy.db'", "REINDEX", "ANALYZE", "BEGIN", "SAVEPOINT s",
      "PRAGMA user_version = 9", "PRAGMA journal_mode = DELETE", "PRAGMA writable_schema = ON",
      "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA optimize", "SELECT load_extension('x')",
      "SELECT writefile('x', 'y')", "EXPLAIN DELETE FROM epoch",
      "WITH t AS (SELECT 1) DELETE FROM epoch",
    ]
    try transcribe(
      statements.filter { !$0.hasPrefix("--") }.map { ["query", $0] }
        + [["query", "--", "-- nothing"]],
      in: place, statuses: [64], to: "refused-queries.txt")
  }
}
