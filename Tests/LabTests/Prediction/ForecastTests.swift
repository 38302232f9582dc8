import Foundation
import Testing

/// What follows the end of each series: what the last window of a longer one was told.
@Suite struct ForecastTests {
  /// A way of cutting the days of two shops, whose rows are mixed, into windows.
  struct Cutting: Sendable, CustomTestStringConvertible {
    let id: String
    let windows: String
    /// The outputs of the model.
    let outputs: Int
    /// The columns of what is told.
    let names: [String]
    var features = #""sales","sky""#
    var sequence = #""sequence":"shop","#
    var more = ""
    var testDescription: String { id }

    /// Makes a folder with the data and a run on them.
    func place() throws -> Workplace {
      let place = try Workplace()
      try place.write(ForecastTests.table(), to: "days.csv")
      try place.write(
        """
        {"name":"sales","seed":2,"data":{"train":{"csv":"days.csv",\(sequence)
        "features":[\(features)],"windows":{\(windows)}\(more.isEmpty ? "" : ",\(more)")},
        "validation":{"split":0.4},"normalize":"standard","normalize_target":"minmax"},
        "model":{"layers":[{"type":"gru","units":4},{"type":"dense","units":\(outputs)}]},
        "training":{"loss":"mean_squared_error","epochs":3,"batch_size":4}}
        """, to: "config.json")
      try place.lab("run", "config.json", "-q")
      return place
    }
  }

