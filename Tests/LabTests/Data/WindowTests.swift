import Foundation
import Lab
import LabFormats
import Testing

/// Windows on series: which rows they have, and how series are split before.
@Suite struct WindowTests {
  /// Settings, and the samples that Keras cuts with them; Fixtures/windows.py computed them and says
  /// which number stands where.
  struct Case: Decodable, CustomTestStringConvertible {
    let length, stride, rate, horizon, columns: Int
    let features, targets: [Int]
    /// The rows of each series.
    let rows: [Int]
    let x, y: [[Float]]
    var testDescription: String { "\(length) steps, \(stride), \(rate), \(horizon), \(rows) rows" }

    var windows: Windows {
      var windows = Windows(length: length)
      (windows.stride, windows.rate, windows.horizon) = (stride, rate, horizon)
      return windows
    }

    /// The numbers of some columns of every row of a series.
    func numbers(_ series: Int, _ columns: [Int]) -> [[Int]] {
      let first = rows[..<series].reduce(0, +)
      return (first..<first + rows[series]).map { row in columns.map { row * self.columns + $0 } }
    }

    var table: String {
      var lines = ["s,\((0..<columns).map { "c\($0)" }.joined(separator: ","))"]
      for series in rows.indices {
        for row in numbers(series, Array(0..<columns)) {
          lines.append(([series] + row).map(String.init).joined(separator: ","))
        }
      }
      return lines.joined(separator: "\n") + "\n"
    }

    /// The columns of all series as nested arrays.
    func array(_ columns: [Int]) -> RaggedArray {
      RaggedArray(
        axes: 3, lengths: rows, width: columns.count,
        values: rows.indices.flatMap { numbers($0, columns).flatMap { $0.map(Float.init) } })
    }
  }

  static let cases: [Case] = {
    guard let bytes = try? Fixture.bytes("windows.json"),
      let cases = try? JSONDecoder().decode([Case].self, from: Data(bytes))
    else { return [] }
    return cases
  }()

