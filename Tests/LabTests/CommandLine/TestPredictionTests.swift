import Foundation
import Testing

/// What a run's result makes of the test data is stored with it, and with nothing else.
@Suite struct TestPredictionTests {
  private static let result = """
    SELECT DISTINCT p.split, p.epoch = r.result_epoch FROM predictions AS p
    JOIN runs AS r USING (run_id) WHERE run_id =
    """

  /// The metrics of the test data, computed from the predictions by the stock shell.
  private func expectMetrics(of run: Int, in place: Workplace) throws {
    #expect(
      try place.sqlite(
        """
        SELECT count(*), max(abs(p.value - m.value) < 1e-6) FROM (
          SELECT run_id, epoch, avg((value - target) * (value - target)) AS value
          FROM predictions WHERE split = 'test' GROUP BY 1, 2
        ) AS p JOIN metrics AS m USING (run_id, epoch)
        WHERE m.split = 'test' AND m.name = 'mean_squared_error' AND run_id = \(run)
        """) == "1|1")
  }

  @Test(arguments: ["", #""predictions":{"every":2}"#])
  func `they stand at the result's epoch, from run to resume to fork`(record: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 5, hasTest: true, record: record))
    try place.lab("run", "config.json", "-q")
    let all = record.isEmpty ? "test|1" : "test|1\ntrain|0\ntrain|1\nvalidation|0\nvalidation|1"
    #expect(try place.sqlite(Self.result + "1 ORDER BY 1, 2") == all)
    try expectMetrics(of: 1, in: place)
    #expect(
      try place.sqlite(
        """
        SELECT count(*), max(sample), max(output), sum(target) FROM predictions
        WHERE split = 'test'
        """) == "8|3|1|4.0")

    try place.lab("resume", "1", "--epochs", "7", "-q")
    #expect(
      try place.sqlite("SELECT DISTINCT epoch FROM predictions WHERE split = 'test'") == "7")
    try expectMetrics(of: 1, in: place)
    try place.lab("resume", "1", "--from", "3", "--epochs", "4", "-q")
    #expect(
      try place.sqlite(
        "SELECT run_id, epoch FROM predictions WHERE split = 'test' GROUP BY 1, 2") == "1|7\n2|4")
    try expectMetrics(of: 2, in: place)
    for run in ["1", "2"] { try place.lab("verify", run) }
  }

  @Test func `of a run that goes back to its best epoch they are that epoch's`() throws {
    let place = try Workplace()
    try place.write(ControlTests.restless)
    try place.lab("run", "config.json", "-q")
    #expect(try place.sqlite("SELECT epochs > result_epoch FROM runs") == "1")
    #expect(try place.sqlite(Self.result + "1") == "test|1")
    try expectMetrics(of: 1, in: place)
    let before = try place.sqlite("SELECT * FROM predictions ORDER BY sample, output")
    // As a kill before the end leaves it, and as a program leaves it that stored none.
    _ = try place.sqlite(
      """
      PRAGMA foreign_keys = ON;
      UPDATE run SET outcome = NULL, message = NULL, finished_at = NULL, result_epoch = NULL,
        test_loss = NULL, test_accuracy = NULL;
      UPDATE progress SET alive_until = 0;
      DELETE FROM recording WHERE part = 'predictions';
      DELETE FROM split;
      """)
    try place.lab("verify", "1")
    try place.lab("resume", "1", "-q")
    #expect(try place.sqlite("SELECT * FROM predictions ORDER BY sample, output") == before)
    // The best value stays through a longer training that finds none better.
    try place.lab("resume", "1", "--epochs", "300", "-q")
    #expect(try place.sqlite(Self.result + "1") == "test|1")
    try expectMetrics(of: 1, in: place)
    try place.lab("verify", "1")
  }

  @Test func `a changed bit in them or in their targets is found`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, hasTest: true))
    try place.lab("run", "config.json", "-q")
    for table in ["recording WHERE part = 'predictions'", "split"] {
      let vector = "vector WHERE id = (SELECT first_vector FROM \(table))"
      let old = try place.sqlite("SELECT quote(data) FROM \(vector)")
      try place.flip(0, of: vector)
      let outcome = try place.run("verify", "1")
      #expect(outcome.status == 1)
      let part = table == "split" ? "targets" : "predictions"
      #expect(outcome.output.contains("\(part) of test: 1 of 8 values differ, the first value 0:"))
      _ = try place.sqlite(
        vector.replacing("vector WHERE", with: "UPDATE vector SET data = \(old) WHERE"))
      try place.lab("verify", "1")
    }
  }

  /// 2,001 · 500 values are more than a million.
  @Test func `above a million values they are stored only where predictions are asked for`() throws
  {
    let place = try Workplace()
    func run(_ samples: Int, _ record: String) throws -> (vectors: String, bytes: Int) {
      func source(_ samples: Int, _ seed: Int) -> String {
        #"{"generator":"sine","samples":\#(samples),"length":500,"seed":\#(seed),"target_per":"step"}"#
      }
      let name = "config-\(samples).json"
      try place.write(
        """
        {"data":{"train":\(source(2, 1)),"test":\(source(samples, 2))},
        "model":{"layers":[{"type":"simple_rnn","units":1,"return_sequences":true}]},
        "training":{"loss":"mean_squared_error","epochs":2},"record":{\(record)}}
        """, to: name)
      let sizes = try place.lab("check", name, "--csv").split(separator: "\n")
      let cells = { (line: Substring) in
        line.split(separator: ",", omittingEmptySubsequences: false)
      }
      let titles = cells(sizes[0]), values = cells(sizes[1])
      let column = try #require(titles.firstIndex(of: "run_bytes"))
      try place.lab("run", name, "-q")
      let vectors = try place.sqlite(
        """
        SELECT coalesce(sum(vectors), 0) FROM recording
        WHERE run_id = (SELECT max(run_id) FROM runs) AND name = 'test'
        """)
      return (vectors, try #require(Int(values[column])))
    }
    // Weights and Adam's state of epochs 0 to 2: 3 numbers, thrice.
    let state = 4 * 3 * 3 * 3
    #expect(try run(2_001, "") == ("0", state))
    #expect(try run(2_000, "") == ("3907", state + 2 * 4_000_000))
    // Those of the 1,000 values of training data in three epochs, and their targets.
    #expect(
      try run(2_001, #""predictions":{"every":1}"#) == ("3909", state + 4 * 4_000 + 2 * 4_002_000))
  }
}
