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
      let starts = train.windows?.starts ?? []
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
