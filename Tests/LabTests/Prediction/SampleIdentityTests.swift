import Foundation
import Testing

/// What `predict` calls each row: what joins it to the file that it is about.
@Suite struct SampleIdentityTests {
  private typealias Printed = PredictTests.Printed

  @Test(arguments: ForecastTests.cuttings)
  func `a window is called as what is forecast from the rows up to it`(
    cutting: ForecastTests.Cutting
  ) throws {
    let place = try cutting.place()
    let hasShops = !cutting.sequence.isEmpty
    let printed = Printed(try place.lab("predict", "1", "days.csv", "--label", "day"))
    #expect(printed.titles.prefix(3) == [hasShops ? "shop" : "series", "origin", "step"])
    let lines = ForecastTests.table().split(separator: "\n")
    for row in printed.rows.indices where row % 5 == 0 || row == printed.rows.count - 1 {
      let wanted = printed.rows[row]
      let step = try #require(Int(wanted[2]))
      var seen = 0
      let known = lines.filter { line in
        guard line == lines[0] || !hasShops || line.hasPrefix("\(wanted[0]),") else { return false }
        seen += 1
        return seen <= step + 1
      }
      try place.write(known.joined(separator: "\n"), to: "known.csv")
      let forecast = Printed(
        try place.lab("predict", "1", "known.csv", "--forecast", "--label", "day"))
      let horizon = cutting.outputs / cutting.names.count
      #expect(forecast.rows.count == horizon)
      #expect(forecast.rows[0].prefix(3) == wanted.prefix(3))
      // A gap that a later row would fill is filled by an earlier one alike.
      #expect(
        forecast.rows.flatMap { $0.dropFirst(3) } == Array(wanted[3..<3 + cutting.outputs]))
    }
    // Without a label all else is the same.
    let plain = Printed(try place.lab("predict", "1", "days.csv"))
    #expect(plain.titles == [printed.titles[0]] + printed.titles.dropFirst(2))
    #expect(plain.rows == printed.rows.map { [$0[0]] + $0.dropFirst(2) })
  }

  @Test(arguments: [#"{"split":0.4}"#, #"{"rolling":2,"fold":0}"#, #"{"rolling":2,"fold":1}"#])
  func `a split of series keeps the numbers of its rows`(validation: String) throws {
    let place = try ForecastTests.cuttings[0].place()
    let config = try place.text("config.json").replacing(#"{"split":0.4}"#, with: validation)
    try place.write(config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let whole = Printed(try place.lab("predict", "2", "days.csv", "--label", "day"))
    var rows: [[Substring]] = []
    for split in ["train", "validation"] {
      let printed = Printed(try place.lab("predict", "2", "--split", split, "--label", "day"))
      #expect(printed.titles == whole.titles)
      #expect(!printed.rows.isEmpty && printed.rows.allSatisfy(whole.rows.contains))
      rows += printed.rows
    }
    #expect(Set(rows).count == rows.count)
  }

  @Test func `series of arrays have their numbers, and no column to show`() throws {
    let place = try Workplace()
    let values = (0..<60).map { Double($0 % 7) }
    try place.write(NPYBytes.file(shape: [3, 10, 2], values: values), to: "x.npy")
    try place.write(
      """
      {"data":{"train":{"x":"x.npy","windows":{"sequence_length":3,"sequence_stride":3,
      "targets":[0]}}},
      "model":{"layers":[{"type":"gru","units":2},{"type":"dense","units":1}]},
      "training":{"loss":"mean_squared_error","epochs":1}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let printed = Printed(try place.lab("predict", "1", "x.npy"))
    #expect(printed.titles.prefix(2) == ["series", "step"])
    #expect(
      printed.rows.map { "\($0[0])|\($0[1])" }
        == (0..<3).flatMap { series in [3, 6, 9].map { "\(series)|\($0)" } })
    let outcome = try place.run("predict", "1", "x.npy", "--label", "day")
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors.hasPrefix(
        "error: the series of run 1 are no table, which has columns (--label)"))
  }

  /// Six samples of two steps, of which the second and the fifth miss a value.
  struct Gaps: Sendable, CustomTestStringConvertible {
    let id: String
    let file: String
    let source: String
    /// A sample by its number, and whether it misses a value.
    let line: @Sendable (Int, Bool) -> String
    var head = ""
    var testDescription: String { id }

    func text(_ samples: [Int]) -> String {
      head + samples.map { line($0, [1, 4].contains($0)) + "\n" }.joined()
    }
  }

  static let gaps = [
    Gaps(
      id: "ts", file: "data.ts", source: #"{"ts":"data.ts","missing":"drop"}"#,
      line: { "\($0),\($1 ? "?" : "2"):\($0 % 2)" }, head: "@classLabel true 0 1\n@data\n"),
    Gaps(
      id: "wide table", file: "data.csv",
      source: #"{"csv":"data.csv","layout":"wide","target":"y","missing":"drop"}"#,
      line: { "\($0 % 2),\($0),\($1 ? "" : "2")" }, head: "y,a,b\n"),
  ]

  private static func config(_ source: String, validation: String) -> String {
    """
    {"data":{"train":\(source),"validation":\(validation)},
    "model":{"layers":[{"type":"gru","units":2},{"type":"dense","units":1,"activation":"sigmoid"}]},
    "training":{"loss":"binary_crossentropy","epochs":2}}
    """
  }

  @Test(arguments: gaps)
  func `samples that are left out are counted`(kind: Gaps) throws {
    let place = try Workplace()
    try place.write(kind.text(Array(0..<6)), to: kind.file)
    try place.write(Self.config(kind.source, validation: kind.source), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let outcome = try place.run("predict", "1", kind.file)
    #expect(outcome.errors == "samples left out, because a value is missing: 2\n")
    let printed = Printed(outcome.output)
    #expect(printed.titles[0] == "sample")
    #expect(printed.rows.map { $0[0] } == ["0", "2", "3", "5"])
    // Each is what the file's sample of that number alone is predicted.
    for row in printed.rows {
      let number = try #require(Int(row[0]))
      try place.write(kind.text([number]), to: "one." + kind.file.suffix(3).drop { $0 == "." })
      let one = Printed(
        try place.lab("predict", "1", "one." + kind.file.suffix(3).drop { $0 == "." }))
      #expect(one.rows.map { $0.dropFirst() } == [row.dropFirst()])
    }
    // The run's own split counts as every command does, and tells the number in the file beside it.
    let own = Printed(try place.lab("predict", "1", "--split", "train"))
    #expect(own.titles.prefix(2) == ["sample", "number"])
    #expect(own.rows.map { $0[0] } == ["0", "1", "2", "3"])
    #expect(own.rows.map { $0.dropFirst() } == printed.rows.map { $0[...] })
  }

  @Test func `a mistake behind a sample that is left out has its own line`() throws {
    let place = try Workplace()
    let walks = (0..<6).map { "w\($0),\($0 % 3),a\nw\($0),1,a\n" }.joined()
    try place.write(
      "walk,v,y\n" + walks.replacing("w5,1,a", with: "w5,1,a\nw6,0,b"), to: "data.csv")
    try place.write(
      HintTrial.config(
        #""csv":"data.csv","sequence":"walk","features":["v"],"target":"y","missing":"drop""#
      ).replacing(
        #"[{"type":"lstm""#,
        with: #"[{"type":"embedding","input_dim":3,"output_dim":2},{"type":"lstm""#),
      to: "config.json")
    try place.lab("run", "config.json", "-q")
    try place.write("walk,v,y\na,1,a\nb,?,a\nc,2,a\nd,1,a\nd,7,a\n", to: "new.csv")
    let outcome = try place.run("predict", "1", "new.csv")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("(new.csv:6:3)"), "\(outcome.errors)")
  }

  @Test func `arrays that miss values are counted, and so is what is split off`() throws {
    let place = try Workplace()
    let values = (0..<6).flatMap { [Double($0), [1, 4].contains($0) ? .nan : 2] }
    try place.write(NPYBytes.file(shape: [6, 2, 1], values: values), to: "x.npy")
    try place.write(NPYBytes.file(shape: [6], values: [0, 1, 0, 1, 0, 1]), to: "y.npy")
    let source = #"{"x":"x.npy","y":"y.npy","missing":"drop"}"#
    try place.write(Self.config(source, validation: #"{"split":0.5}"#), to: "config.json")
    try place.lab("run", "config.json", "-q")
    let whole = Printed(try place.lab("predict", "1", "x.npy", "--y", "y.npy"))
    #expect(whole.rows.map { $0[0] } == ["0", "2", "3", "5"])
    for (split, numbers) in [("train", ["0", "2"]), ("validation", ["3", "5"])] {
      let own = Printed(try place.lab("predict", "1", "--split", split))
      #expect(own.titles.prefix(2) == ["sample", "number"])
      #expect(own.rows.map { $0[0] } == ["0", "1"])
      #expect(own.rows.map { String($0[1]) } == numbers)
      #expect(own.rows.allSatisfy { whole.rows.contains(Array($0.dropFirst())) })
    }
  }
}
