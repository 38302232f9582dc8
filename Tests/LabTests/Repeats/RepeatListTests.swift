import Lab
import LabFormats
import Testing

/// Which runs `--folds`, `--fold` and `--seeds` mean.
@Suite struct RepeatListTests {
  private static func list(
    _ kind: ValidationFolds.Kind, _ count: Int, only: String? = nil, seeds: String? = nil
  ) throws -> RepeatList {
    try RepeatList(
      kind, count, option: "--folds", only: only, seeds: try seeds.map { try SeedList($0) })
  }

  @Test func `each fold has all seeds`() throws {
    let runs = try Self.list(.blocks, 3, only: "0,2", seeds: "7..8").runs
    #expect(
      runs.map(\.text) == [
        "fold 0, seed 7", "fold 0, seed 8", "fold 2, seed 7", "fold 2, seed 8",
      ])
    #expect(try Self.list(.rolling, 2).runs.map(\.title) == ["Fold 0", "Fold 1"])
    #expect(try RepeatList(seeds: SeedList("3,1")).runs.map(\.text) == ["seed 3", "seed 1"])
  }

  /// Wherever training stops, the commands that it advises train the rest, in the same order.
  @Test func `what is left is all that was not begun`() throws {
    var random = CounterRandom(seed: 9)
    for _ in 0..<300 {
      let folds = Int.random(in: 2...6, using: &random)
      let first = Int.random(in: 0..<folds, using: &random)
      let only = Bool.random(using: &random) ? "\(first)..\(folds - 1)" : nil
      let seeds = Bool.random(using: &random) ? "4..\(Int.random(in: 4...7, using: &random))" : nil
      let list = try Self.list(.stratified, folds, only: only, seeds: seeds)
      let runs = list.runs
      let count = Int.random(in: 0...runs.count, using: &random)
      let left = list.left(after: count)
      #expect(left.flatMap(\.runs) == Array(runs.dropFirst(count)))
      #expect(left.count <= 2)
      for one in left { #expect(try Self.read(one.options).runs == one.runs, "\(one.options)") }
    }
    let seeds = try RepeatList(seeds: SeedList("1..5"))
    for count in 0...5 {
      #expect(seeds.left(after: count).flatMap(\.runs) == Array(seeds.runs.dropFirst(count)))
    }
    #expect(seeds.left(after: 2).map(\.options) == ["--seeds 3..5"])
  }

  /// Reads options as the command does.
  private static func read(_ options: String) throws -> RepeatList {
    let words = options.split(separator: " ").map(String.init)
    func value(_ name: String) -> String? {
      words.firstIndex(of: name).map { words[$0 + 1] }
    }
    let count = try #require(value("--folds").flatMap { Int($0) })
    #expect(words.contains("--stratify"))
    return try list(.stratified, count, only: value("--fold"), seeds: value("--seeds"))
  }
}
