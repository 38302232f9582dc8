import Foundation
import LabFormats
import LabStore
import Testing

@testable import Lab

/// `verify` finds whatever is not as training made it, and nothing else.
@Suite struct VerifyTests {
  private static func verify(_ place: Workplace, run: String = "1") throws -> Verification {
    try Laboratory(path: place.file("lab.db")).verify(
      run, from: nil, trains: true, resources: TrainingSession.Resources(threads: 1))
  }

  /// A bit of a stored BLOB: a row of `vector` or the hash of an epoch.
  private struct Flip {
    let table: String
    let key: String
    let column: String
    let bytes: [UInt8]

    /// Sets the BLOB to its bytes with one bit changed, or to the bytes themselves.
    func sql(bit: Int?) -> String {
      var changed = bytes
      if let bit { changed[bit / 8] ^= 1 << UInt8(bit % 8) }
      let hex = changed.map { String(format: "%02x", $0) }.joined()
      return "UPDATE \(table) SET \(column) = x'\(hex)' WHERE \(key);"
    }
  }

  private func blobs(_ place: Workplace) throws -> [Flip] {
    func rows(_ sql: String) throws -> [(String, [UInt8])] {
      try place.sqlite(sql).split(separator: "\n").map { line in
        let parts = line.split(separator: "|")
        let hex = Array(parts[1])
        return (
          String(parts[0]),
          try stride(from: 0, to: hex.count, by: 2).map {
            try #require(UInt8(String(hex[$0...$0 + 1]), radix: 16))
          }
        )
      }
    }
    return try rows("SELECT id, hex(data) FROM vector").map {
      Flip(table: "vector", key: "id = \($0.0)", column: "data", bytes: $0.1)
    }
      + rows("SELECT epoch, hex(hash) FROM epoch").map {
        Flip(table: "epoch", key: "epoch = \($0.0)", column: "hash", bytes: $0.1)
      }
  }

