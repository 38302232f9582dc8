import Foundation
import Testing

/// What a report shows of a run's result: the tables of `evaluate`, and pictures of every number.
@Suite struct ReportedResultTests {
  private func kind(_ id: String) throws -> Workplace {
    try #require(PredictedKind.all.first { $0.id == id }).place()
  }

  /// The pictures that a summary shows, each with its text.
  private func pictures(_ place: Workplace, _ folder: String) throws -> [(
    name: String, svg: String
  )] {
    let summary = try place.text("\(folder)/summary.md")
    return try summary.matches(of: /!\[[^\]]+\]\((run-[^)]+)\)/).map { match in
      let name = String(match.output.1)
      return (name, try place.text("\(folder)/\(name)"))
    }
  }

  /// The places that a kind of drawing goes through: `stroke` tells them apart.
  private func points(_ svg: String, _ stroke: String) throws -> [(x: Double, y: Double)] {
    let lines = svg.split(separator: "\n").filter { $0.hasPrefix("<path stroke=\"\(stroke)\"") }
    let match = try #require(lines.first?.firstMatch(of: /\ d="([^"]*)"/))
    let data = match.output.1
    return try data.split { "MLh".contains($0) }.filter { $0 != "0" }.map { place in
      let parts = place.split(separator: " ")
      return (try #require(Double(parts[0])), try #require(Double(parts[1])))
    }
  }

  private static let colours = ["#2f7fd6", "#e0762b", "#1f9e76"]

  @Test func `classes have the tables that evaluate prints`() throws {
    let place = try kind("a table with classes, scaled")
    try place.lab("report", "-o", "report")
    let summary = try place.text("report/summary.md")
    let evaluated = try place.lab("evaluate", "1", "--md").components(separatedBy: "\n\n")
    #expect(summary.contains("### What epoch 4 makes of the test data\n\n| class |"))
    for part in evaluated.suffix(3) { #expect(summary.contains(part), "\(part)") }
    let page = try place.text("report/report.html")
    #expect(page.contains("<h3>What epoch 4 makes of the test data</h3>"))
    let shades = page.matches(of: /<td class="number" data-value="(\d+)\.0" data-shade="(\d{3})"/)
    let report = try EvaluateTests.Report(try place.lab("evaluate", "1", "--json"))
    let matrix = try #require(report.confusion_matrix)
    let expected = matrix.flatMap { row in
      row.filter { $0 > 0 }.map { "\($0) \((100 * $0 + row.reduce(0, +) / 2) / row.reduce(0, +))" }
    }
    #expect(shades.map { "\($0.output.1) \(Int($0.output.2) ?? -1)" } == expected)
    #expect(try pictures(place, "report").isEmpty)
  }

  @Test func `numbers are drawn by what they should be, each once`() throws {
    let place = try kind("a table with a number a step, both directions")
    try place.lab("report", "-o", "report")
    let pictures = try pictures(place, "report")
    #expect(pictures.map(\.name) == ["run-1-predicted.svg", "run-1-residuals.svg"])
    let stored = try place.sqlite(
      """
      SELECT value, target FROM predictions WHERE epoch = 4 AND split = 'test'
      ORDER BY sample, output
      """
    ).split(separator: "\n").map { $0.split(separator: "|").compactMap { Double($0) } }
    for (number, (_, svg)) in pictures.enumerated() {
      let dots = try points(svg, Self.colours[0])
      #expect(dots.count == stored.count)
      let values = stored.map { number == 0 ? ($0[1], $0[0]) : ($0[0], $0[1] - $0[0]) }
      expectLinear(zip(dots, values).map { ($0.x, $1.0) })
      expectLinear(zip(dots, values).map { (-$0.y, $1.1) })
    }
    // The page shows the same pictures.
    let page = try place.text("report/report.html")
    for (_, svg) in pictures {
      let path = try #require(svg.split(separator: "\n").first { $0.contains("h0") })
      #expect(page.contains(path))
    }
    #expect(try place.text("report/summary.md").contains("RMSE "))
  }

  /// Numbers stand where a straight line puts them, to the tenth of a pixel.
  private func expectLinear(_ pairs: [(place: Double, value: Double)]) {
    guard let low = pairs.min(by: { $0.value < $1.value }),
      let high = pairs.max(by: { $0.value < $1.value }), low.value < high.value
    else {
      Issue.record("nothing to compare")
      return
    }
    let scale = (high.place - low.place) / (high.value - low.value)
    #expect(scale > 0)
    for pair in pairs {
      #expect(abs(low.place + scale * (pair.value - low.value) - pair.place) < 0.21)
    }
  }

  @Test func `a series goes on with what predict tells to follow it`() throws {
    let place = try ForecastTests.cuttings[1].place()
    try place.lab("report", "-o", "report")
    let pictures = try pictures(place, "report")
    #expect(
      pictures.map(\.name) == [
        "run-1-series.svg", "run-1-series-2.svg", "run-1-predicted.svg", "run-1-residuals.svg",
        "run-1-predicted-2.svg", "run-1-residuals-2.svg",
      ])
    let told = PredictTests.Printed(try place.lab("predict", "1", "--forecast"))
    for (number, name) in ["cost", "sales"].enumerated() {
      let svg = pictures[number].svg
      #expect(svg.contains("known</text>") || svg.contains("known&#8195;"))
      // 11 of 26 rows are validated with; a window and its target take 10.
      let (known, ahead, behind) = (
        try points(svg, Self.colours[0]), try points(svg, Self.colours[1]),
        try points(svg, Self.colours[2])
      )
      #expect(known.count == 11 && ahead.count == 2 && behind.count == 4)
      #expect(behind[0] == known[10])
      let column = try #require(told.titles.firstIndex { $0 == name })
      let values = told.rows.prefix(3).compactMap { Double($0[column]) }
      let rows = ForecastTests.table().split(separator: "\n").filter { $0.hasPrefix("north,") }
        .suffix(11).compactMap { Double($0.split(separator: ",")[name == "cost" ? 3 : 2]) }
      expectLinear(zip(known + behind.dropFirst(), rows + values).map { (-$0.y, $1) })
      let steps = known.map(\.x) + behind.dropFirst().map(\.x)
      expectLinear(zip(steps, 15...28).map { ($0, Double($1)) })
    }
    #expect(
      try place.text("report/summary.md").contains(
        "![cost of series north, the first of 2, and what follows](run-1-series.svg)"))
  }

  @Test(
    .enabled(if: Browser.path != nil || Browser.isNeeded, "no Chromium is installed"))
  func `a series tells its values in the page`() throws {
    struct Findings: Decodable {
      let errors: [String]
      let told: [String]
    }
    let place = try ForecastTests.cuttings[1].place()
    try place.lab("report", "-o", "report")
    let found = try DrivenPage.findings(
      Findings.self, place, width: 1000,
      script: #"""
        const series = await seen("[data-result]", ".lines svg");
        const chart = series.querySelector(".lines svg");
        found.told = [];
        for (const key of ["End", "ArrowLeft", "ArrowLeft"]) {
          chart.dispatchEvent(new KeyboardEvent("keydown", { key }));
          found.told.push(series.querySelector(".lines .reading").textContent);
        }
        """#)
    #expect(found.errors == [])
    let told = PredictTests.Printed(try place.lab("predict", "1", "--forecast"))
    let column = try #require(told.titles.firstIndex { $0 == "cost" })
    let values = told.rows.prefix(3).reversed().compactMap { Float($0[column]) }
    let shown = found.told.compactMap { text in
      text.firstMatch(of: /what follows (\S+)/).flatMap {
        Float($0.output.1.replacing("−", with: "-"))
      }
    }
    #expect(shown == values && shown.count == 3, "\(found.told)")
  }

  @Test func `what is stored is shown without the data, and nothing where nothing is`() throws {
    for (id, isStored) in [("a table with a number a step, both directions", true), ("", false)] {
      let place = try isStored ? kind(id) : ForecastTests.cuttings[0].place()
      try place.lab("report", "-o", "with")
      let file = isStored ? "data.csv" : "days.csv"
      try FileManager.default.removeItem(atPath: place.file(file))
      try place.lab("report", "-o", "without")
      let (with, without) = (try pictures(place, "with"), try pictures(place, "without"))
      #expect(!with.isEmpty)
      #expect(without.map(\.svg) == (isStored ? with.map(\.svg) : []))
      // Pictures of an earlier report do not stay beside a summary without them.
      guard !isStored else { continue }
      let outcome = try place.run("report", "-o", "with")
      #expect(outcome.status == 73)
      #expect(
        outcome.errors.hasPrefix(
          "error: the folder holds a report with a file `run-1-predicted.svg`, and this one has none"
        ))
    }
  }

  @Test func `of many numbers and targets some are drawn, and that is said`() throws {
    let place = try Workplace()
    try place.write(
      NPYBytes.file(shape: [2000, 1, 1], values: (0..<2000).map { Double($0 % 37) }), to: "x.npy")
    try place.write(
      NPYBytes.file(shape: [2000, 5], values: (0..<10000).map { Double($0 % 11) }), to: "y.npy")
    try place.write(
      """
      {"data":{"train":{"x":"x.npy","y":"y.npy"}},"training":{"loss":"mean_squared_error","epochs":1},
      "model":{"layers":[{"type":"simple_rnn","units":2},{"type":"dense","units":5}]}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "-o", "report")
    let pictures = try pictures(place, "report")
    #expect(pictures.count == 6)
    for picture in pictures {
      #expect(try points(picture.svg, Self.colours[0]).count == 1500)
    }
    let summary = try place.text("report/summary.md")
    #expect(summary.contains("makes of the training data") && summary.contains("(1,500 of them)"))
    #expect(summary.contains("the first 3 of 5 targets"))
  }
}
