import Lab
import LabFormats
import Testing

/// Folds of series: nothing is trained on that comes after what is validated with, nor shares a row with it.
@Suite struct RollingFoldTests {
  /// Series whose rows are numbered from 0 without end, cut as settings say, and the number of each one's first
  /// row.
  struct Trial {
    let lengths: [Int]
    let windows: Windows
    let folds: Int

    init(_ random: inout CounterRandom) {
      lengths = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        Int.random(in: 1...90, using: &random)
      }
      var windows = Windows(length: Int.random(in: 1...5, using: &random))
      windows.stride = Int.random(in: 1...3, using: &random)
      windows.rate = Int.random(in: 1...3, using: &random)
      windows.horizon = Int.random(in: 1...3, using: &random)
      self.windows = windows
      folds = Int.random(in: 2...6, using: &random)
    }

    /// Whether the longest series has room for a window in each part.
    var fits: Bool {
      let needed = (windows.length - 1) * windows.rate + 1 + windows.horizon
      return (lengths.max() ?? 0) / (folds + 1) >= needed
    }

    private var settings: String {
      """
      {"sequence_length":\(windows.length),"sequence_stride":\(windows.stride),
      "sampling_rate":\(windows.rate),"horizon":\(windows.horizon)}
      """
    }

    /// The same series as a table or as an array of as many as one.
    func source(isTable: Bool, in place: Workplace) throws -> String {
      let numbers = Array(0..<lengths.reduce(0, +))
      guard isTable else {
        let x = numbers.prefix(lengths[0]).map { [$0] }
        return "{\"x\":\(x),\"windows\":\(settings)}"
      }
      let series = lengths.enumerated().flatMap { [Int](repeating: $0, count: $1) }
      let lines = zip(series, numbers).map { "s\($0),\($1)\n" }
      try place.write("s,v\n" + lines.joined(), to: "a.csv")
      return "{\"csv\":\"a.csv\",\"sequence\":\"s\",\"features\":[\"v\"],\"windows\":\(settings)}"
    }

    func data(_ fold: Int, isTable: Bool, in place: Workplace) throws -> TrainingData {
      let source = try source(isTable: isTable, in: place)
      return try TrainingData(
        Config(
          json: """
            {"data":{"train":\(source),"validation":{"rolling":\(folds),"fold":\(fold)}},
            "model":{"layers":[{"type":"lstm","units":1},
            {"type":"dense","units":\(windows.horizon)}]},
            "training":{"loss":"mean_squared_error","epochs":1}}
            """, source: place.file("config.json")))
    }
  }

  /// The rows that each window and its target read, by what stands in them.
  private static func rows(_ data: Dataset) throws -> [[Int]] {
    let places = try #require(data.windows)
    let outputs = data.y.count / data.samples
    return places.starts.enumerated().map { sample, start in
      (0..<places.length).map { Int(data.x[start + $0 * places.rate]) }
        + data.y[sample * outputs..<(sample + 1) * outputs].map { Int($0) }
    }
  }

  @Test(arguments: [true, false])
  func `no later row is trained on, and none is shared`(isTable: Bool) throws {
    var random = CounterRandom(seed: 71)
    let place = try Workplace()
    var (taken, refused) = (0, 0)
    for _ in 0..<120 {
      var trial = Trial(&random)
      if !isTable { trial = trial.alone }
      guard trial.fits else {
        let error = #expect(throws: LabError.self) {
          try trial.data(0, isTable: isTable, in: place)
        }
        #expect(
          error?.what.hasPrefix("`data.validation.rolling` of \(trial.folds) leaves ") == true)
        refused += 1
        continue
      }
      try expectOrder(trial, isTable: isTable, in: place)
      taken += 1
    }
    #expect(taken >= 25 && refused >= 15, "\(taken), \(refused)")
  }

  private func expectOrder(_ trial: Trial, isTable: Bool, in place: Workplace) throws {
    let ends = trial.lengths.indices.map { trial.lengths[...$0].reduce(0, +) }
    var hashes: Set<String> = []
    var validated: [Int] = []
    for fold in 0..<trial.folds {
      let data = try trial.data(fold, isTable: isTable, in: place)
      hashes.insert(data.hash)
      let validation = try #require(data.validation)
      let train = try Self.rows(data.train), last = try Self.rows(validation)
      #expect(!train.isEmpty && !last.isEmpty)
      for (series, end) in ends.enumerated() {
        let rows = end - trial.lengths[series]..<end
        let before = train.filter { rows.contains($0[0]) },
          after = last.filter { rows.contains($0[0]) }
        // A window and its target stay within their series.
        #expect((before + after).joined().allSatisfy(rows.contains))
        let latest = before.joined().max() ?? -1, first = after.joined().min() ?? .max
        #expect(latest < first, "series \(series): \(latest) is trained on, \(first) is not")
        // All that there is before it is trained on: the part begins with the series.
        let block = trial.lengths[series] / (trial.folds + 1)
        let start = end - (trial.folds - fold) * block
        #expect(after.joined().allSatisfy { (start..<start + block).contains($0) })
        #expect(before.joined().allSatisfy { $0 < start })
      }
      #expect(
        train[0][0]
          == ends.indices.first { series in
            train.contains { $0[0] == ends[series] - trial.lengths[series] }
          }.map { ends[$0] - trial.lengths[$0] })
      validated += last.map { $0[0] }
    }
    #expect(hashes.count == 1)
    #expect(Set(validated).count == validated.count, "a window validates in one fold")
  }

  /// With windows of one step, of each next, the validated rows of all folds are the series' end without a gap.
  @Test func `folds follow one another up to the end`() throws {
    let place = try Workplace()
    for (length, folds) in [(30, 2), (31, 4), (100, 9), (12, 5)] {
      let trial = Trial(lengths: [length], windows: Windows(length: 1), folds: folds)
      let rows = try (0..<folds).map { fold in
        let validation = try trial.data(fold, isTable: false, in: place).validation
        return Set(try Self.rows(try #require(validation)).joined()).sorted()
      }
      let block = length / (folds + 1)
      #expect(rows.map(\.count) == [Int](repeating: block, count: folds))
      #expect(rows.joined().elementsEqual(length - folds * block..<length))
    }
  }
}

extension RollingFoldTests.Trial {
  init(lengths: [Int], windows: Windows, folds: Int) {
    (self.lengths, self.windows, self.folds) = (lengths, windows, folds)
  }

  /// The same with the first series alone.
  fileprivate var alone: Self { Self(lengths: [lengths[0]], windows: windows, folds: folds) }
}
