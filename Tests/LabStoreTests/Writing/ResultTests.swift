import Foundation
import Testing

@testable import LabStore

/// What is stored of a run when its training is over.
@Suite struct ResultTests {
  private let result = RunResult(
    epoch: 3,
    measured: [
      .init(
        epoch: 3,
        metrics: [MetricValue(.test, "accuracy", 0.75), MetricValue(.test, "mean", 1.5)])
    ])

  private func finish(_ lab: Laboratory, after epoch: Int) throws -> StoredRun {
    let run = try lab.database.run(1)
    try lab.database.resume(run, after: epoch)
      .finish(.completed, result: result, at: Sample.start)
    return try lab.database.run(1)
  }

  @Test func `the result's epoch is meant where none is named`() throws {
    let lab = try Laboratory()
    try lab.recordRun()
    let before = try lab.ask("SELECT * FROM epoch; SELECT count(*) FROM vector")
    #expect(try lab.database.run(1).resultEpoch == 5)
    #expect(try lab.database.epoch(of: .parse("1"), in: 1).epoch == 5)
    let run = try finish(lab, after: 5)
    #expect(run.resultEpoch == 3)
    #expect(run.epochs == 5)
    #expect(try lab.database.epoch(of: .parse("1"), in: 1).epoch == 3)
    #expect(try lab.database.epoch(of: .parse("1@5"), in: 1).epoch == 5)
    #expect(try lab.ask("SELECT * FROM epoch; SELECT count(*) FROM vector") == before)
  }

  @Test func `what was measured last is added, and nothing is replaced`() throws {
    let lab = try Laboratory()
    try lab.recordRun()
    _ = try finish(lab, after: 5)
    let run = try finish(lab, after: 5)
    // The sample's epochs have a test loss of their own.
    #expect(run.testLoss == 2)
    #expect(run.testAccuracy == 0.75)
    #expect(
      try lab.ask(
        "SELECT epoch, name, value FROM metrics WHERE split = 'test' AND epoch = 3 ORDER BY name")
        == "3|accuracy|0.75\n3|loss|2.0\n3|mean|1.5")
  }

  /// Outputs of five samples of the test data, two each, and their targets.
  private func test(_ seed: UInt64) -> RunResult.TestPredictions {
    var random = SplitMix(state: seed)
    return RunResult.TestPredictions(
      split: RunDescription.Split(
        name: .test, samples: 300, outputs: 2,
        targets: Sample.data([Float](repeating: 7, count: 600))
      ), values: Sample.values(600, &random))
  }

  @Test(arguments: [false, true])
  func `predictions for the test data stand with the result alone`(isKnown: Bool) throws {
    let lab = try Laboratory()
    // One that was stored before such predictions were has no row of their targets.
    try lab.recordRun(Sample.description(splits: isKnown ? [test(0).split] : []))
    let view = "SELECT DISTINCT split, epoch, target FROM predictions"
    let sum = """
      SELECT (SELECT count(*) FROM vector)
        - (SELECT sum(vectors) FROM recording) - (SELECT sum(vectors) FROM split)
      """
    #expect(try lab.ask(view) == "")
    for (epoch, last) in [(3, 5), (5, 5), (nil, 5), (nil, 4)] as [(Int?, Int)] {
      let expected = test(UInt64(last) * 8 + UInt64(epoch ?? 0))
      try lab.database.resume(lab.database.run(1), after: last).finish(
        .completed, result: RunResult(epoch: epoch, test: expected), at: Sample.start)
      #expect(try lab.ask(view) == "test|\(epoch ?? last)|7.0")
      #expect(
        try lab.database.predictions(of: 1, at: epoch ?? last).map(\.values) == [expected.values])
      #expect(
        try lab.ask("SELECT count(*), max(sample), max(output) FROM predictions") == "600|299|1")
      #expect(try lab.ask(sum) == "0")
    }
    let writer = try lab.database.resume(lab.database.run(1), after: 4)
    try writer.submit(Sample.record(5))
    try writer.finish(.interrupted, at: Sample.start)
    #expect(try lab.ask(view) == "")
    #expect(try lab.ask(sum) == "0")
    #expect(try lab.ask("SELECT count(*) FROM epoch WHERE resumable = 0") == "0")
  }

  @Test func `a run that goes on has no result until it ends again`() throws {
    let lab = try Laboratory()
    try lab.recordRun()
    _ = try finish(lab, after: 5)
    let writer = try lab.database.resume(lab.database.run(1), after: 5)
    #expect(try lab.database.run(1).resultEpoch == 5)
    #expect(try lab.database.run(1).testAccuracy == nil)
    try writer.submit(Sample.record(6))
    try writer.finish(.interrupted, at: Sample.start)
    #expect(try lab.database.run(1).resultEpoch == 6)
    #expect(try lab.database.run(1).testAccuracy == nil)
  }
}
