import Foundation
import LabFormats
import Testing

/// `lstm-lab record`: another program's training, stored whole, epoch by epoch.
struct StreamTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func numbers(_ sql: String) throws -> [Float] {
    try place.sqlite(sql).split(separator: "\n").map { try #require(Float($0)) }
  }

  @Test func `every number that is sent is one SELECT away, to the bit`() throws {
    let sent = SentTraining()
    let outcome = try place.send(sent.bytes)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasPrefix(#"{"run":1,"uuid":"\#(sent.uuid)"}"#), "\(outcome)")
    #expect(outcome.output.hasSuffix("{\"stored\":4}\n"), "\(outcome)")
    #expect(outcome.errors == "Run 1: completed, stored to epoch 4.\n")
    for epoch in sent.epochs {
      #expect(
        try numbers("SELECT value FROM weights WHERE epoch = \(epoch)") == sent.weights(epoch))
      for (index, sample) in SentTraining.samples.enumerated() {
        let stored = try numbers(
          """
          SELECT value FROM activations WHERE epoch = \(epoch) AND sample = \(sample.sample)
          ORDER BY step, gate, unit
          """)
        #expect(stored == sent.activations(epoch, index))
      }
    }
    #expect(
      try place.sqlite(
        "SELECT status, epochs, trainer, parameters, result_epoch, test_loss, seed, data_hash FROM runs"
      )
        == "completed|4|keras 3.12|\(sent.count - 1)|2|0.25||")
    #expect(
      try place.sqlite("SELECT name, value FROM metrics WHERE epoch = 2 ORDER BY split, name")
        == "loss|0.25\nloss|0.5\nodd|\nloss|0.75")
    #expect(
      try place.sqlite(
        """
        SELECT layer, tensor, shape, trainable FROM tensors WHERE layer = 'mixer' ORDER BY trainable DESC
        """) == "mixer|weight|[3,2,2]|1\nmixer|moving_mean|[]|0")
    #expect(
      try place.sqlite(
        "SELECT DISTINCT gate, unit, source FROM weights WHERE layer = 'lstm' AND tensor = 'kernel' AND row = 1 AND col = 6"
      ) == "forget|2|x1")
    #expect(
      try place.sqlite("SELECT path, value FROM settings ORDER BY path") == "lr|0.01\nmodel.units|4"
    )
    #expect(try place.lab("verify", "1").hasSuffix("Every stored state has its hash."))
    #expect(
      try place.lab("doctor").hasSuffix("Everything that is stored is as it was stored."))
  }

  @Test func `the norms are those of numbers that training changes`() throws {
    let sent = SentTraining()
    _ = try place.send(sent.bytes)
    // The forget gate has the columns 4 to 7 of each of the layer's tensors.
    func norm(_ values: [Float]) -> Double {
      var sum = 0.0
      for row in 0..<8 { for col in 4..<8 { sum += pow(Double(values[16 * row + col]), 2) } }
      return sum.squareRoot()
    }
    let change = zip(sent.weights(3), sent.weights(2)).map(-)
    let stored = try place.sqlite(
      "SELECT weight_norm, update_norm, gradient_norm FROM gate_stats WHERE epoch = 3 AND gate = 'forget'"
    ).split(separator: "|", omittingEmptySubsequences: false)
    #expect(abs(try #require(Double(stored[0])) - norm(sent.weights(3))) < 1e-12)
    #expect(abs(try #require(Double(stored[1])) - norm(change)) < 1e-12)
    #expect(stored[2].isEmpty)
    #expect(
      try place.sqlite(
        "SELECT count(*) FROM gate_stats WHERE epoch = 0 AND update_norm IS NOT NULL")
        == "0")
  }

  @Test(arguments: [false, true])
  func `the numbers come back as their program had them`(isTurned: Bool) throws {
    var sent = SentTraining()
    sent.isTurned = isTurned
    #expect(try place.send(sent.bytes).status == 0)
    try place.lab("export", "1@3", "out.safetensors")
    let tensors = try TensorFile.read(place.file("out.safetensors"))
    let values = sent.weights(3)
    let kernel = Array(values[..<48])
    if isTurned {
      #expect(
        tensors.map(\.name)
          == [
            "m/lstm/kernel", "m/lstm/recurrent_kernel", "lstm.bias_ih", "lstm.bias_hh",
            "m/dense/kernel", "m/dense/bias", "m/mixer/weight", "m/mixer/moving_mean",
          ])
      #expect(tensors[0].shape == [16, 3])
      let transposed = (0..<16).flatMap { col in (0..<3).map { kernel[16 * $0 + col] } }
      #expect(tensors[0].values == transposed)
      // Our input gate was its second block, our forget gate its last, …
      let ours = Array(values[48..<64])
      let blocks = [8..<12, 0..<4, 12..<16, 4..<8].map { Array(ours[$0]) }
      #expect(Array(tensors[1].values[..<16]) == Array(blocks.joined()))
      #expect(tensors[3].values == Array(values[128..<144]))
    } else {
      #expect(tensors.map(\.shape)[0] == [3, 16])
      #expect(tensors.map(\.shape)[6] == [])
      #expect(tensors.flatMap(\.values) == values)
    }
  }

  @Test
  func `a stream that is cut anywhere leaves whole epochs, and the whole one adds the others`()
    throws
  {
    let sent = SentTraining()
    let pieces = sent.pieces
    try place.write(sent.bytes, to: "whole.labstream")
    try place.lab("record", "whole.labstream", "--db", "whole.db")
    let whole = try place.hashes(of: "1", database: "whole.db")
    var random = CounterRandom(seed: 5)
    for last in sent.epochs {
      let start = pieces[...last].reduce(0) { $0 + $1.count }
      let size = pieces[last + 1].count
      for cut in [0, 1, size / 3, size - 1, Int(random.next() % UInt64(size))] {
        let database = "cut-\(last)-\(cut).db"
        let outcome = try place.send(Array(sent.bytes[..<(start + cut)]), database: database)
        guard last > 0 else {
          #expect(outcome.status == 65, "\(outcome)")
          #expect(try place.sqlite("SELECT count(*) FROM runs", database: database) == "0")
          continue
        }
        #expect(outcome.status == 0, "\(outcome)")
        #expect(
          try place.sqlite("SELECT status, epochs FROM runs", database: database)
            == "interrupted|\(last - 1)")
        #expect(try place.hashes(of: "1", database: database) == Array(whole[..<last]))
        try place.lab("record", "whole.labstream", "--db", database)
        #expect(try place.everything(database: database) == place.everything(database: "whole.db"))
      }
    }
  }

  @Test func `a stream that comes again changes nothing, and another one of its name is refused`()
    throws
  {
    var sent = SentTraining()
    _ = try place.send(sent.bytes)
    let before = try place.everything()
    for _ in 0..<2 {
      let outcome = try place.send(sent.bytes)
      #expect(outcome.output == "{\"run\":1,\"uuid\":\"\(sent.uuid)\"}\n", "\(outcome)")
      #expect(outcome.status == 0)
    }
    #expect(try place.everything() == before)
    sent.seed = 2
    let outcome = try place.send(sent.bytes)
    #expect(outcome.status == 65)
    #expect(
      outcome.output.contains(
        #"{"error":"epoch 0 of run 1 is another one in the stream","kind":"data"}"#))
    #expect(try place.everything() == before)
  }

  @Test func `a stream goes on after an epoch that it repeats`() throws {
    let whole = SentTraining()
    _ = try place.send(whole.bytes, database: "whole.db")
    var first = whole
    first.epochs = 0...2
    first.end = nil
    _ = try place.send(first.bytes)
    #expect(try place.sqlite("SELECT status FROM runs") == "interrupted")
    var second = whole
    second.epochs = 2...4
    second.after = #""after":{"uuid":"\#(whole.uuid)","epoch":2}"#
    let outcome = try place.send(second.bytes)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try place.hashes(of: "1") == place.hashes(of: "1", database: "whole.db"))
    second.epochs = 3...4
    second.after = #""after":{"uuid":"99999999-2222-3333-4444-555555555555","epoch":2}"#
    #expect(try place.send(second.bytes).status == 65)
    #expect(try place.sqlite("SELECT count(*) FROM runs") == "1")
    // A gap is none that can be filled.
    var late = whole
    late.epochs = 7...8
    let refused = try place.send(late.bytes)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("begins with epoch 7, and run 1 ends with 4"), "\(refused)")
  }

  @Test func `a recorder that is killed, stopped or in the way of another loses nothing`() throws {
    var sent = SentTraining()
    sent.epochs = 0...9
    sent.end = nil
    try place.write(sent.bytes, to: "sent.labstream")
    try place.lab("record", "sent.labstream", "--db", "whole.db", "-q")
    let whole = try place.hashes(of: "1", database: "whole.db")
    let pieces = sent.pieces
    for (signal, status) in [("KILL", "crashed"), ("TERM", "interrupted")] {
      let part = pieces[...4].reduce(0) { $0 + $1.count } + 100
      let outcome = try place.shell(
        """
        mkfifo pipe; exec 3<>pipe; head -c \(part) sent.labstream >&3
        "$LAB" record --db \(signal).db <pipe >answers 2>errors & recorder=$!
        until grep -q '"stored":3' answers; do sleep 0.02; done
        "$LAB" record sent.labstream --db \(signal).db >second 2>&1; echo "second $?"
        kill -\(signal) $recorder; wait $recorder; echo "first $?"; rm pipe
        "$LAB" runs --db \(signal).db --csv | cut -d, -f3,4
        """)
      #expect(outcome.output.contains("second 75"), "\(outcome)")
      #expect(outcome.output.contains(signal == "KILL" ? "first 137" : "first 0"), "\(outcome)")
      #expect(outcome.output.contains("\(status),3"), "\(outcome)")
      try place.lab("record", "sent.labstream", "--db", "\(signal).db", "-q")
      #expect(try place.hashes(of: "1", database: "\(signal).db") == whole)
    }
  }

  static let refusals: [(command: String, told: String)] = [
    (
      "explain 1", "run 1 was trained by keras 3.12: its model is not one that can be computed here"
    ),
    (
      "predict 1", "run 1 was trained by keras 3.12: its model is not one that can be computed here"
    ),
    (
      "evaluate 1",
      "run 1 was trained by keras 3.12: its model is not one that can be computed here"
    ),
    (
      "blame 1 'lstm/kernel[0,0]' --epoch 2",
      "who moved a weight can be told only of a run whose batches"
    ),
    ("resume 1", "it is continued by the script that trained it"),
    ("resume 1 --from 2", "its model is not one that can be computed here"),
    ("prune 1 --weights every=2 --yes", "run 1 could not be trained again: keras 3.12 trained it"),
    ("gates 1 --sample 7", "of sample 7 no gates were recorded"),
  ]

  @Test func `each command says what it can of a run that another program trained`() throws {
    _ = try place.send(SentTraining().bytes)
    for (command, told) in Self.refusals {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect([64, 65, 66].contains(outcome.status), "\(command): \(outcome)")
      #expect(outcome.errors.contains(told), "\(command): \(outcome.errors)")
    }
    for command in [
      "runs", "show 1", "show 1 --all --json", "compare 1", "report 1 -o page",
      "weights 1 --gate forget",
      "weights 1@3 --concat", "diff 1@1 1@1", "gates 1@3", "gates 1 --csv", "export 1 w.npz",
      "export 1 --tensorboard tb", "tag 1 --add mine", "rename 1 mine", "note 1 text", "verify 1",
      "backup copy.db", "merge copy.db --db other.db", "delete 1 --yes",
    ] {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect(outcome.status == 0, "\(command): \(outcome)")
    }
    #expect(
      try place.sqlite("SELECT count(*), trainer, name FROM runs", database: "other.db")
        == "1|keras 3.12|mine")
    #expect(try place.lab("verify", "1", "--db", "other.db").contains("5 whole states, all have"))
  }

  @Test func `a run without recorded gates says how to record some`() throws {
    var sent = SentTraining()
    sent.hasActivations = false
    _ = try place.send(sent.bytes)
    let outcome = try place.run("gates", "1")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("LabLogger(gates=[0, 3])"), "\(outcome.errors)")
  }
}
