import Foundation
import Testing

/// `compare --group-by`: what is counted, sorted and cut are groups.
@Suite struct GroupTests {
  /// Two settings with seeds 1 and 2: run 1 is the luckiest, but its group (units 5) is the worse.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    for (units, seed) in [(5, 1), (5, 2), (7, 1), (7, 2)] {
      try place.write(trial(units, seed))
      try place.lab("run", "config.json", "-q")
    }
    _ = try place.sqlite(
      """
      UPDATE progress SET last_val_loss = CASE run_id WHEN 1 THEN 0.1 WHEN 2 THEN 0.9 WHEN 3 THEN 0.2
        ELSE 0.3 END
      """)
    return place
  }

  private static func trial(_ units: Int, _ seed: Int) -> Trial {
    Trial(
      seed: seed, epochs: 2,
      layers: """
        [{"type":"lstm","units":\(units)},{"type":"dense","units":2,"activation":"sigmoid"}]
        """)
  }

  private static func groups(_ place: Workplace, _ more: String...) throws -> [[String: Any]] {
    let arguments = ["compare", "--group-by", "config", "--json"] + more
    let json = try place.output(Program.path, arguments)
    return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
  }

  @Test func `groups are sorted by their means, and cut as wholes`() throws {
    let place = try Self.place()
    let sorted = try Self.groups(place, "--sort", "val_loss")
    #expect(sorted.map { $0["lstm.units"] as? Int } == [7, 5])
    #expect(sorted.map { $0["val_loss_mean"] as? Double } == [0.25, 0.5])
    #expect(sorted.map { $0["val_loss_verdict"] as? String } == ["baseline", "within noise"])
    let first = try Self.groups(place, "--sort", "val_loss", "--limit", "1")
    #expect(first.map { $0["lstm.units"] as? Int } == [7] && first[0]["runs"] as? Int == 2)
    let last = try Self.groups(place, "--sort", "val_loss", "--descending", "--limit", "1")
    #expect(last.map { $0["lstm.units"] as? Int } == [5] && last[0]["runs"] as? Int == 2)
    // The baseline's group is there whole, though it would be cut.
    let based = try Self.groups(place, "--sort", "val_loss", "--limit", "1", "--baseline", "2")
    #expect(based.map { $0["val_loss_n"] as? Int } == [2, 2])
    #expect(based.map { $0["val_loss_verdict"] as? String } == ["baseline", "within noise"])
    let text = try place.lab("compare", "--group-by", "config", "--limit", "1")
    #expect(text.contains("Left out: 1 more group."), "\(text)")
  }

  @Test func `completed runs count, each distinct one once`() throws {
    let place = try Self.place()
    try place.write(Self.trial(5, 1))
    try place.lab("run", "config.json", "-q")
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite("UPDATE run SET outcome = 'diverged' WHERE id = 4")
    let groups = try Self.groups(place)
    #expect(groups.map { $0["runs"] as? Int } == [2, 1])
    #expect(groups.map { $0["left_out"] as? String } == ["2 repeats", "1 diverged"])
    #expect(groups.map { $0["loss_n"] as? Int } == [2, 1])
    let text = try place.lab("compare", "--group-by", "config")
    #expect(
      text.contains(
        "Left out: run 4 (diverged), run 5 (repeats run 1), run 6 (repeats run 1).\n"), "\(text)")
    // A repeat that came to other bits is a measurement, and so is one that is not there twice.
    _ = try place.sqlite("UPDATE epoch SET hash = zeroblob(32) WHERE run_id = 5 AND epoch = 2")
    #expect(try Self.groups(place)[0]["runs"] as? Int == 3)
  }

  @Test func `a group without completed runs is told and comes last`() throws {
    let place = try Self.place()
    _ = try place.sqlite("UPDATE run SET outcome = 'failed' WHERE id < 3")
    let groups = try Self.groups(place, "--sort", "val_loss")
    #expect(groups.map { $0["runs"] as? Int } == [2, 0])
    #expect(groups.map { $0["val_loss_verdict"] as? String } == ["baseline", nil])
  }
}
