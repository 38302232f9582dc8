import Testing

/// Every kind of cell, dropping and not trained: stopped, forked or on several threads, training ends
/// in the same bits.
@Suite struct LayerBitsTests {
  /// What stands around the cells of one kind.
  enum Stack: String, CaseIterable {
    case plain, dropping, twoWay, frozen

    func layers(_ cell: String) -> String {
      let drops = #""dropout":0.3,"recurrent_dropout":0.25"#
      let first =
        switch self {
        case .plain: #"{"type":"\#(cell)","units":5}"#
        case .dropping: #"{"type":"\#(cell)","units":5,\#(drops)},{"type":"dropout","rate":0.4}"#
        case .twoWay: #"{"type":"bidirectional","layer":{"type":"\#(cell)","units":3,\#(drops)}}"#
        case .frozen: #"{"type":"\#(cell)","units":5,"trainable":false}"#
        }
      return #"[\#(first),{"type":"\#(cell)","units":17,\#(drops)},{"type":"dropout","rate":0.2},"#
        + #"{"type":"dense","units":2,"activation":"sigmoid"}]"#
    }
  }

  @Test(arguments: ["lstm", "gru", "simple_rnn"], Stack.allCases)
  func `stopped, forked and shared out, it trains to the same bits`(
    cell: String, stack: Stack
  ) throws {
    let place = try Workplace()
    var trial = Trial(epochs: 5, samples: 8, layers: stack.layers(cell))
    try place.write(trial, to: "whole.json")
    trial.epochs = 2
    try place.write(trial, to: "begun.json")
    try place.lab("run", "whole.json", "-q", "--threads", "1")
    let bits = try place.bits(of: "1"), hashes = try place.hashes(of: "1")
    #expect(hashes.count == 6)
    #expect(Set(hashes.map { $0.suffix(64) }).count == 6)

    try place.lab("run", "begun.json", "-q", "--threads", "3")
    try place.lab("resume", "2", "--epochs", "5", "-q", "--threads", "2")
    #expect(try place.bits(of: "2") == bits)
    try place.lab("resume", "1", "--from", "3", "-q", "--threads", "3")
    #expect(try place.hashes(of: "3") == Array(hashes[3...]))

    // Another seed draws other weights, orders and masks.
    trial.epochs = 5
    trial.seed = 2
    try place.write(trial, to: "other.json")
    try place.lab("run", "other.json", "-q")
    #expect(try place.lastHash(of: "4") != place.lastHash(of: "1"))
  }

  @Test(arguments: ["lstm", "gru", "simple_rnn"])
  func `a frozen layer's weights are stored and stay`(cell: String) throws {
    let place = try Workplace()
    try place.write(Trial(layers: Stack.frozen.layers(cell)))
    try place.lab("run", "config.json", "-q")
    let varying = try place.sqlite(
      """
      SELECT layer, sum(kinds > 1) > 0, count(*) FROM (
        SELECT layer, tensor, row, col, count(DISTINCT value) AS kinds
        FROM weights GROUP BY layer, tensor, row, col) GROUP BY layer ORDER BY layer
      """)
    let lines = varying.split(separator: "\n").map { $0.split(separator: "|") }
    #expect(lines.map { $0[0] } == ["dense", "\(cell)", "\(cell)_1"])
    #expect(lines.map { $0[1] } == ["1", "0", "1"])
    #expect(
      try place.sqlite(
        "SELECT max(update_norm), max(gradient_norm) FROM gate_stats WHERE layer = '\(cell)'")
        == "0.0|0.0")
    let summary = try place.lab("show", "1")
    let frozen = try #require(Int(lines[1][2]))
    #expect(summary.contains("Non-trainable params: \(frozen) "), "\(summary)")
  }
}
