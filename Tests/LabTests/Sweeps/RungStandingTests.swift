import Testing

@testable import Lab

/// How points are ranked at a rung.
struct RungStandingTests {
  private func entry(_ point: Int, _ value: Double?, diverged: Bool = false) -> RungStanding.Entry {
    RungStanding.Entry(point: point, value: value, hasDiverged: diverged)
  }

  @Test
  func `the better come first, equals by number, then those without a value, then the diverged`() {
    let entries = [
      entry(0, nil), entry(1, 0.5), entry(2, 0.25), entry(3, 0.1, diverged: true), entry(4, 0.5),
      entry(5, nil, diverged: true), entry(6, 0.75), entry(7, .nan),
    ].map { $0.value?.isNaN == true ? entry($0.point, nil) : $0 }
    for shift in entries.indices {
      let turned = Array(entries[shift...] + entries[..<shift])
      let lowest = RungStanding(turned, at: 3, by: Monitor("val_loss"), keeping: 3)
      #expect(lowest.points.map(\.point) == [2, 1, 4, 6, 0, 7, 3, 5])
      #expect(lowest.survivors == [1, 2, 4])
      let highest = RungStanding(turned, at: 3, by: Monitor("val_accuracy"), keeping: 2)
      #expect(highest.points.map(\.point) == [6, 1, 4, 2, 0, 7, 3, 5])
      #expect(highest.survivors == [1, 6])
      #expect(RungStanding(turned, at: 3, by: Monitor("loss"), keeping: 8).survivors.count == 6)
    }
  }

  @Test(arguments: [
    ("1/3", 9, 3), ("1/3", 8, 2), ("0.3334", 9, 3), ("1/49", 49, 1), ("0.29", 100, 29),
    ("0.7", 10, 7), (".5", 3, 1), ("2/3", 3, 2), ("0.1", 30, 3), ("0.999999999", 10_000, 9999),
  ])
  func `a part of the points is exact, and rounded down`(text: String, count: Int, kept: Int) throws
  {
    #expect(Halving.Share(text)?.of(count) == kept)
  }

  @Test func `the points of each rung are parts of those before`() throws {
    let halving = try Halving(metric: nil, rungs: "10,30,90", keep: "1/3")
    #expect(try halving.points(of: 40) == [40, 13, 4])
    #expect(try halving.points(of: 9) == [9, 3, 1])
    #expect(throws: (any Error).self) { try halving.points(of: 8) }
  }
}
