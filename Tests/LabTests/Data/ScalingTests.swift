import Foundation
import Lab
import LabFormats
import LabStore
import Testing

/// Scales against scikit-learn's, computed by Fixtures/scaling.py, from every kind of source.
@Suite struct ScalingTests {
  struct Scaled: Decodable {
    let shift: [Double]
    let scale: [Double]
    let x: [[Float]]
  }

  struct Exact: Decodable {
    let shift: [Double]
    let scale: [Double]
  }

  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let type: String
    let rows: [[Double]]
    let standard: Scaled
    let minmax: Scaled
    let exact: Exact
    var testDescription: String { name }

    /// Six sequences of five time steps.
    var sequences: [[[Double]]] { stride(from: 0, to: 30, by: 5).map { Array(rows[$0..<$0 + 5]) } }
    var width: Int { rows[0].count }

    func scaled(_ kind: Normalize) -> Scaled { kind == .minmax ? minmax : standard }
  }

  static let cases: [Case] = {
    guard let bytes = try? Fixture.bytes("scaling.json"),
      let cases = try? JSONDecoder().decode([Case].self, from: Data(bytes))
    else { return [] }
    return cases
  }()

  /// A source of the numbers of a case: what stands for it in `data.train`, and writes its files.
  enum Source: CaseIterable {
    case inline, csv, scatteredCSV, timeSeries, npy, fortran, bigEndian, padded

    func write(_ data: Case, in folder: Workplace) throws -> String {
      let y = "\"y\":[0,1,0,1,0,1]"
      switch self {
      case .inline: return "{\"x\":\(data.sequences),\(y)}"
      case .csv, .scatteredCSV:
        try FileBytes.write(Array(csv(data).utf8), to: folder.file("x.csv"))
        let names = (0..<data.width).map { "\"f\($0)\"" }.joined(separator: ",")
        return "{\"csv\":\"x.csv\",\"sequence\":\"s\",\"features\":[\(names)],\"target\":\"t\"}"
      case .timeSeries:
        try FileBytes.write(Array(ts(data).utf8), to: folder.file("x.ts"))
        return "{\"ts\":\"x.ts\"}"
      case .npy, .fortran, .bigEndian:
        try FileBytes.write(npy(data), to: folder.file("x.npy"))
        return "{\"x\":\"x.npy\",\(y)}"
      case .padded:
        let padded = data.sequences.map { $0 + [[Double](repeating: 0.3, count: data.width)] }
        return "{\"x\":\(padded),\(y),\"lengths\":[5,5,5,5,5,5]}"
      }
    }

    private func csv(_ data: Case) -> String {
      // Every sequence's first row, then every one's second: such rows are brought together.
      let order = (0..<30).map { self == .csv ? $0 : $0 % 6 * 5 + $0 / 6 }
      return "s,t," + (0..<data.width).map { "f\($0)" }.joined(separator: ",") + "\n"
        + order.map { row in
          "\(row / 5),\(row / 5 % 2),\(data.rows[row].map { "\($0)" }.joined(separator: ","))\n"
        }.joined()
    }

    private func ts(_ data: Case) -> String {
      "@problemName a\n@timeStamps false\n@missing false\n@univariate \(data.width == 1)\n"
        + (data.width == 1 ? "" : "@dimensions \(data.width)\n")
        + "@equalLength true\n@seriesLength 5\n@classLabel true 0 1\n@data\n"
        + data.sequences.enumerated().map { number, steps in
          (0..<data.width).map { feature in
            steps.map { "\($0[feature])" }.joined(separator: ",") + ":"
          }.joined() + "\(number % 2)\n"
        }.joined()
    }

    private func npy(_ data: Case) -> [UInt8] {
      let isWhole = data.type == "int64"
      let type = (self == .bigEndian ? ">" : "<") + (isWhole ? "i8" : "f8")
      let header = NPYBytes.header(
        "{'descr': '\(type)', 'fortran_order': \(self == .fortran ? "True" : "False"), "
          + "'shape': (6, 5, \(data.width)), }")
      var places = Array(0..<30 * data.width)
      if self == .fortran {
        // The first axis runs fastest.
        places = places.map { place in
          let sample = place % 6, step = place / 6 % 5, feature = place / 30
          return (sample * 5 + step) * data.width + feature
        }
      }
      let numbers = data.rows.flatMap(\.self)
      return header
        + places.flatMap { place in
          let number = numbers[place]
          let word = isWhole ? UInt64(bitPattern: Int64(number)) : number.bitPattern
          let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
          return self == .bigEndian ? bytes.reversed() : bytes
        }
    }
  }

  private func config(
    _ data: Case, _ source: Source, _ kind: Normalize, in folder: Workplace
  ) throws -> Config {
    try DatasetTests.config(
      "{\"train\":\(try source.write(data, in: folder)),\"normalize\":\"\(kind)\"}",
      file: folder.file("c.json"))
  }

  @Test func `there are cases of every kind`() {
    #expect(Self.cases.count == 9)
    #expect(Self.cases.allSatisfy { $0.rows.count == 30 })
    #expect(Set(Self.cases.map(\.type)) == ["float64", "int64"])
    #expect(Self.cases.contains { $0.rows.contains { $0[0] > 1.6e9 } })
  }

  /// Within one unit in the last place of what they are, and four of scikit-learn's, which rounds after each
  /// addition; least and range are scikit-learn's to the bit.
  @Test(arguments: cases, Source.allCases)
  func `shift and scale are those of the numbers as they were read`(
    _ data: Case, _ source: Source
  ) throws {
    let folder = try Workplace()
    for kind in [Normalize.standard, .minmax] {
      let found = try TrainingData(config(data, source, kind, in: folder))
      let normalization = try #require(found.normalization)
      let told = found.description.features
      #expect(told.map(\.shift) == normalization.shifts)
      #expect(told.map(\.scale) == normalization.scales)
      let expected = data.scaled(kind)
      for feature in 0..<data.width {
        let shift = normalization.shifts[feature], scale = normalization.scales[feature]
        if kind == .minmax {
          #expect(shift == expected.shift[feature])
          // A range of 0 is no scale.
          #expect(scale == (expected.scale[feature] == 0 ? 1 : expected.scale[feature]))
        } else {
          let exact = data.exact
          let deviation = exact.scale[feature] == 0 ? 1 : exact.scale[feature]
          #expect(abs(shift - exact.shift[feature]) <= shift.ulp)
          #expect(abs(scale - deviation) <= scale.ulp)
          #expect(abs(shift - expected.shift[feature]) <= 4 * shift.ulp)
          #expect(abs(scale - expected.scale[feature]) <= 4 * scale.ulp)
        }
      }
    }
  }

  /// Whatever the source, a model reads the same bits: each number scaled in float64 and rounded once.
  @Test(arguments: cases, Source.allCases)
  func `what a model reads is scikit-learn's`(_ data: Case, _ source: Source) throws {
    let isExact = ["time stamps", "milliseconds", "ordinary", "far"]
      .contains { data.name.hasPrefix($0) }
    let folder = try Workplace()
    for kind in [Normalize.standard, .minmax] {
      let found = try TrainingData(config(data, source, kind, in: folder))
      let normalization = try #require(found.normalization)
      #expect(found.train.doubles == nil, "float64 numbers are kept no longer than needed")
      let expected = data.scaled(kind)
      for (row, numbers) in data.rows.enumerated() {
        for (feature, number) in numbers.enumerated() {
          let x = found.train.x[row * data.width + feature]
          let shift = normalization.shifts[feature], scale = normalization.scales[feature]
          #expect(x == Float((number - shift) / scale))
          let other = expected.x[row][feature]
          if kind == .standard, isExact {
            #expect(x == other, "\(row), \(feature)")
            continue
          }
          // scikit-learn takes a range below 2.2e-15 for none.
          guard kind == .standard || expected.scale[feature] > 2.3e-15 else { continue }
          // What few units in the last place of the shift, or of the least number, make.
          let bound = Double(other.ulp) + 4 * shift.ulp / scale
          #expect(abs(Double(x) - Double(other)) <= bound, "\(kind), \(row), \(feature)")
        }
      }
    }
  }

  /// Time stamps one second apart stay apart, where float32 has every 128th.
  @Test(arguments: Source.allCases) func `time stamps stay apart`(_ source: Source) throws {
    let data = try #require(Self.cases.first { $0.name == "time stamps" })
    let folder = try Workplace()
    let found = try TrainingData(config(data, source, .standard, in: folder))
    #expect(Set(stride(from: 0, to: 60, by: 2).map { found.train.x[$0] }).count == 30)
    #expect(found.collapses.isEmpty)
    let unscaled = try TrainingData(config(data, source, .none, in: folder))
    #expect(Set(stride(from: 0, to: 60, by: 2).map { unscaled.train.x[$0] }).count == 2)
    #expect(unscaled.collapses.map(\.feature) == [0])
    #expect(unscaled.collapses.map { [$0.distinct, $0.left] } == [[30, 2]])
    #expect(unscaled.train.doubles == nil)
  }

  // MARK: Configurations and hashes

  /// A stored configuration gives the data that it was stored with.
  @Test(arguments: cases, [Normalize.standard, .minmax])
  func `inline numbers come back from the stored configuration`(
    _ data: Case, _ kind: Normalize
  ) throws {
    let folder = try Workplace()
    let config = try config(data, .inline, kind, in: folder)
    let again = try Config(json: config.normalised(), source: folder.file("c.json"))
    #expect(again == config)
    #expect(again.normalised() == config.normalised())
    #expect(try TrainingData(again) == TrainingData(config))
  }

  /// 0.1 as float32 has more digits as float64; a stored configuration has them.
  @Test func `float32 numbers that are scaled come back as they are`() throws {
    let data =
      "{\"train\":{\"x\":[[[0.10000000149011612],[0.5]]],\"y\":[0]},\"normalize\":\"minmax\"}"
    let config = try DatasetTests.config(data)
    let found = try TrainingData(config)
    #expect(found.normalization?.shifts == [0.10000000149011612])
    let again = try Config(json: config.normalised(), source: "c.json")
    #expect(try TrainingData(again).hash == found.hash)
    #expect(try TrainingData(config, rules: .first).hash == found.hash)
  }

  /// Numbers are written with the digits of float32 wherever they were before.
  @Test func `configurations are written as before where nothing is lost`() throws {
    let x = "[[[0.1,1700000001.0],[16777217.0,1.0e-50]]]"
    let config = { (normalize: String) in
      try DatasetTests.config("{\"train\":{\"x\":\(x),\"y\":[0]},\"normalize\":\"\(normalize)\"}")
        .normalised()
    }
    #expect(try config("none").contains("[[[0.1,1.7e+09],[16777216.0,0.0]]]"))
    #expect(try config("minmax").contains("[[[0.1,1700000001.0],[16777217.0,1e-50]]]"))
  }

  private func parts(_ data: String) throws -> [String: String] {
    let parts = try TrainingData(DatasetTests.config(data)).description.parts
    return Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.hash) })
  }

  /// float32 has the same for all of these; what is scaled has not, nor in which part it stands.
  @Test func `the hash tells numbers apart that are one as float32`() throws {
    let hash = { (train: String, validation: String, test: String) in
      try parts(
        "{\"train\":{\"x\":[[[\(train)],[2000000000]]],\"y\":[0]},\"validation\":{\"x\":"
          + "[[[\(validation)]]],\"y\":[0]},\"test\":{\"x\":[[[\(test)]]],\"y\":[0]},"
          + "\"normalize\":\"minmax\"}")
    }
    let a = "1700000000", b = "1700000001"
    let all = try [hash(a, a, a), hash(b, a, a), hash(a, b, a), hash(a, a, b), hash(a, b, b)]
    #expect(Set(all.map { $0["normalization"] }).count == 5)
    #expect(Set(all.map { $0["train.x"] }).count == 1)
    #expect(Set(all.map { $0["validation.x"] }).count == 1)
  }

  /// As the first version made them.
  @Test(arguments: [
    ("standard", "e65079fea423e3270f339afccf45a29eaf6221a7e44843b7769457662c454b14"),
    ("minmax", "9423cbdd77512e1584a00e935943b927142adabe208da6b4a8f009428fde484b"),
    ("none", "eb082662cfbb20e7a4e957378f60a49bccacd25b8f24523dfe8733a505b10a83"),
  ]) func `numbers that are float32 have the hash they always had`(kind: String, hash: String)
    throws
  {
    let x = (0..<40).map { "[\(Double($0 * $0) / 64 + 4096),\(Double(7 * $0 % 11) / 8)]" }
    let config = try DatasetTests.config(
      "{\"train\":{\"x\":[[\(x.joined(separator: ","))]],\"y\":[0]},\"normalize\":\"\(kind)\"}")
    #expect(try TrainingData(config).hash == hash)
    #expect(try TrainingData(config, rules: .first).hash == hash)
  }

  // MARK: Collapses

  @Test func `numbers far behind the first rows are counted, too, and the rows are told`() throws {
    let place = try Workplace()
    let count = 300_000
    var rows = ["id,a,b,y"]
    for row in 0..<count {
      // Up to row 262,144 both are whole numbers that float32 has.
      let later = row < 280_000 ? row % 50 : 1_700_000_000 + row % 40
      rows.append("p,\(row % 100),\(later),0")
    }
    try place.write(rows.joined(separator: "\n"), to: "a.csv")
    let config = try DatasetTests.config(
      #"{"train": {"csv": "a.csv", "sequence": "id", "features": ["a", "b"], "target": "y"}}"#,
      file: place.file("c.json"))
    let collapses = try TrainingData(config).collapses
    #expect(collapses.map(\.feature) == [1])
    #expect(collapses.map(\.rows) == [262_144..<300_000])
    #expect(collapses.map(\.distinct) == [90] && collapses.map(\.left) == [51])
  }

  private func collapses(_ numbers: [Double], _ kind: String = "none") throws -> [[Int]] {
    let rows = numbers.map { "[\($0)]" }.joined(separator: ",")
    let config = try DatasetTests.config(
      "{\"train\":{\"x\":[[\(rows)]],\"y\":[0]},\"normalize\":\"\(kind)\"}")
    return try TrainingData(config).collapses.map { [$0.feature, $0.distinct, $0.left] }
  }

  @Test func `distinct numbers that become one are counted`() throws {
    #expect(try collapses([16777216, 16777217]) == [[0, 2, 1]])
    #expect(try collapses([16777217, 16777217, 3]) == [])
    #expect(try collapses([1700000003, 5, 1700000001, -2, 1700000001]) == [[0, 4, 3]])
    #expect(try collapses([1700000003, 5, 1700000001, -2, 1700000001], "minmax") == [[0, 4, 3]])
    #expect(try collapses([1700000003, 1700000002, 1700000001], "minmax") == [])
    // Numbers of float32 collapse too, if they are scaled to where it has fewer.
    #expect(try collapses([1e-10, 2e-10, 3e-10, 1], "none") == [])
    #expect(try collapses([1e-10, 2e-10, 3e-10, 1], "standard") == [[0, 4, 2]])
    #expect(try collapses([-0.0, 0, 1], "minmax") == [])
  }

  /// Rounding makes some of very many numbers equal; that is no fault.
  @Test func `many numbers that are spread evenly do not collapse`() throws {
    var random = CounterRandom(seed: 5)
    let numbers = (0..<20_000).map { _ in Double.random(in: 0..<1, using: &random) }
    #expect(Set(numbers.map(Float.init)).count < Set(numbers).count)
    #expect(try collapses(numbers) == [])
    #expect(try collapses(numbers, "standard") == [])
    #expect(try collapses(numbers.map { $0 + 1e6 }).count == 1)
    #expect(try collapses(numbers.map { $0 + 1e6 }, "standard") == [])
  }
}
