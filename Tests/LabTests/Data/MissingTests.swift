import Foundation
import LSTMEngine
import Lab
import LabFormats
import LabStore
import Testing

/// Values that are not there: what each way makes of them.
@Suite struct MissingTests {
  private static let text = "id,a,b,y\np,,1,0\np,2,?,0\np,4,NaN,0\nq,6,8,1\nq,NA,9,1\n"

  private static func data(
    _ missing: MissingValues, _ text: String = text, split: Double? = nil
  ) throws -> TrainingData {
    let folder = try Workplace()
    try folder.write(text, to: "a.csv")
    return try TrainingData(
      DatasetTests.config(
        """
        {"train": {"csv": "a.csv", "sequence": "id", "features": ["a", "b"], "target": "y",
          "missing": "\(missing.rawValue)"}\(split.map { ", \"validation\": {\"split\": \($0)}" } ?? "")}
        """, file: folder.file("c.json")))
  }

  @Test func `forward fill takes the value before`() throws {
    let data = try Self.data(.forwardFill)
    #expect(data.train.x == [2, 1, 2, 1, 4, 1, 6, 8, 6, 9])
    #expect(data.train.filled == 4)
    #expect(data.description.features.map(\.fill) == [nil, nil])
  }

  @Test func `zero is zero`() throws {
    let data = try Self.data(.zero)
    #expect(data.train.x == [0, 1, 2, 0, 4, 0, 6, 8, 0, 9])
    #expect(data.description.features.map(\.fill) == [0, 0])
  }

  @Test func `the mean is that of the samples to train on`() throws {
    let data = try Self.data(.mean)
    #expect(data.train.x == [4, 1, 2, 6, 4, 6, 6, 8, 4, 9])
    #expect(data.description.features.map(\.fill) == [4, 6])
    // Sequence q validates: its values are in no mean.
    let split = try Self.data(.mean, split: 0.5)
    #expect(split.train.x == [3, 1, 2, 1, 4, 1])
    #expect(split.validation?.x == [6, 8, 3, 9])
  }

  @Test func `drop leaves sequences out`() throws {
    let more = Self.text + "r,1,2,3\n"
    let data = try Self.data(.drop, more)
    #expect(data.train.x == [1, 2])
    #expect(data.train.dropped == 2)
    #expect(data.train.ids == ["r"])
    let error = #expect(throws: LabError.self) { try Self.data(.drop) }
    #expect(error?.what.contains("leaves none") == true)
  }

  @Test func `a feature without any value is refused`() throws {
    let text = "id,a,b,y\np,,1,0\np,,2,0\nq,1,1,0\n"
    let error = #expect(throws: LabError.self) { try Self.data(.forwardFill, text) }
    #expect(error?.what == "feature `a` has no value at all in sequence `p` of `data.train`")
    let empty = "id,a,b,y\np,,1,0\np,,2,0\n"
    #expect(throws: LabError.self) { try Self.data(.mean, empty) }
    #expect(try Self.data(.zero, empty).train.x == [0, 1, 0, 2])
  }

  /// Whatever the samples to train on do about theirs, and whether they miss any.
  @Test(arguments: ["error", "drop", "forward_fill", "mean", "zero"], ["mean", "zero"])
  func `other samples are filled by the numbers of those to train on`(
    trained: String, other: String
  ) throws {
    let folder = try Workplace()
    try folder.write("id,a,b,y\np,1,4,0\np,3,8,0\n", to: "train.csv")
    try folder.write("id,a,b,y\nq,,5,0\nq,7,?,0\n", to: "other.csv")
    let source = { (file: String, missing: String) in
      """
      {"csv": "\(file)", "sequence": "id", "features": ["a", "b"], "target": "y",
       "missing": "\(missing)"}
      """
    }
    let data = try TrainingData(
      DatasetTests.config(
        """
        {"train": \(source("train.csv", trained)), "validation": \(source("other.csv", other)),
         "test": \(source("other.csv", other))}
        """, file: folder.file("c.json")))
    let expected: [Float] = other == "mean" ? [2, 5, 7, 6] : [0, 5, 7, 0]
    #expect(data.validation?.x == expected)
    #expect(data.test?.x == expected)
  }

  @Test func `a missing target is never filled in`() throws {
    for missing in MissingValues.allCases where missing != .drop {
      #expect(throws: LabError.self) { try Self.data(missing, "id,a,b,y\np,1,1,\n") }
    }
  }

