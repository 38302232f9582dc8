import Foundation
import Lab
import LabFormats
import Testing

/// Windows on series: which rows they have, and how series are split before.
@Suite struct WindowTests {
  /// The law of Keras's `timeseries_dataset_from_array`: sample i begins at row i·stride and has the
  /// rows start, start + rate, …; its target is what follows its last row.
  private struct Law {
    let length, stride, rate, horizon: Int

    func samples(of rows: [[Float]], targets: [[Float]]) -> (x: [[Float]], y: [[Float]]) {
      var x: [[Float]] = [], y: [[Float]] = []
      var start = 0
      while true {
        let picked = (0..<length).map { start + $0 * rate }
        let last = picked[length - 1]
        guard last + horizon < rows.count else { return (x, y) }
        x.append(picked.flatMap { rows[$0] })
        y.append((1...horizon).flatMap { targets[last + $0] })
        start += stride
      }
    }
  }

  @Test(arguments: 0..<100) func `windows have the rows that the law says`(seed: UInt64) throws {
    var random = CounterRandom(seed: seed)
    let law = Law(
      length: Int.random(in: 1...8, using: &random), stride: Int.random(in: 1...4, using: &random),
      rate: Int.random(in: 1...3, using: &random), horizon: Int.random(in: 1...3, using: &random))
    let series = Int.random(in: 1...3, using: &random)
    let needed = (law.length - 1) * law.rate + 1 + law.horizon
    var text = "s,a,b,c\n"
    var x: [[Float]] = [], y: [[Float]] = []
    for number in 0..<series {
      let count = needed + Int.random(in: 0...20, using: &random)
      let rows = (0..<count).map { _ in
        (0..<3).map { _ in Float(Int.random(in: -99...99, using: &random)) }
      }
      for row in rows { text += "s\(number),\(Int(row[0])),\(Int(row[1])),\(Int(row[2]))\n" }
      let samples = law.samples(
        of: rows.map { [$0[1], $0[0]] }, targets: rows.map { [$0[2], $0[0]] })
      x += samples.x
      y += samples.y
    }
    var source = CSVSource(path: "a.csv", sequence: "s", features: ["b", "a"])
    var windows = Windows(length: law.length)
    (windows.stride, windows.rate, windows.horizon) = (law.stride, law.rate, law.horizon)
    windows.targets = ["c", "a"]
    source.windows = windows
    let data = try FileData.read(Array(text.utf8), .csv(source))
    let places = try #require(data.windows)
    #expect(data.samples == x.count)
    for (sample, start) in places.starts.enumerated() {
      var rows: [Float] = []
      for step in 0..<law.length {
        let first = (start + step * law.rate) * 2
        rows += data.x[first..<first + 2]
      }
      #expect(rows == x[sample])
    }
    #expect(data.y == y.flatMap(\.self))
  }

