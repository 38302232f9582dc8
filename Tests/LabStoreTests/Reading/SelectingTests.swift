import Foundation
import LabFormats
import Testing

@testable import LabStore

/// Runs by id, name, uuid, `@last`, `@best`, and an epoch behind.
struct SelectingTests {
  @Test(arguments: [
    ("3", RunReference(.named("3"))),
    ("3@7", RunReference(.named("3"), epoch: .number(7))),
    ("a name@x", RunReference(.named("a name@x"))),
    ("user@host@12", RunReference(.named("user@host"), epoch: .number(12))),
    ("@last", RunReference(.last)),
    ("@last@0", RunReference(.last, epoch: .number(0))),
    ("@best", RunReference(.best(metric: nil))),
    ("3@last", RunReference(.named("3"), epoch: .last)),
    ("a@b@result", RunReference(.named("a@b"), epoch: .result)),
    ("3@best", RunReference(.named("3"), epoch: .best(metric: nil))),
    ("3@best:val_accuracy", RunReference(.named("3"), epoch: .best(metric: "val_accuracy"))),
    ("@best@last", RunReference(.best(metric: nil), epoch: .last)),
    ("@best:val_accuracy@3", RunReference(.best(metric: "val_accuracy"), epoch: .number(3))),
  ])
  func `a reference is read and written`(text: String, reference: RunReference) throws {
    #expect(try RunReference.parse(text) == reference)
    #expect(reference.description == text)
  }

  @Test(arguments: ["", "@", "@worst", "@best:", "3@best:", "3@99999999999999999999"])
  func `what names no run is refused`(text: String) throws {
    let error = #expect(throws: LabError.self) { try RunReference.parse(text) }
    #expect(error?.kind == .usage)
  }

  /// Three runs, two of one name; the second has the lowest validation loss.
  private func threeRuns() throws -> Laboratory {
    let lab = try Laboratory()
    for (name, last) in [("twin", 1), ("single", 4), ("twin", 2)] {
      try lab.recordRun(Sample.description(name: name), epochs: 0...last)
    }
    return lab
  }

  @Test func `a run is found by what names it`() throws {
    let lab = try threeRuns()
    let uuid = try lab.database.run(2).uuid
    let names =
      [
        "2": 2, "single": 2, uuid: 2, String(uuid.prefix(8)).uppercased(): 2, "@last": 3,
        "@best": 2, "@best:loss": 2, "@best:val_loss": 2, "@best:accuracy": 1, "@best:test_loss": 1,
      ] as KeyValuePairs
    for (name, run) in names {
      #expect(try lab.database.find(.parse(name)) == Int64(run), "\(name)")
    }
  }

  @Test(arguments: [
    ("9999999", "there is no run 9999999", "list the runs with: lstm-lab runs"),
    ("singel", "there is no run singel", "did you mean single? list the runs with: lstm-lab runs"),
    ("wtin", "there is no run wtin", "did you mean twin? list the runs with: lstm-lab runs"),
    ("twin", "2 runs are named twin", "choose one by its number: 1, 3"),
    (
      "@best:auc", "no run has measured auc",
      """
      losses and metrics there: accuracy, loss, mean_absolute_error, test_loss, val_accuracy, val_loss
      """
    ),
  ])
  func `a run that is not found is told with what is there`(
    name: String, what: String, next: String
  ) throws {
    let lab = try threeRuns()
    let error = #expect(throws: LabError.self) { try lab.database.find(.parse(name)) }
    #expect(error == LabError(.notFound, what, where: lab.path, next: next))
  }

  @Test func `too short a beginning of a uuid is told so`() throws {
    let lab = try threeRuns()
    _ = try lab.ask("UPDATE run SET uuid = 'abcdef' || substr(uuid, 7) WHERE id = 2")
    #expect(try lab.database.find(.parse("abcd")) == 2)
    let error = #expect(throws: LabError.self) { try lab.database.find(.parse("ABC")) }
    #expect(error?.what == "there is no run ABC")
    #expect(
      error?.next
        == "give at least 4 characters of a uuid, such as abcd; list the runs with: lstm-lab runs")
  }

  @Test func `a list has every column of the view but the configuration`() throws {
    let lab = try threeRuns()
    let view = try lab.ask("SELECT name FROM pragma_table_info('runs')").split(separator: "\n")
    let listed = try lab.database.runs().columns
    #expect(listed.sorted() == view.map(String.init).filter { $0 != "config" }.sorted())
  }

  @Test func `an epoch is the last one unless named`() throws {
    let lab = try threeRuns()
    #expect(try lab.database.epoch(of: .parse("2"), in: 2).epoch == 4)
    #expect(try lab.database.epoch(of: .parse("2@3"), in: 2).epoch == 3)
    let error = #expect(throws: LabError.self) {
      try lab.database.epoch(of: .parse("2@5"), in: 2)
    }
    #expect(error?.what == "run 2 has no epoch 5")
    #expect(error?.next == "its last is 4; list them with: lstm-lab show 2 --all")
  }

  @Test func `runs are listed as asked, and by the report in the stock shell`() throws {
    let lab = try threeRuns()
    func listed(_ change: (inout RunFilter) -> Void) throws -> [Int64] {
      var filter = RunFilter()
      change(&filter)
      return try lab.database.runs(filter).rows.map {
        if case .integer(let run) = $0[0] { run } else { 0 }
      }
    }
    #expect(try listed { _ in } == [1, 2, 3])
    #expect(try listed { $0.name = "tw*" } == [1, 3])
    #expect(try listed { $0.tag = "b c" } == [1, 2, 3])
    #expect(try listed { $0.tag = "b" } == [])
    #expect(
      try listed {
        $0.status = "completed"; $0.limit = 2
      } == [1, 2])
    #expect(try listed { $0.status = "crashed" } == [])
    #expect(
      try listed {
        $0.sort = "epochs"; $0.isDescending = true
      } == [2, 3, 1])
    #expect(
      try listed {
        $0.sort = "name"; $0.limit = 2
      } == [2, 1])
    for key in RunFilter.sortKeys { #expect(try listed { $0.sort = key }.count == 3, "\(key)") }
    let report = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../reports/runs.sql").standardizedFileURL.path
    let answer = try lab.ask(".mode json\n.read \(report)")
    #expect(answer.ranges(of: #""run_id":"#).count == 3)
  }
}
