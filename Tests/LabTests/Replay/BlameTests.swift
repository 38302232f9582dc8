import Foundation
import Lab
import Testing

/// `blame`: the parts of a weight's movement are its stored change.
@Suite struct BlameTests {
  private struct Part: Decodable { let batch, sample, step: Int; let moved: Double }
  private struct Batch: Decodable { let gradient, momentum, decay, change: Double }
  private struct Answer: Decodable {
    let weight: String
    let before, after, gradient, momentum, decay, rounding, change: Double
    let proven: Bool
    let batches: [Batch]
    let terms: [Part]
  }

  private func blame(_ place: Workplace, _ arguments: [String]) throws -> Answer {
    let text = try place.output(Program.path, ["blame"] + arguments + ["--json"])
    return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
  }

  @Test(arguments: [
    #"{"type":"sgd","learning_rate":0.1}"#,
    #"{"type":"sgd","learning_rate":0.1,"momentum":0.9,"nesterov":true}"#,
    #"{"type":"adam","learning_rate":0.01}"#, #"{"type":"adamw","weight_decay":0.1}"#,
    #"{"type":"rmsprop","momentum":0.5}"#,
  ])
  func `the parts add up to what is stored`(optimizer: String) throws {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 5, optimizer: optimizer,
        record: #""weights":{"every":1},"optimizer":{"every":2}"#))
    try place.lab("run", "config.json", "-q")
    for (weight, condition) in [
      ("lstm/kernel[1,6]", "layer='lstm' AND tensor='kernel' AND row=1 AND col=6"),
      (
        "lstm/recurrent_kernel[4,13]",
        "layer='lstm' AND tensor='recurrent_kernel' AND row=4 AND col=13"
      ),
      ("lstm/bias[19]", "layer='lstm' AND tensor='bias' AND col=19"),
      ("dense/kernel[2,1]", "layer='dense' AND tensor='kernel' AND row=2 AND col=1"),
      ("dense/bias[0]", "layer='dense' AND tensor='bias' AND col=0"),
    ] {
      for epoch in [1, 4, 5] {
        let answer = try blame(place, ["1", weight, "--epoch", "\(epoch)"])
        let stored = try place.sqlite(
          "SELECT printf('%!.17g', value) FROM weights WHERE \(condition) "
            + "AND epoch IN (\(epoch - 1), \(epoch)) ORDER BY epoch"
        ).split(separator: "\n").compactMap { Double($0).map(Float.init) }
        #expect(answer.proven && answer.weight == weight)
        #expect([Float(answer.before), Float(answer.after)] == stored)
        #expect(answer.change == Double(stored[1]) - Double(stored[0]))
        let sum = answer.terms.reduce(0) { $0 + $1.moved }
        let size = answer.terms.reduce(0) { $0 + abs($1.moved) } + abs(answer.momentum)
        #expect(abs(sum - answer.gradient) <= 1e-15 + 1e-12 * size)
        let parts = answer.gradient + answer.momentum + answer.decay + answer.rounding
        #expect(abs(parts - answer.change) <= 1e-15)
        #expect(abs(answer.rounding) <= 1e-6 * (size + abs(answer.before)), "\(answer.rounding)")
        #expect(answer.batches.count == 3)
        #expect(abs(answer.batches.reduce(0) { $0 + $1.change } - answer.change) < 1e-15)
        let isRecurrent = weight.hasPrefix("lstm/r"), isDense = weight.hasPrefix("dense")
        #expect(answer.terms.count == 7 * (isDense ? 1 : isRecurrent ? 2 : 3))
        #expect(Set(answer.terms.map(\.sample)) == Set(0..<7))
        #expect(
          Set(answer.terms.map(\.step)) == Set(isDense ? [2] : isRecurrent ? [1, 2] : [0, 1, 2]))
      }
    }
  }

  @Test func `a damaged state before or after the epoch is refused, else a wrong hash is told`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 4, record: #""optimizer":{"every":2}"#))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      """
      UPDATE vector SET data = CAST(x'00000000' || substr(data, 5) AS BLOB)
      WHERE id = (SELECT first_vector FROM recording WHERE epoch = 2 AND part = 'weights')
      """)
    #expect(try place.run("blame", "1", "dense/bias[0]", "--epoch", "3").status == 65)
    #expect(try place.run("blame", "1", "dense/bias[0]", "--epoch", "2").status == 65)
    // Without the optimizer's state nothing is there that could be checked.
    _ = try place.sqlite("UPDATE epoch SET hash = randomblob(32) WHERE epoch = 1")
    let told = try place.lab("blame", "1", "dense/bias[0]", "--epoch", "1")
    #expect(told.contains("does NOT give the stored hash"))
  }
}