  /// Windows on one series train to the bits of the same samples written out one by one.
  @Test(arguments: [(1, 1, 1), (2, 1, 1), (3, 2, 2), (1, 3, 1)])
  func `windows train as the same samples written out`(stride: Int, rate: Int, horizon: Int) throws
  {
    let place = try Workplace()
    let count = 60, length = 5
    let series: [[Double]] = (0..<count).map { i in
      let (a, b) = (Double(i * 37 % 19), Double(i * 11 % 7))
      return [a / 8, b / 4]
    }
    let lines: [String] = series.map { row in "\(row[0]),\(row[1])\n" }
    try place.write("a,b\n" + lines.joined(), to: "s.csv")
    var x: [String] = [], y: [String] = []
    for start in Swift.stride(from: 0, to: count, by: stride) {
      let last = start + (length - 1) * rate
      guard last + horizon < count else { break }
      let rows: [[Double]] = (0..<length).map { series[start + $0 * rate] }
      let wanted: [Double] = (1...horizon).map { series[last + $0][0] }
      x.append("\(rows)")
      y.append("\(wanted)")
    }
    let rest = """
      "model": {"layers": [{"type": "lstm", "units": 3}, {"type": "dense", "units": \(horizon)}]},
      "training": {"epochs": 3, "batch_size": 7, "loss": "mean_squared_error"}
      """
    try place.write(
      """
      {"data": {"train": {"csv": "s.csv", "features": ["a", "b"], "windows": {
        "sequence_length": \(length), "sequence_stride": \(stride), "sampling_rate": \(rate),
        "horizon": \(horizon), "targets": ["a"]}}}, \(rest)}
      """, to: "windows.json")
    try place.write(
      """
      {"data": {"train": {"x": [\(x.joined(separator: ","))], "y": [\(y.joined(separator: ","))]}},
       \(rest)}
      """, to: "written.json")
    try place.lab("run", "windows.json", "-q")
    try place.lab("run", "written.json", "-q", "--threads", "2")
    let hashes = { (run: Int) in
      try place.sqlite("SELECT weights_hash FROM epochs WHERE run_id = \(run) ORDER BY epoch")
    }
    #expect(try hashes(1).split(separator: "\n").count == 4)
    #expect(try hashes(1) == hashes(2))
    try place.lab("verify", "1")
    // A gate's inputs are the window's own.
    let gates = { (run: Int) in
      try place.lab("gates", "\(run)", "--sample", "3", "--csv").split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",").suffix(4) }
    }
    #expect(try !gates(1).isEmpty)
    #expect(try gates(1) == gates(2))
  }

  /// Each series is cut in time first, so no row of a window to train on, nor of its target, is among
  /// those of one to validate with.
  @Test(arguments: [0.1, 0.25, 0.5]) func `no row is on both sides`(fraction: Double) throws {
    let place = try Workplace()
    let lines: [String] = (0..<100).map { "\($0 < 60 ? "a" : "b"),\($0)\n" }
    try place.write("s,v\n" + lines.joined(), to: "s.csv")
    try place.write(
      """
      {"data": {"train": {"csv": "s.csv", "sequence": "s", "features": ["v"],
        "windows": {"sequence_length": 3, "horizon": 1}}, "validation": {"split": \(fraction)}},
       "model": {"layers": [{"type": "lstm", "units": 2}, {"type": "dense", "units": 1}]},
       "record": {"predictions": {"every": 1}},
       "training": {"epochs": 1, "loss": "mean_squared_error"}}
      """, to: "c.json")
    try place.lab("run", "c.json", "-q")
    let targets = { (split: String) in
      Set(
        try place.sqlite(
          "SELECT DISTINCT CAST(target AS INTEGER) FROM predictions WHERE split = '\(split)'"
        ).split(separator: "\n").compactMap { Int($0) })
    }
    // A window's rows and its target are four numbers in a row.
    let rows = { (targets: Set<Int>) in Set(targets.flatMap { ($0 - 3)...$0 }) }
    let (train, validation) = (rows(try targets("train")), rows(try targets("validation")))
    #expect(!train.isEmpty && !validation.isEmpty)
    #expect(train.isDisjoint(with: validation))
    #expect(train.union(validation).isSubset(of: 0..<100))
  }

  @Test(
    arguments: [
      (#"{"sequence_length": 100}"#, "no window fits: a window and its target take 101 rows"),
      (#"{"sequence_length": 3, "targets": ["w"]}"#, "there is no column `w`"),
      (#"{"sequence_length": 0}"#, "`data.train.windows.sequence_length` is 0"),
      (#"{"sequence_length": 3, "rate": 2}"#, "unknown key `rate` in data.train.windows"),
    ])
  func `what does not fit is refused`(windows: String, message: String) throws {
    let place = try Workplace()
    try place.write("v\n1\n2\n3\n4\n5\n", to: "s.csv")
    try place.write(
      """
      {"data": {"train": {"csv": "s.csv", "features": ["v"], "windows": \(windows)}},
       "model": {"layers": [{"type": "lstm", "units": 2}, {"type": "dense", "units": 1}]},
       "training": {"epochs": 1, "loss": "mean_squared_error"}}
      """, to: "c.json")
    let outcome = try place.run("check", "c.json")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
