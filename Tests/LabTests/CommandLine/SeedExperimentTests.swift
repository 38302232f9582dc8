import Foundation
import Lab
import LabFormats
import Testing

/// The seed experiment through the built program: what is stored is what was trained.
@Suite struct SeedExperimentTests {
  /// The repository's root.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static let config = root + "/examples/zero-position/config.json"

  /// A folder in which the seed experiment has run.
  static func workplace() throws -> Workplace {
    let place = try Workplace()
    #expect(try place.lab("run", config, "--quiet") == "1")
    return place
  }

  @Test func `101 epochs of 138 weights are stored`() throws {
    let place = try Self.workplace()
    #expect(try place.sqlite("SELECT count(*) FROM weights") == "13938")
    #expect(
      try place.sqlite(
        "SELECT count(*), min(epoch), max(epoch), count(loss), count(accuracy) FROM epochs")
        == "101|0|100|100|100")
    #expect(
      try place.sqlite("SELECT DISTINCT n FROM (SELECT count(*) n FROM weights GROUP BY epoch)")
        == "138")
    #expect(
      try place.sqlite("SELECT layer, tensor, rows, cols FROM tensors") == """
        lstm|kernel|3|16
        lstm|recurrent_kernel|4|16
        lstm|bias|1|16
        dense|kernel|4|2
        dense|bias|1|2
        """)
    #expect(
      try place.sqlite("SELECT status, epochs, parameters, seed FROM runs")
        == "completed|100|138|1")
    #expect(try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
  }

  /// The exported file holds the trained float32 values; printed with 17 digits, a widened float32
  /// is told apart from every other number.
  @Test(arguments: [0, 1, 37, 99, 100]) func `each value of the view is the float32 to the bit`(
    epoch: Int
  ) throws {
    let place = try Self.workplace()
    try place.lab("export", "1@\(epoch)", "weights.safetensors")
    let tensors = try TensorFile.read(place.file("weights.safetensors"))
    #expect(
      tensors.map(\.name) == [
        "lstm/kernel", "lstm/recurrent_kernel", "lstm/bias", "dense/kernel", "dense/bias",
      ])
    for tensor in tensors {
      let parts = tensor.name.split(separator: "/")
      let viewed = try place.sqlite(
        """
        SELECT printf('%!.17g', value) FROM weights
        WHERE epoch = \(epoch) AND layer = '\(parts[0])' AND tensor = '\(parts[1])'
        ORDER BY row, col
        """
      ).split(separator: "\n").map { try #require(Double($0)) }
      #expect(viewed.map(\.bitPattern) == tensor.values.map { Double($0).bitPattern })
      #expect(viewed.count == tensor.shape.reduce(1, *))
    }
  }

  @Test func `the first weights are what Keras begins with`() throws {
    let place = try Self.workplace()
    #expect(
      try place.sqlite(
        """
        SELECT gate, min(value), max(value) FROM weights
        WHERE epoch = 0 AND layer = 'lstm' AND tensor = 'bias' GROUP BY gate ORDER BY min(col)
        """) == "input|0.0|0.0\nforget|1.0|1.0\ncell|0.0|0.0\noutput|0.0|0.0")
    #expect(
      try place.sqlite(
        "SELECT count(DISTINCT value) > 40, max(abs(value)) <= sqrt(6.0 / (3 + 16)) FROM weights "
          + "WHERE epoch = 0 AND layer = 'lstm' AND tensor = 'kernel'") == "1|1")
  }

  @Test func `gate, unit and source name each weight's place`() throws {
    let place = try Self.workplace()
    #expect(
      try place.sqlite(
        """
        SELECT row, col, gate, unit, source FROM weights WHERE epoch = 100
          AND (tensor = 'kernel' AND row = 2 AND col IN (0, 7, 8, 15)
            OR tensor = 'recurrent_kernel' AND row = 3 AND col = 4 OR tensor = 'bias' AND col = 1)
        ORDER BY layer DESC, tensor DESC, row, col
        """) == """
          3|4|forget|0|h3
          2|0|input|0|x2
          2|7|forget|3|x2
          2|8|cell|0|x2
          2|15|output|3|x2
          0|1|input|1|bias
          2|0||0|x2
          0|1||1|bias
          """)
  }

  /// The last weights hash that the README promises.
  @Test func `the README states the final hash`() throws {
    let place = try Self.workplace()
    let readme = try String(contentsOfFile: Self.root + "/README.md", encoding: .utf8)
    let hash = try place.lastHash(of: "1")
    #expect(hash.count == 64)
    #expect(readme.contains(hash), "README.md must state \(hash)")
  }
}
