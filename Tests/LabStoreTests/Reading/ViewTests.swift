import Foundation
import Testing

@testable import LabStore

/// What the views say about a small run, in the stock shell.
struct ViewTests {
  @Test func `runs`() throws {
    let lab = try Laboratory()
    let run = try lab.recordRun(epochs: 0...5)
    let uuid = try lab.database.run(run).uuid
    #expect(
      try Shell.sqlite(lab.path, "SELECT * FROM runs", options: ["-line"])
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) } == [
          "run_id = 1", "uuid = \(uuid)", "name = sample", "status = completed",
          "created_at = 2000-01-01T00:00:00.000Z", "finished_at = 2000-01-01T00:01:00.000Z",
          "epochs = 5", "parameters = 138", "seed = 7", "loss = 0.2", "accuracy = 0.5",
          "val_loss = 2.0", "val_accuracy = 0.25", "best_epoch = 3", "seconds = 3.0",
          #"config = {"name":"sample"}"#, "config_hash = c0", "data_hash = da",
          "parent_run_id =", "parent_epoch =", #"tags = ["a","b c"]"#, "notes = two", "lines",
          "host = host", "version = 1.2.3", "result_epoch = 5", "test_loss = 2.0",
          "test_accuracy =", "best_loss = 0.333333333333333", "best_accuracy = 0.5",
          "best_val_loss = 1.0", "best_val_accuracy = 0.25",
          "settings_hash = 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
          "initial_hash =", "message =", "sweep =", "fold =", "trainer =",
        ])
  }

  /// The values stand in two places so that a list of runs reads no epochs.
  @Test(arguments: [false, true])
  func `a run's best values are those of its best epoch, also after going back`(
    isValidated: Bool
  ) throws {
    var random = SplitMix(state: 3)
    for last in 1...12 {
      let lab = try Laboratory()
      let submit = { (writer: RunWriter, epochs: ClosedRange<Int>) in
        for epoch in epochs {
          let values = (0..<4).map { _ in Double(random.next() % 8) }
          var metrics = [
            MetricValue(.train, "loss", values[0]), MetricValue(.train, "accuracy", values[1]),
          ]
          if isValidated {
            metrics += [
              MetricValue(.validation, "loss", values[2]),
              MetricValue(.validation, "accuracy", values[3]),
            ]
          }
          var record = Sample.record(epoch)
          record.metrics = epoch == 0 || values[1] == 7 ? [] : metrics
          try writer.submit(record)
        }
        try writer.finish(.completed, at: Sample.start)
      }
      try submit(try lab.database.record(Sample.description()), 0...last)
      try expectBestValues(lab)
      let back = last / 2
      try submit(
        try lab.database.resume(lab.database.run(1), after: back), (back + 1)...(last + 1))
      try expectBestValues(lab)
    }
  }

  private func expectBestValues(_ lab: Laboratory) throws {
    let scored = "epoch > 0 AND coalesce(val_loss, loss) IS NOT NULL"
    let best = """
      SELECT epoch, loss, accuracy, val_loss, val_accuracy FROM epochs WHERE \(scored)
      ORDER BY coalesce(val_loss, loss), epoch LIMIT 1
      """
    let stored = """
      SELECT best_epoch, best_loss, best_accuracy, best_val_loss, best_val_accuracy FROM runs
      WHERE EXISTS (SELECT 1 FROM epochs WHERE \(scored)) OR best_epoch IS NOT NULL
      """
    #expect(try lab.ask(stored) == lab.ask(best))
  }

  @Test func `a crashed run's lease runs out`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...1)
    for (lease, status) in [(60, "running"), (0, "crashed"), (-60, "crashed")] {
      let answer = try lab.ask(
        """
        UPDATE run SET outcome = NULL;
        UPDATE progress SET alive_until = unixepoch() + \(lease);
        SELECT status FROM runs
        """)
      #expect(answer == status)
    }
  }

  @Test func `the best epoch is by loss where nothing was validated, the earliest of equals`()
    throws
  {
    let lab = try Laboratory()
    let losses = [nil, 0.5, 0.25, 0.25, 0.75]
    let writer = try lab.database.record(Sample.description())
    for (epoch, loss) in losses.enumerated() {
      var record = Sample.record(epoch)
      record.metrics = loss.map { [MetricValue(.train, "loss", $0)] } ?? []
      try writer.submit(record)
    }
    try writer.finish(.completed, at: Sample.start)
    #expect(try lab.ask("SELECT best_epoch FROM runs") == "2")
  }

  @Test func `epochs and metrics`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...2)
    let hash = Sample.record(2).hash.map {
      String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
    }
    #expect(
      try lab.ask("SELECT * FROM epochs WHERE epoch <> 1 ORDER BY epoch")
        .replacing(hash.joined(), with: "HASH").split(separator: "\n").last
        == "1|2|0.5|0.5|2.0|0.25|0.001|0.5|2000-01-01T00:00:02.000Z|HASH")
    #expect(
      try lab.ask("SELECT * FROM metrics ORDER BY epoch, split, name") == """
        1|1|test|loss|2.0
        1|1|train|accuracy|0.5
        1|1|train|loss|1.0
        1|1|train|mean_absolute_error|0.125
        1|1|validation|accuracy|0.25
        1|1|validation|loss|3.0
        1|2|test|loss|2.0
        1|2|train|accuracy|0.5
        1|2|train|loss|0.5
        1|2|train|mean_absolute_error|0.125
        1|2|validation|accuracy|0.25
        1|2|validation|loss|2.0
        """)
  }

  @Test func `tensors and the meaning of their columns`() throws {
    let lab = try Laboratory()
    let tensors = Sample.tensors(inputs: 2, units: 1, outputs: 1)
    try lab.recordRun(Sample.description(tensors: tensors), epochs: 0...0)
    #expect(
      try lab.ask("SELECT * FROM tensors") == """
        1|lstm|kernel|2|4||1||
        1|lstm|recurrent_kernel|1|4||1||
        1|lstm|bias|1|4||1||
        1|dense|kernel|1|1||1||
        1|dense|bias|1|1||1||
        """)
    let weights = try lab.ask(
      """
      SELECT layer, tensor, row, col, gate, unit, source FROM weights
      ORDER BY layer DESC, tensor DESC, row, col
      """)
    try expectGolden(weights + "\n", "weights.txt")
  }

  @Test func `gate norms keep their order`() throws {
    let lab = try Laboratory()
    let writer = try lab.database.record(Sample.description())
    var record = Sample.record(0)
    record.gateStats = [
      GateStat(
        layer: "lstm", part: LayerPart("input"), weightNorm: 1, updateNorm: 2, gradientNorm: 3),
      GateStat(
        layer: "lstm", part: LayerPart("forget"), weightNorm: 4, updateNorm: 5, gradientNorm: 6),
      GateStat(
        layer: "two", part: LayerPart("backward/input"), weightNorm: 8, updateNorm: 9,
        gradientNorm: 10),
      GateStat(
        layer: "two", part: LayerPart("forward"), weightNorm: 11, updateNorm: 12, gradientNorm: 13),
      GateStat(
        layer: "dense", part: LayerPart(nil, nil), weightNorm: 7, updateNorm: nil,
        gradientNorm: nil),
    ]
    try writer.submit(record)
    try writer.finish(.completed, at: Sample.start)
    #expect(
      try lab.ask("SELECT * FROM gate_stats") == """
        1|0|lstm|input|1.0|2.0|3.0|
        1|0|lstm|forget|4.0|5.0|6.0|
        1|0|two|input|8.0|9.0|10.0|backward
        1|0|two||11.0|12.0|13.0|forward
        1|0|dense||7.0|||
        """)
    #expect(
      try lab.database.gateStats(of: 1).map(\.stat.part.text)
        == ["input", "forget", "backward/input", "forward", nil])
  }

  @Test(arguments: [(1, 1), (3, 2), (130, 3)])
  func `predictions stand beside their targets`(samples: Int, outputs: Int) throws {
    let lab = try Laboratory()
    let targets = (0..<samples * outputs).map { Float($0 + 1) }
    let values = targets.map { -$0 / 8 }
    let split = RunDescription.Split(
      name: .test, samples: samples, outputs: outputs, targets: Sample.data(targets))
    let writer = try lab.database.record(Sample.description(splits: [split]))
    for epoch in 0...1 {
      var record = Sample.record(epoch)
      record.predictions = [Prediction(split: .test, values: Sample.data(values))]
      try writer.submit(record)
    }
    try writer.finish(.completed, at: Sample.start)
    let expected = targets.indices.map { place in
      "1|1|test|\(place / outputs)|\(place % outputs)|\(targets[place])|\(values[place])"
    }
    #expect(
      try lab.ask("SELECT * FROM predictions WHERE epoch = 1 ORDER BY sample, output")
        == expected.joined(separator: "\n"))
  }
}