  static let cuttings = [
    Cutting(
      id: "one step of one column", windows: #""sequence_length":3,"targets":["sales"]"#,
      outputs: 1, names: ["sales"]),
    Cutting(
      id: "three steps of two columns, every second row",
      windows: #""sequence_length":4,"sampling_rate":2,"horizon":3,"targets":["cost","sales"]"#,
      outputs: 6, names: ["cost", "sales"]),
    Cutting(
      id: "gaps that are filled forward",
      windows: #""sequence_length":3,"horizon":2,"targets":["sales"]"#, outputs: 2,
      names: ["sales"], features: #""rain","sales""#, more: #""missing":"forward_fill""#),
    Cutting(
      id: "gaps that are filled with the mean",
      windows: #""sequence_length":3,"horizon":2,"sequence_stride":2,"targets":["cost"]"#,
      outputs: 2, names: ["cost"], features: #""rain""#, more: #""missing":"mean""#),
    Cutting(
      id: "one series of all rows", windows: #""sequence_length":5,"horizon":2,"targets":["step"]"#,
      outputs: 2, names: ["output step"], sequence: ""),
  ]

  /// Days of two shops, the second of which opens later and has the last row.
  static func table(without left: [String: Int] = [:]) -> String {
    var random = CounterRandom(seed: 4)
    var rows: [(shop: String, text: String)] = []
    for day in 0..<26 {
      for shop in day < 6 ? ["north"] : ["north", "south"] {
        let rain = day % 5 == 1 ? "" : "\(random.next() % 9)"
        rows.append(
          (
            shop,
            "\(shop),d\(day),\(Double(random.next() % 900) / 7),\(random.next() % 50),"
              + "\(["sun", "fog"][Int(random.next() % 2)]),\(rain),\(day * 3)"
          ))
      }
    }
    for (shop, count) in left.sorted(by: { $0.key < $1.key }) {
      for _ in 0..<count {
        rows.lastIndex { $0.shop == shop || shop.isEmpty }.map { _ = rows.remove(at: $0) }
      }
    }
    return "shop,day,sales,cost,sky,rain,step\n" + rows.map { $0.text + "\n" }.joined()
  }

  /// The rows that a cutting tells: its `horizon`.
  private func horizon(_ cutting: Cutting) -> Int { cutting.outputs / cutting.names.count }

  /// What the last window of each series of the whole table is told, a row a step.
  private func told(_ cutting: Cutting, in place: Workplace) throws -> [[Float]] {
    let predicted = PredictTests.Printed(try place.lab("predict", "1", "days.csv"))
    let values = try predicted.rows.map { row in
      try row[2..<2 + cutting.outputs].map { try #require(Float($0)) }
    }
    // The windows of the first shop come before those of the second; the stride may leave some rows out.
    let windows = cutting.sequence.isEmpty ? [values.count] : Self.windows(cutting)
    #expect(windows.reduce(0, +) == values.count)
    var end = 0
    return windows.flatMap { count in
      end += count
      let last = values[end - 1]
      return stride(from: 0, to: last.count, by: cutting.names.count).map {
        Array(last[$0..<$0 + cutting.names.count])
      }
    }
  }

  /// The windows of 26 and of 20 rows.
  private static func windows(_ cutting: Cutting) -> [Int] {
    switch cutting.id {
    case "one step of one column": [23, 17]
    case "gaps that are filled forward": [22, 16]
    case "gaps that are filled with the mean": [11, 8]
    default: [17, 11]
    }
  }

  @Test(arguments: cuttings)
  func `the rows behind a series are what its last window is told, to the bit`(
    cutting: Cutting
  ) throws {
    let place = try cutting.place()
    let horizon = horizon(cutting)
    let expected = try told(cutting, in: place)
    // The stride leaves the last row out.
    let unread = cutting.id == "gaps that are filled with the mean" ? 1 : 0
    let left = horizon + unread
    let hasShops = !cutting.sequence.isEmpty
    let known = Self.table(without: hasShops ? ["north": left, "south": left] : ["": left])
    try place.write(known, to: "known.csv")
    let text = try place.lab("predict", "1", "known.csv", "--forecast", "--label", "day")
    let printed = PredictTests.Printed(text)
    #expect(
      printed.titles.map(String.init) == [hasShops ? "shop" : "series", "origin", "step"]
        + cutting.names)
    #expect(try printed.floats(cutting.names) == expected.flatMap { $0 })
    let rows = hasShops ? [("north", 26, "north"), ("south", 20, "south")] : [("0", 46, "")]
    let heads = rows.flatMap { name, count, _ in
      (0..<horizon).map { "\(name)|\(count - left + $0)" }
    }
    #expect(printed.rows.map { "\($0[0])|\($0[2])" } == heads)
    let day = hasShops ? 25 - left : 24
    #expect(printed.rows.allSatisfy { $0[1] == "d\(day)" })
    // Packed, with columns turned, others beside them, and without those that are only told.
    #expect(
      try place.shell("gzip -k known.csv; mv known.csv.gz packed.CSV.GZ").status == 0)
    #expect(
      try place.lab("predict", "1", "packed.CSV.GZ", "--forecast", "--label", "day") == text)
    let turned = known.split(separator: "\n").map { line in
      (["more"] + line.split(separator: ",", omittingEmptySubsequences: false).reversed())
        .joined(separator: ",") + "\n"
    }.joined()
    try place.write(turned, to: "turned.csv")
    #expect(try place.lab("predict", "1", "turned.csv", "--forecast", "--label", "day") == text)
    let told = cutting.features.contains("cost") ? 4 : 3
    let without = known.split(separator: "\n").map { line in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false)
      fields.remove(at: told)
      return fields.joined(separator: ",") + "\n"
    }.joined()
    try place.write(without, to: "without.csv")
    #expect(try place.lab("predict", "1", "without.csv", "--forecast", "--label", "day") == text)
  }

  @Test func `a run tells what follows its own series, whole or trained on`() throws {
    let place = try Self.cuttings[1].place()
    let whole = try place.lab("predict", "1", "days.csv", "--forecast")
    let outcome = try place.run("predict", "1", "--forecast")
    #expect(outcome.output == whole + "\n")
    #expect(outcome.errors == "run 1 tells what follows its validation data, 2 samples\n")
    #expect(try place.lab("predict", "1", "--forecast", "--split", "validation") == whole)
    // Of 26 rows 15 are trained on, of 20 rows 12.
    try place.write(Self.table(without: ["north": 11, "south": 8]), to: "trained.csv")
    #expect(
      try place.lab("predict", "1", "--forecast", "--split", "train")
        == place.lab("predict", "1", "trained.csv", "--forecast"))
    let trained = try place.lab("predict", "1", "--forecast", "--split", "train", "--label", "day")
    #expect(trained.contains("\nnorth,d14,15,") && trained.contains("\nsouth,d17,12,"))
    // In JSON and Markdown, and in the same bits at any number of threads.
    let json = try place.lab("predict", "1", "--forecast", "--json")
    #expect(json.hasPrefix("[\n{\"shop\":\"north\",\"step\":26,\"cost\":"))
    #expect(
      try place.lab("predict", "1", "--forecast", "--md").hasPrefix(
        "| shop | step | cost | sales |"))
    #expect(
      try place.lab(
        "predict", "1", "--forecast", "--threads", "2", environment: ["LSTM_LAB_ISA": "portable"])
        == whole)
    // Of a run with test data it is theirs.
    let config = try place.text("config.json").replacing(
      #""normalize":"#,
      with: #""test":{"csv":"test.csv","features":["sales","sky"],"windows":"#
        + #"{"sequence_length":4,"sampling_rate":2,"horizon":3,"targets":["cost","sales"]}},"normalize":"#
    )
    try place.write(config, to: "config.json")
    try place.write(Self.table(), to: "test.csv")
    try place.lab("run", "config.json", "-q")
    #expect(
      try place.lab("predict", "2", "--forecast", "--label", "day").contains("\n0,d25,46,"))
  }

  @Test func `what is too short or misses a value is left out, and told`() throws {
    let place = try Self.cuttings[3].place()
    try place.write(Self.table(without: ["south": 18]), to: "short.csv")
    let outcome = try place.run("predict", "1", "short.csv", "--forecast")
    #expect(outcome.output.split(separator: "\n").count == 3)
    #expect(
      outcome.errors == """
        series left out, because they are shorter than 3 rows: 1
        missing values filled in: 6

        """)
    let config = try place.text("config.json").replacing("\"mean\"", with: "\"drop\"")
    try place.write(config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    // Both series end with a row that misses the rain in its window.
    let dropped = try place.run(
      "predict", "2", "days.csv", "--forecast")
    #expect(dropped.output.split(separator: "\n").count == 5 && dropped.errors == "")
    try place.write(Self.table(without: ["south": 3]), to: "gap.csv")
    let gap = try place.run("predict", "2", "gap.csv", "--forecast")
    #expect(gap.output.split(separator: "\n").map { $0.prefix(5) } == ["shop,", "north", "north"])
    #expect(gap.errors == "samples left out, because a value is missing: 1\n")
  }

  @Test func `what has no end to go on from is refused`() throws {
    let place = try Self.cuttings[0].place()
    try place.write("sky,shop,sales\nsun,north,1\nfog,north,2\n", to: "short.csv")
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    for (arguments, status, error) in [
      (
        ["2", "--forecast"], 64,
        "run 2 was not trained on windows, which tell what follows a series (--forecast)\n"
          + "  train one whose `data.train` has `\"windows\": {\"sequence_length\": T}`"
      ),
      (
        ["1", "short.csv", "--forecast"], 65,
        "no window fits: one takes 3 rows, the longest series of `data` has 2 (short.csv)\n"
          + "  give the rows before them, too: what follows is told from the last 3 of a series"
      ),
      (
        ["1", "days.csv", "--forecast", "--label", "dya"], 65,
        "there is no column `dya`, which `--label` names (days.csv:1:1)\n"
          + "  did you mean `day`? columns: shop, day, sales, cost, sky, rain, step"
      ),
      (
        ["2", "--label", "day"], 64,
        "run 2 was not trained on windows, of which the last row's text could be shown (--label)\n"
          + "  leave it out: rows have the names or numbers of their samples"
      ),
    ] {
      let outcome = try Program.run(Program.path, ["predict"] + arguments, in: place.path)
      #expect(outcome.status == status)
      #expect(outcome.errors.hasPrefix("error: \(error)\n"), "\(outcome.errors)")
      #expect(outcome.output == "")
    }
  }
}
