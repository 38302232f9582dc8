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
}