  @Test func `a prediction that is no number has the bits that it has on every processor`() throws {
    let place = try Workplace()
    let layers = #"""
      [{"type":"simple_rnn","units":8,"activation":"relu"},{"type":"dense","units":2,"activation":"sigmoid"}]
      """#
    var config = Trial(
      epochs: 2, layers: layers, hasTest: true,
      record: #""predictions":{"every":1},"activations":{"samples":[0],"every":1}"#
    ).json
    // Beyond all numbers in the first layer, and its own opposite in the second.
    let huge = (0..<3).map { step in "[\(step % 2 == 0 ? "3e38,3e38" : "3e38,-3e38")]" }
    let start = try #require(config.range(of: #""validation":{"x":["#))
    let end = try #require(config.range(of: #"],"y""#, range: start.upperBound..<config.endIndex))
    let samples = Array(repeating: "[\(huge.joined(separator: ","))]", count: 2)
    config.replaceSubrange(start.upperBound..<end.lowerBound, with: samples.joined(separator: ","))
    try place.write(config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let database = try LabDatabase(path: place.file("lab.db"), access: .readOnly)
    var bits: Set<UInt32> = []
    for epoch in 0...2 {
      for stored in try database.predictions(of: 1, at: epoch) {
        bits.formUnion(stored.values.floats.filter(\.isNaN).map(\.bitPattern))
      }
    }
    #expect(bits == [0x7FC0_0000])
    #expect(try Self.verify(place).problems == [])
  }

  @Test(
    arguments: [
      (0x7FC0_0000, true), (0xFFC0_0000, true), (0x7FC0_0001, false), (0x7F80_0000, false),
      (0x3F80_0000, false),
    ] as [(UInt32, Bool)])
  func `another sign of a stored NaN is no difference, anything else is`(bits: UInt32, isSame: Bool)
  {
    var verification = Verification(heading: "")
    StateComparison(tensors: [], epoch: 1).compare(
      Data([1, Float(bitPattern: bits)] as [Float]), with: Data([1, .nan] as [Float]),
      of: "predictions",
      in: &verification)
    #expect(verification.problems.isEmpty == isSame)
  }

  @Test func `500 single bits of any stored BLOB, each flipped alone, are all found`() throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 3, samples: 4, hasTest: true,
        record: #"""
          "predictions":{"every":2},"weights":{"every":2},"activations":{"samples":[1],"every":2}
          """#))
    try place.lab("run", "config.json", "-q")
    #expect(try Self.verify(place).problems == [])
    let blobs = try blobs(place)
    let bits = blobs.reduce(0) { $0 + 8 * $1.bytes.count }
    var random = CounterRandom(seed: 1)
    var restore = ""
    for _ in 0..<500 {
      var bit = Int(random.next() % UInt64(bits)), index = 0
      while bit >= 8 * blobs[index].bytes.count {
        bit -= 8 * blobs[index].bytes.count
        index += 1
      }
      _ = try place.sqlite(restore + blobs[index].sql(bit: bit))
      restore = blobs[index].sql(bit: nil)
      let problems = (try? Self.verify(place).problems.count) ?? 1
      #expect(problems > 0, "bit \(bit) of \(blobs[index].table), \(blobs[index].key)")
    }
    _ = try place.sqlite(restore)
    #expect(try Self.verify(place).problems == [])
  }

  @Test(arguments: [
    #"{"type":"sgd","momentum":0.9}"#, #"{"type":"rmsprop","centered":true}"#,
    #"{"type":"adam","amsgrad":true}"#,
  ])
  func `what was trained, resumed and forked in any way is proven`(optimizer: String) throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 5, optimizer: optimizer,
        record: #""weights":{"every":2},"optimizer":{"every":3},"predictions":{"every":2}"#))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--epochs", "9", "-q")
    try place.lab("resume", "1", "--from", "6", "--epochs", "11", "-q")
    try place.lab(
      "resume", "2", "--from", "6", "--epochs", "8", "--set", #"training.optimizer="adam""#, "-q")
    for run in ["1", "2", "3"] {
      let outcome = try place.run("verify", run)
      #expect(outcome.status == 0, "\(run): \(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("Every stored bit is what training gives."))
      #expect(try place.lab("verify", run, "--csv") == "epoch,part,problem")
    }
    #expect(try place.lab("verify", "1", "--from", "6").contains("3 epochs from epoch 6"))
    #expect(try place.run("verify", "1", "--from", "4").status == 66)
  }

  @Test func `the first epoch and tensor that differ are named`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 6))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      """
      UPDATE vector SET data = CAST(substr(data, 1, 80) || x'00000000' || substr(data, 85) AS BLOB)
        WHERE id = (SELECT first_vector FROM recording WHERE epoch = 4 AND part = 'weights');
      UPDATE epoch SET loss = loss + 1 WHERE epoch = 5;
      """)
    let outcome = try place.run("verify", "1")
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains(
        "epoch 4, lstm/kernel: 1 of 40 values differ, the first lstm/kernel[1,0]: stored 0.0, "))
    #expect(outcome.output.contains("epoch 5, train loss: stored "))
    #expect(outcome.output.contains("hash chain     7 whole states, 1 do not have their hashes"))
    let stored = try place.run("verify", "1", "--stored-only", "--csv")
    #expect(stored.status == 1)
    #expect(
      stored.output
        == "epoch,part,problem\n4,hash,the stored bytes do not have the stored hash\n")
  }

  @Test func `gates of a sample that the data do not have are named`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, record: #""activations":{"samples":[0],"every":1}"#))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      "UPDATE recording SET name = '99' WHERE part = 'activations' AND epoch = 1")
    let outcome = try place.run("verify", "1")
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains("epoch 1, activations: are of a sample that the data do not have"))
  }

  @Test(arguments: ["units = units + 1", "gate = 'forgotten'", "layer = 'another'"])
  func `gates that are said to be others are named`(change: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, record: #""activations":{"samples":[0],"every":1}"#))
    try place.lab("run", "config.json", "-q")
    #expect(try place.run("verify", "1").status == 0)
    _ = try place.sqlite("UPDATE activation SET \(change) WHERE position = 1")
    let outcome = try place.run("verify", "1")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("activations: are not listed as the gates and states"))
  }

  @Test func `a run whose every epoch differs is told in a few lines`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 40))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite("UPDATE run SET config = replace(config, '\"seed\":1', '\"seed\":2')")
    let outcome = try place.run("verify", "1")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("configuration: its hash is not the stored one"))
    #expect(outcome.output.contains("epoch 0, lstm/kernel: 40 of 40 values differ"))
    #expect(outcome.output.contains("The first 20 problems:"))
  }
}
