import Foundation
import Testing

/// Runs that were stored under earlier rules keep their data, and with them their bits.
@Suite struct StoredRulesTests {
  /// A run on `parts`, told to be one on `data`, in the normalised form, as an earlier version would have prepared it.
  private func stored(_ parts: String, as data: String, training: String) throws -> Workplace {
    let place = try Workplace()
    let config = { (data: String) in
      """
      {"data":\(data),
      "model":{"layers":[{"type":"lstm","units":3},{"type":"dense","units":1}]},
      "training":{"epochs":3,\(training)},"record":{"predictions":{"every":1}}}
      """
    }
    try place.write(config(data), to: "told.json")
    try place.write(config(parts), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let text = try place.sqlite("SELECT config FROM run")
    let told = try #require(text.wholeMatch(of: /(.*"data":)(\{.*\})(,"model":.*)/)).output
    let new = String(told.1) + data + String(told.3)
    let hash = try place.shell("printf %s '\(new)' | sha256sum").output.prefix(64)
    _ = try place.sqlite("UPDATE run SET config = '\(new)', config_hash = '\(hash)'")
    return place
  }

  private func requireSameBits(_ place: Workplace) throws {
    let verified = try place.run("verify", "1")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    #expect(try place.lab("gates", "1").contains("lstm"))
    #expect(try place.lab("resume", "1", "--epochs", "5", "-q") == "1")
    try place.lab("verify", "1")
    #expect(try place.sqlite("SELECT max(epoch) FROM epochs") == "5")
  }

  /// The class 1 has one sample, which is only validated with.
  @Test func `a class that was not trained on is not trained on`() throws {
    let place = try stored(
      #"{"train":{"x":[[[1]],[[2]]],"y":[0,0]},"validation":{"x":[[[4]],[[8]]],"y":[0,1]}}"#,
      as: #"{"train":{"x":[[[1.0]],[[2.0]],[[4.0]],[[8.0]]],"y":[0.0,0.0,0.0,1.0]},"#
        + #""validation":{"split":0.3,"stratify":true},"normalize":"none"}"#,
      training: #""loss":"binary_crossentropy""#)
    try requireSameBits(place)
    let fresh = try place.lab("run", "told.json", "-q")
    #expect(
      try place.sqlite("SELECT count(DISTINCT data_hash) FROM runs WHERE run_id IN (1, \(fresh))")
        == "2")
  }

  /// Numbers to predict that repeat themselves were once split like classes.
  @Test func `numbers that were split like classes are`() throws {
    let place = try stored(
      #"{"train":{"x":[[[1]],[[4]]],"y":[0.5,1.5]},"validation":{"x":[[[2]],[[8]]],"y":[0.5,1.5]}}"#,
      as: #"{"train":{"x":[[[1.0]],[[2.0]],[[4.0]],[[8.0]]],"y":[0.5,0.5,1.5,1.5]},"#
        + #""validation":{"split":0.5,"stratify":true},"normalize":"none"}"#,
      training: #""loss":"huber""#)
    try requireSameBits(place)
    #expect(try place.run("run", "told.json", "-q").status == 65)
  }

  /// 0.1 was rounded before it was scaled, also where the scales themselves are exact.
  @Test func `numbers that were rounded before they were scaled are`() throws {
    let data =
      #"{"train":{"x":[[[0.0],[0.1],[0.7]],[[0.3],[1.0],[0.2]]],"y":[0.5,1.5]},"normalize":"minmax"}"#
    // Numbers that are float32 already are scaled alike by both rules.
    let rounded = data.replacing(/0\.[1237]/) { "\(Double(Float($0.output) ?? 0))" }
    let place = try stored(rounded, as: data, training: #""loss":"huber""#)
    #expect(try place.sqlite("SELECT scaled_from FROM run") == "float64")
    _ = try place.sqlite("UPDATE run SET scaled_from = 'float32'")
    try requireSameBits(place)
    let old = try place.sqlite("SELECT data_hash FROM runs")
    let fresh = try place.lab("run", "told.json", "-q")
    #expect(try place.sqlite("SELECT data_hash FROM runs WHERE run_id = \(fresh)") != old)
    try place.lab("verify", fresh)
    #expect(try place.lab("resume", "1", "--from", "2", "--epochs", "4", "-q") == "3")
    try place.lab("verify", "3")
    #expect(try place.sqlite("SELECT data_hash FROM runs WHERE run_id = 3") == old)
    #expect(
      try place.sqlite("SELECT group_concat(scaled_from) FROM run") == "float32,float64,float32")
  }

  /// A run goes on from the numbers that its stored configuration holds.
  @Test func `time stamps in a configuration are stored whole`() throws {
    let place = try Workplace()
    try place.write(
      """
      {"data":{"train":{"x":[[[1700000001],[1700000002]],[[1700000004],[1700000008]]],"y":[0.5,1.5]},
      "normalize":"standard"},
      "model":{"layers":[{"type":"lstm","units":3},{"type":"dense","units":1}]},
      "training":{"loss":"huber","epochs":3}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    #expect(try place.sqlite("SELECT shift = 1700000003.75 FROM features") == "1")
    try requireSameBits(place)
    #expect(try place.sqlite("SELECT config FROM run").contains("1700000004.0"))
    #expect(try place.lab("resume", "1", "--from", "2", "--epochs", "4", "-q") == "2")
    try place.lab("verify", "2")
    #expect(try place.sqlite("SELECT count(DISTINCT data_hash) FROM runs") == "1")
    try place.write(
      place.text("config.json").replacing("1700000004", with: "1700000005"), to: "other.json")
    try place.lab("run", "other.json", "-q")
    #expect(try place.lab("compare", "1", "3").contains("normalization"))
  }
}
