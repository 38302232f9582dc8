import Lab
import LabFormats
import Testing

/// Lists of seeds as `--seeds` takes them.
@Suite struct SeedListTests {
  @Test(arguments: [
    ("1..10", Array(1...10)), ("1,5,9", [1, 5, 9]), ("1..3,7", [1, 2, 3, 7]), ("0", [0]),
    ("9,1..2", [9, 1, 2]), ("7..7", [7]), ("9223372036854775807", [Int.max]),
    ("9223372036854775806..9223372036854775807", [Int.max - 1, Int.max]),
  ]) func `numbers and ranges are read in order`(text: String, seeds: [Int]) throws {
    #expect(try SeedList(text).seeds == seeds)
  }

  @Test(arguments: [
    "", ",", "1,", "..", "1..", "..3", "3..1", "-1", "1...3", "1..3..5", " 1", "1 ,2", "x", "1.5",
    "9223372036854775808", "٣",
  ]) func `what is no list is refused`(text: String) {
    let error = #expect(throws: LabError.self) { try SeedList(text) }
    #expect(error?.exitCode == 64)
    #expect(error?.what.hasSuffix("is not a list of seeds") == true, "\(error?.what ?? "")")
  }

  @Test(arguments: ["0..10000", "0..9223372036854775807", "1..9999,20000..20001"])
  func `a list that is too long is refused`(text: String) {
    let error = #expect(throws: LabError.self) { try SeedList(text) }
    #expect(error?.what == "`\(text)` names more than 10000 seeds")
  }

  @Test(arguments: ["1,1", "1..5,3", "5,1..9"]) func `a seed that comes twice is refused`(
    text: String
  ) {
    let error = #expect(throws: LabError.self) { try SeedList(text) }
    #expect(error?.what.hasSuffix("is named twice") == true)
  }

  /// What is told is read again as the same list.
  @Test func `descriptions are lists`() throws {
    var random = CounterRandom(seed: 3)
    for _ in 0..<200 {
      var seeds: [Int] = []
      var last = 0
      for _ in 0..<Int.random(in: 1..<9, using: &random) {
        last += Bool.random(using: &random) ? 1 : Int.random(in: 1..<50, using: &random)
        seeds.append(last)
      }
      if Bool.random(using: &random) { seeds.reverse() }
      let list = try SeedList(seeds.map(String.init).joined(separator: ","))
      #expect(list.seeds == seeds)
      #expect(try SeedList(list.description) == list)
    }
    #expect(try SeedList("3,4,5,7,9,10").description == "3..5,7,9..10")
  }

  @Test func `a line of progress fits`() {
    var progress = RepeatsProgress(runs: 10, epochs: 100)
    for seed in 1...4 { progress.note(RepeatedRun(seed: seed), epoch: 10 * seed, metrics: []) }
    progress.end(RepeatedRun(seed: 2))
    progress.note(RepeatedRun(seed: 1), epoch: 11, metrics: [])
    #expect(
      progress.line(width: 120, colour: false, elapsed: 6)
        == "Runs  1/10 - seed 1: epoch 11/100 - seed 3: epoch 30/100 - seed 4: epoch 40/100 - 27s left "
        + "━━━─────────────────")
    for width in 0...120 {
      #expect(progress.line(width: width, colour: false, elapsed: 6).count <= width)
    }
  }
}