  /// The same two sequences with gaps in every kind of source that can have some.
  static let kinds: [(name: String, source: String)] = [
    ("table", #"{"csv": "a.csv", "sequence": "id", "features": ["a", "b"], "target": "y", M}"#),
    ("ts", #"{"ts": "a.ts", M}"#),
    ("packed ts", #"{"ts": "A.TS.gz", M}"#),
    ("arrays", #"{"x": "x.npy", "y": "y.npy", "lengths": [3, 2], M}"#),
  ]

  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(text, to: "a.csv")
    let series = """
      # Gaps as the archives write them.
      @targetLabel true
      @missing true
      @data
      ?,2,4:1, ? ,NaN:0
      % Another one.
      6,NA:8,9:1
      """
    try place.write(series, to: "a.ts")
    try place.write(Array(series.utf8), to: "A.TS")
    #expect(try place.shell("gzip A.TS").status == 0)
    let x: [Double] = [.nan, 1, 2, .nan, 4, .nan, 6, 8, .nan, 9, .nan, .nan]
    try place.write(NPYBytes.file(shape: [2, 3, 2], values: x), to: "x.npy")
    try place.write(NPYBytes.file(shape: [2], values: [0, 1]), to: "y.npy")
    return place
  }

  @Test(arguments: kinds.dropFirst().map(\.name), MissingValues.allCases)
  func `every kind of source does as tables do`(name: String, missing: MissingValues) throws {
    let place = try Self.place()
    let read = { (name: String) throws in
      let source = try #require(Self.kinds.first { $0.name == name }?.source)
        .replacing("M", with: "\"missing\": \"\(missing.rawValue)\"")
      let data = #"{"train": \#(source), "normalize": "standard", "validation": {"split": 0.5}}"#
      return try TrainingData(DatasetTests.config(data, file: place.file("c.json")))
    }
    let outcome = { (name: String) in
      do {
        let data = try read(name)
        return [data.train, data.validation].map {
          "\($0?.x ?? []), \($0?.y ?? []), \($0?.filled ?? 0), \($0?.dropped ?? 0)"
        } + [data.hash, "\(data.description.features.map(\.fill))"]
      } catch let error as LabError {
        // Places and the names of sequences and features are each source's own.
        return [
          error.what.replacing(/`a`|sequence .*/, with: "")
            .replacing("feature 0", with: "feature ")
        ]
      }
    }
    if missing == .error {
      #expect(throws: LabError.self) { try read(name) }
    } else {
      #expect(try outcome(name) == outcome("table"))
    }
  }

  @Test(arguments: [
    (#"{"csv": "a.csv", "sequence": "id", "features": ["a"], "target": "y"}"#, "a.csv:2:3"),
    (#"{"ts": "a.ts"}"#, "a.ts:5:1"),
    (#"{"x": "x.npy", "y": "y.npy", "lengths": [3, 2]}"#, "x.npy"),
  ])
  func `what is missing is refused with its place`(source: String, at place: String) throws {
    let folder = try Self.place()
    let error = #expect(throws: LabError.self) {
      try TrainingData(
        DatasetTests.config("{\"train\": \(source)}", file: folder.file("c.json")))
    }
    #expect(error?.where == folder.file(place))
  }

  /// A target that is not there takes its sequence along where sequences are left out; nothing else
  /// does.
  @Test(arguments: [
    (#"{"csv": "a.csv", "sequence": "id", "features": ["v"], "target": "y", M}"#, "numbers"),
    (#"{"csv": "a.csv", "sequence": "id", "features": ["v"], "target": "c", M}"#, "classes"),
    (
      #"{"csv": "a.csv", "sequence": "id", "features": ["v"], "target": "y", "target_per": "step", M}"#,
      "steps"
    ),
    (#"{"csv": "w.csv", "layout": "wide", "features": ["0", "1"], "target": "y", M}"#, "wide"),
    (#"{"ts": "a.ts", M}"#, "ts"), (#"{"x": "x.npy", "y": "y.npy", M}"#, "arrays"),
    (#"{"x": "x.npy", "y": "z.npy", M}"#, "several"),
  ])
  func `a sequence without target is left out`(source: String, _: String) throws {
    let place = try Workplace()
    try place.write(
      "id,v,y,c\np,1,NA,\np,2,,?\nq,3,5,up\nq,4,5,up\nr,5,6,down\nr,6,6,down\n", to: "a.csv")
    try place.write("0,1,y\n1,2,\n3,4,5\n5,6,6\n", to: "w.csv")
    try place.write("@targetLabel true\n@data\n1,2:?\n3,4:5\n5,6:6\n", to: "a.ts")
    try place.write(
      NPYBytes.file(shape: [3, 2, 1], values: (1...6).map(Double.init)), to: "x.npy")
    try place.write(NPYBytes.file(shape: [3], values: [.nan, 5, 6]), to: "y.npy")
    try place.write(NPYBytes.file(shape: [3, 2], values: [1, .nan, 5, 5, 6, 6]), to: "z.npy")
    for missing in MissingValues.allCases {
      let source = source.replacing("M", with: "\"missing\": \"\(missing.rawValue)\"")
      let read = {
        try TrainingData(
          DatasetTests.config("{\"train\": \(source)}", file: place.file("c.json")))
      }
      guard missing == .drop else {
        #expect(throws: LabError.self) { try read() }
        continue
      }
      let train = try read().train
      #expect(train.x == [3, 4, 5, 6])
      #expect(train.dropped == 1)
      #expect(train.y.allSatisfy { !$0.isNaN })
    }
  }

  /// Arrays that windows are cut from, with gaps in x and y.
  @Test func `series in arrays do as those of tables`() throws {
    let place = try Workplace()
    let x: [Double] = (0..<20).map { $0 == 9 ? .nan : Double($0) }
    let y: [Double] = (0..<20).map { $0 == 4 ? .nan : Double(10 * $0) }
    let rows = zip(x, y).map { "\($0.isNaN ? "?" : "\($0)"),\($1.isNaN ? "" : "\($1)")\n" }
    try place.write("x,y\n" + rows.joined(), to: "a.csv")
    try place.write(NPYBytes.file(shape: [20, 1], values: x), to: "x.npy")
    try place.write(NPYBytes.file(shape: [20], values: y), to: "y.npy")
    for missing in MissingValues.allCases where missing != .error {
      let keys = "\"missing\": \"\(missing.rawValue)\", \"windows\": {\"sequence_length\": 3"
      let data = try [
        "{\"csv\": \"a.csv\", \"features\": [\"x\"], \(keys), \"targets\": [\"y\"]}}",
        "{\"x\": \"x.npy\", \"y\": \"y.npy\", \(keys)}}",
      ].map {
        try TrainingData(
          DatasetTests.config(
            "{\"train\": \($0), \"validation\": {\"split\": 0.3}}", file: place.file("c.json")))
      }
      #expect(data[0].hash == data[1].hash)
      #expect(data[0].train.x == data[1].train.x && data[0].train.y == data[1].train.y)
      #expect(data[0].train.filled == data[1].train.filled)
      #expect(data[1].train.dropped == (missing == .drop ? 4 : missing == .forwardFill ? 0 : 1))
      #expect(data[1].train.filledTargets == (missing == .forwardFill ? 1 : 0))
    }
  }

  /// A gap at the split is filled from its own side, in x and y alike.
  @Test func `what is to validate with fills nothing that is to train on`() throws {
    let folder = try Workplace()
    let lines = ["?", "?", "?", "?", "5", "6", "7", "8"].enumerated().map { "\($0),\($1)\n" }
    try folder.write("x,y\n" + lines.joined(), to: "a.csv")
    let config = try DatasetTests.config(
      """
      {"train": {"csv": "a.csv", "features": ["x"], "missing": "forward_fill",
        "windows": {"sequence_length": 2, "targets": ["y"]}}, "validation": {"split": 0.5}}
      """, file: folder.file("c.json"))
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(error?.what == "in every window of `data.train` a value to predict is missing")
  }

  @Test func `how many were filled in and left out is told and stored`() throws {
    let place = try Workplace()
    let rows = (0..<20).map { [4, 9].contains($0) ? "?" : "\($0)" }.joined(separator: "\n")
    try place.write("v\n\(rows)\n", to: "s.csv")
    for (missing, told, stored) in [
      (
        "forward_fill", "2 values filled in, 2 values to predict filled in",
        "train.x|2|0\ntrain.y|2|"
      ),
      ("drop", "8 samples left out", "train.x|0|8\ntrain.y|0|"),
      ("zero", "2 values filled in, 2 samples left out", "train.x|2|2\ntrain.y|0|"),
    ] {
      try place.write(
        """
        {"data": {"train": {"csv": "s.csv", "features": ["v"], "windows": {"sequence_length": 3},
          "missing": "\(missing)"}},
         "model": {"layers": [{"type": "lstm", "units": 2}, {"type": "dense", "units": 1}]},
         "training": {"epochs": 1, "loss": "mean_squared_error"}}
        """, to: "c.json")
      #expect(try place.lab("check", "c.json").contains("missing          \(told)\n"))
      let run = try place.run("run", "c.json")
      #expect(run.errors.contains("Missing: \(told)\n"), "\(run.errors)")
      let id = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(
        try place.sqlite("SELECT part, filled, dropped FROM data_parts WHERE run_id = \(id)")
          == stored)
    }
  }

  /// Of windows those that hold the row are left out, and scales are taken from the rows that are whole.
  @Test func `windows that miss a value are left out`() throws {
    let folder = try Workplace()
    let rows = (0..<20).map { $0 == 9 ? "?" : "\($0)" }
    try folder.write("v\n" + rows.joined(separator: "\n") + "\n", to: "a.csv")
    for missing in [MissingValues.drop, .forwardFill, .zero] {
      let train = try TrainingData(
        DatasetTests.config(
          """
          {"train": {"csv": "a.csv", "features": ["v"], "missing": "\(missing.rawValue)",
            "windows": {"sequence_length": 3}}, "normalize": "minmax"}
          """, file: folder.file("c.json"))
      ).train
      let starts = Array(train.windows?.starts ?? [])
      switch missing {
      case .drop:
        #expect(starts == Array(0...5) + Array(10...16))
        #expect(train.dropped == 4)
      case .forwardFill:
        #expect(starts == Array(0...16))
        #expect(train.y[6] == 8)
      default: #expect(starts == Array(0...5) + Array(7...16))
      }
      #expect(train.x.allSatisfy { (0...1).contains($0) })
    }
  }
}
