import Crypto
import Foundation
import GRDB
import LabFormats
import Testing

@testable import LabStore

/// What a run was set to, taken from its configuration.
struct SettingsTests {
  private static let config = """
    {"name":"a","seed":1,"tags":["t"],"notes":"n","data":{"train":{"csv":"a.csv","target":"y"},\
    "validation":{"folds":5,"fold":2},"test":{"x":[[[1.0]]],"y":"y.npy"}},"model":{"layers":[\
    {"type":"lstm","name":"lstm","trainable":false,"units":3},{"type":"dense","name":"out",\
    "trainable":true,"rate":0.0}],"initial_weights":"w.npz"},"training":{"epochs":2,\
    "metrics":["accuracy"],"shuffle":true},"record":{"weights":{"every":1}}}
    """

  @Test(arguments: [
    (#""name":"a""#, #""name":"b""#, true), (#""seed":1"#, #""seed":2"#, true),
    (#"["t"]"#, "[]", true), (#""notes":"n""#, #""notes":"""#, true),
    (#""every":1"#, #""every":2"#, true), (#""fold":2"#, #""fold":3"#, true),
    ("a.csv", "folder/b.csv", true), ("y.npy", "z.npy", true), ("w.npz", "v.npz", true),
    (#""folds":5"#, #""folds":6"#, false), (#""target":"y""#, #""target":"z""#, false),
    ("[[[1.0]]]", "[[[2.0]]]", false), ("[[[1.0]]]", #""x.npy""#, false),
    (#""units":3"#, #""units":4"#, false), (#""epochs":2"#, #""epochs":3"#, false),
    (#","initial_weights":"w.npz""#, "", false), (#""rate":0.0"#, #""rate":0.5"#, false),
    (#""name":"lstm""#, #""name":"gru""#, false),
  ])
  func `the hash is of the settings alone`(old: String, new: String, isSame: Bool) throws {
    #expect(Self.config.contains(old))
    let changed = try RunSettings(config: Self.config.replacing(old, with: new, maxReplacements: 1))
    #expect(try (changed.hash == RunSettings(config: Self.config).hash) == isSame)
  }

  @Test func `the leaves are settings, by path`() throws {
    let lab = try Laboratory()
    var description = Sample.description()
    description.config = Self.config
    try lab.recordRun(description, epochs: 0...1)
    #expect(
      try lab.ask("SELECT path, value, typeof(value) FROM settings WHERE run_id = 1") == """
        data.test.x|[[[1.0]]]|text
        data.test.y|y.npy|text
        data.train.csv|a.csv|text
        data.train.target|y|text
        data.validation.fold|2|integer
        data.validation.folds|5|integer
        model.initial_weights|w.npz|text
        model.layers.0.name|lstm|text
        model.layers.0.trainable|0|integer
        model.layers.0.type|lstm|text
        model.layers.0.units|3|integer
        model.layers.1.name|out|text
        model.layers.1.rate|0.0|real
        model.layers.1.trainable|1|integer
        model.layers.1.type|dense|text
        record.weights.every|1|integer
        seed|1|integer
        training.epochs|2|integer
        training.metrics|["accuracy"]|text
        training.shuffle|1|integer
        """)
    #expect(
      try lab.ask("SELECT DISTINCT layer, trainable FROM tensors") == "lstm|0\ndense|1")
  }

  @Test func `a long array is told by its hash`() throws {
    let numbers = (0..<40).map { "\($0).0" }.joined(separator: ",")
    let entries = try RunSettings(config: #"{"data":{"train":{"x":[\#(numbers)]}}}"#).entries
    #expect(entries.map(\.path) == ["data.train.x"])
    #expect(String.fromDatabaseValue(entries[0].value)?.hasPrefix("inline ") == true)
  }

  /// A file's weights and a parent's are told by their content; drawn ones by the seed alone.
  @Test func `first weights that are not drawn have a hash`() throws {
    let lab = try Laboratory()
    try lab.recordRun()
    var description = Sample.description()
    description.config = Self.config
    try lab.recordRun(description)
    try lab.recordRun(Sample.description(parent: .init(run: 1, epoch: 3)), epochs: 3...4)
    try lab.recordRun(Sample.description(parent: .init(run: 1, epoch: 3)), epochs: 3...4, seed: 2)
    let hashes = try lab.ask("SELECT ifnull(initial_hash, 'none') FROM runs").split(separator: "\n")
    let first = [Sample.record(0), Sample.record(3), Sample.record(3, seed: 2)]
    let expected = first.map { record in
      SHA256.hash(data: (record.weights ?? []).reduce(Data(), +)).hexadecimal
    }
    #expect(hashes.map(String.init) == ["none"] + expected)
    #expect(
      try lab.ask("SELECT c.id, p.id FROM run AS c JOIN run AS p ON p.uuid = c.parent_uuid")
        == "3|1\n4|1")
  }

  @Test func `a run that is lengthened keeps what it was created with`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...2)
    let question = "SELECT settings_hash, initial_hash FROM runs"
    let before = try lab.ask(question)
    let run = try lab.database.run(1)
    let writer = try lab.database.resume(
      run, after: 2,
      changing: RunChange(config: (text: #"{"name":"sample","training":{}}"#, hash: "c1")))
    try writer.submit(Sample.record(3))
    try writer.finish(.completed, at: Sample.start)
    #expect(try lab.ask(question) == before)
    #expect(try lab.ask("SELECT config_hash FROM runs") == "c1")
  }
}