  @Test func `there are 200 settings`() { #expect(Self.cases.count == 200) }

  /// From a table, from arrays with targets of their own, and from arrays that predict themselves.
  @Test(arguments: cases) func `windows have the rows that Keras gives`(one: Case) throws {
    var table = CSVSource(path: "a.csv", sequence: "s", features: one.features.map { "c\($0)" })
    table.windows = one.windows
    table.windows?.targets = one.targets.map { "c\($0)" }
    try expect(FileData.read(Array(one.table.utf8), .csv(table)), one)

    var arrays = ArraysSource(
      x: .inline(one.array(one.features)), y: .inline(one.array(one.targets)))
    arrays.windows = one.windows
    try expect(Dataset(.arrays(arrays), path: "data.train", in: ConfigFile("")), one)

    let all = Array(0..<one.columns)
    arrays = ArraysSource(x: .inline(one.array(all)), windows: one.windows)
    arrays.windows?.targets = one.targets.map(String.init)
    let data = try Dataset(.arrays(arrays), path: "data.train", in: ConfigFile(""))
    #expect(data.y == one.y.flatMap(\.self))
  }

  private func expect(_ data: Dataset, _ one: Case) throws {
    let places = try #require(data.windows)
    #expect(data.samples == one.x.count)
    for (sample, start) in places.starts.enumerated() {
      var rows: [Float] = []
      for step in 0..<one.length {
        let first = (start + step * one.rate) * data.features
        rows += data.x[first..<first + data.features]
      }
      #expect(rows == one.x[sample])
    }
    #expect(data.y == one.y.flatMap(\.self))
    #expect(data.targets.shape(of: 0) == [one.horizon * one.targets.count])
  }

  /// Rows of plain numbers are read in one pass; those with quotes, gaps or padding among them, or all in
  /// quotes, say the same.
  @Test(arguments: 0..<60) func `a series is read however its rows are written`(seed: UInt64) throws
  {
    var random = CounterRandom(seed: seed)
    let names = ["a", "b", "c", "d"]
    let rows = (0..<40).map { _ in
      names.map { name in
        let number =
          "\(Int.random(in: -99...99, using: &random)).\(Int.random(in: 0...999, using: &random))"
        return name == "d" ? "text" : Int.random(in: 0..<9, using: &random) == 0 ? "?" : number
      }
    }
    var source = CSVSource(
      path: "a.csv", features: Array(["a", "b", "c"].shuffled(using: &random).prefix(2)))
    source.windows = Windows(length: 3)
    source.windows?.targets = Array(
      ["a", "b", "c"].shuffled(using: &random).prefix(Int(seed % 3) + 1))
    source.missing = .forwardFill
    let read = { (write: (String) -> String) in
      let lines = ([names] + rows).map { $0.map(write).joined(separator: ",") }
      return try FileData.read(
        Array(lines.joined(separator: seed % 2 == 0 ? "\n" : "\r\n").utf8), .csv(source))
    }
    let expected = try read { "\"\($0)\"" }
    let plain = try read { $0 }
    let mixed = try read { Int.random(in: 0..<5, using: &random) == 0 ? " \($0) " : $0 }
    for found in [plain, mixed] {
      #expect(found.x.elementsEqual(expected.x) { $0 == $1 || $0.isNaN && $1.isNaN })
      #expect(found.y == expected.y && found.windows?.starts == expected.windows?.starts)
    }
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

  /// The ways to give the same two series of two columns, and to predict the second one two rows on.
  static let sources = [
    #"{"csv": "s.csv", "sequence": "s", "features": ["a", "b"], "windows": {"targets": ["b"], CUT}}"#,
    #"{"x": "x.npy", "lengths": [9, 12], "windows": {"targets": [1], CUT}}"#,
    #"{"x": "x.npy", "y": "y.npy", "lengths": [9, 12], "windows": {CUT}}"#,
    #"{"x": "x.npy", "y": "y3.npy", "lengths": [9, 12], "windows": {"targets": [1], CUT}}"#,
    #"{"x": "d.npz:x", "y": "d.npz:y", "lengths": [9, 12], "windows": {CUT}}"#,
    #"{"x": [X], "windows": {"targets": [1], CUT}}"#,
  ]

  @Test func `series of every form give the same data`() throws {
    let place = try Workplace()
    let rows: [[Double]] = (0..<21).map { row in
      let (a, b) = (Double(row * 7 % 11), Double(row * 5 % 13))
      return [a / 4, b / 8]
    }
    let series = [Array(rows[..<9]), Array(rows[9...])]
    let lines = rows.enumerated().map { "\($0 < 9 ? "p" : "q"),\($1[0]),\($1[1])\n" }
    try place.write("s,a,b\n" + lines.joined(), to: "s.csv")
    let padded: [[Double]] = series.flatMap { rows in
      rows + [[Double]](repeating: [.nan, 1e30], count: 12 - rows.count)
    }
    let values: [Double] = padded.flatMap { $0 }
    let x = NPYBytes.file(shape: [2, 12, 2], values: values)
    let y = NPYBytes.file(shape: [2, 12], values: padded.map { $0[1] })
    for (name, bytes) in [("x.npy", x), ("y.npy", y), ("y3.npy", x)] {
      try place.write(bytes, to: name)
    }
    try place.write(
      ZipBuilder(entries: [.init(npy: x, "x"), .init(npy: y, "y")]).bytes(), to: "d.npz")
    let cut = #""sequence_length": 3, "sequence_stride": 2, "horizon": 2"#
    let inline = series.map { "\($0)" }.joined(separator: ",")
    for (number, source) in Self.sources.enumerated() {
      let source = source.replacing("CUT", with: cut).replacing("X", with: inline)
      try place.write(
        """
        {"data": {"train": \(source), "validation": {"split": 0.45}, "normalize": "standard"},
         "model": {"layers": [{"type": "lstm", "units": 2}, {"type": "dense", "units": 2}]},
         "training": {"epochs": 2, "loss": "mean_squared_error"}}
        """, to: "c.json")
      try place.lab("run", "c.json", "-q")
      try place.lab("verify", "\(number + 1)")
    }
    let same = try place.sqlite(
      "SELECT count(*), count(DISTINCT data_hash), max(weights_hash) = min(weights_hash) "
        + "FROM runs JOIN epochs USING (run_id) WHERE epoch = 2")
    #expect(same == "6|1|1")
  }

  @Test func `one series needs no axis of series`() throws {
    let rows = RaggedArray(axes: 2, lengths: [2, 2, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8])
    var source = ArraysSource(x: .inline(rows), windows: Windows(length: 2))
    let read = { (source: ArraysSource) in
      try Dataset(.arrays(source), path: "data.train", in: ConfigFile(""))
    }
    #expect(try read(source).y == [5, 6, 7, 8])
    #expect(try read(source).x == rows.values)
    source.y = .inline(RaggedArray(axes: 1, lengths: [1, 1, 1, 1], values: [9, 10, 11, 12]))
    #expect(try read(source).y == [11, 12])
  }

  @Test(arguments: ["adding", "copy_memory", "temporal_order", "parity", "sine"])
  func `a task's sequences are series`(name: String) throws {
    let config = { (windows: String) in
      try DatasetTests.config(
        """
        {"train": {"generator": "\(name)", "samples": 3, "length": 30, "seed": 4\(windows)}}
        """)
    }
    let whole = try TrainingData(config("")).train
    let cut = try TrainingData(
      config(#", "windows": {"sequence_length": 4, "sampling_rate": 2, "horizon": 3}"#)
    ).train
    #expect(cut.x == whole.x)
    #expect(cut.windows?.seriesLengths == Array(whole.lengths))
    #expect(cut.samples == whole.lengths.reduce(0) { $0 + $1 - 9 })
    #expect(cut.classNames == nil)
    // The rows behind the first window are its target.
    #expect(
      Array(cut.y[..<(3 * cut.features)])
        == Array(cut.x[(7 * cut.features)...].prefix(3 * cut.features)))
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

  @Test(
    arguments: [
      (
        #"{"x": "x.npy", "windows": {"sequence_length": 2, "targets": [0, 2]}}"#,
        "`data.train.windows.targets[1]` is 2, `data.train.x` has 2 columns (config.json)"
      ),
      (
        #"{"x": "x.npy", "windows": {"sequence_length": 2, "targets": ["a"]}}"#,
        "`data.train.windows.targets[0]` is \"a\""
      ),
      (
        #"{"x": "x.npy", "windows": {"sequence_length": 6}}"#,
        "no window fits: a window and its target take 7 rows, the longest series of `data.train` has 6"
      ),
      (
        #"{"x": "one.npy", "windows": {"sequence_length": 2}}"#,
        "`data.train.x` has the shape [6], not (time steps, features) or (series, time steps, "
          + "features) (one.npy)"
      ),
      (
        #"{"x": "x.npy", "y": "x.npy", "lengths": [6], "windows": {"sequence_length": 7}}"#,
        "no window fits"
      ),
      (
        #"{"x": [[1, 2], [3]], "windows": {"sequence_length": 1}}"#,
        "`data.train.x[1]` has 1 number where 2 were expected"
      ),
      (
        #"{"x": "x.npy", "y": [1, 2, 3], "windows": {"sequence_length": 2}}"#,
        "`data.train.x` has 6 time steps, `data.train.y` has 3 (config.json)"
      ),
      (
        #"{"x": "x.npy", "y": [[[1]]], "windows": {"sequence_length": 2}}"#,
        "`data.train.y` has 3 axes, or rows of unequal length, not (time steps) or (time steps, columns)"
      ),
      (
        #"{"x": [[1, 2]], "windows": {"sequence_length": 1}, "padding": "pre"}"#,
        "`data.train.padding` has no `lengths`"
      ),
      (
        #"{"x": "nan.npy", "windows": {"sequence_length": 2}}"#,
        "`data.train.x[4][1]` is nan as float32 (nan.npy)"
      ),
      (
        #"{"generator": "sine", "samples": 2, "length": 9, "seed": 1, "target_per": "step", "#
          + #""windows": {"sequence_length": 2}}"#,
        "`data.train.target_per` has no meaning with `windows`"
      ),
      (
        #"{"generator": "adding", "samples": 2, "length": 19, "seed": 1, "#
          + #""windows": {"sequence_length": 2, "targets": ["valu"]}}"#,
        "there is no feature `valu`, which `data.train.windows.targets[0]` names (config.json)"
      ),
      (
        #"{"generator": "parity", "samples": 9000, "length": 2000, "seed": 1, "#
          + #""windows": {"sequence_length": 1, "horizon": 1000}}"#,
        "9000000 windows of `data.train` with 1000 numbers to predict each take 33.53 GB"
      ),
    ])
  func `arrays and tasks that do not fit are refused`(source: String, message: String) throws {
    let place = try Workplace()
    var values = (0..<12).map(Double.init)
    try place.write(NPYBytes.file(shape: [6, 2], values: values), to: "x.npy")
    try place.write(NPYBytes.file(shape: [6], values: Array(values[..<6])), to: "one.npy")
    values[9] = .nan
    try place.write(NPYBytes.file(shape: [6, 2], values: values), to: "nan.npy")
    try place.write(
      """
      {"data": {"train": \(source)},
       "model": {"layers": [{"type": "lstm", "units": 2}, {"type": "dense", "units": 1}]},
       "training": {"epochs": 1, "loss": "mean_squared_error"}}
      """, to: "config.json")
    let outcome = try place.run("check", "config.json")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
