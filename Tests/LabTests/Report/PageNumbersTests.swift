import Foundation
import Testing

/// The numbers that the page tells, read from it in a real browser, are those of the database.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct PageNumbersTests {
  private struct Findings: Decodable {
    let errors: [String]
    /// Epoch, tensor, row, column and text of each.
    let weights: [[String]]
    /// Epoch and text of each.
    let gates: [[String]]
    /// Epoch, step, unit, name and text of each.
    let cell: [[String]]
    /// Metric, epoch and text of each.
    let curves: [[String]]
  }

  private static let driver = #"""
    const read = async (key, take) => {
      const element = await seen(`[data-film=${key}]`, "canvas");
      const slider = element.querySelector("input");
      for (const place of [0, 1, slider.max]) {
        await set(slider, place);
        const epoch = element.querySelector("output").textContent;
        for (const canvas of element.querySelectorAll("canvas")) {
          const size = canvas.getAttribute("aria-label").match(/, (\d+) rows, (\d+) columns$/);
          const [rows, cols] = size.slice(1).map(Number);
          for (let row = 0; row < rows; row++)
            for (let col = 0; col < cols; col++) {
              point(canvas, row, col, rows, cols);
              take(epoch, element.querySelector(".told"));
            }
        }
      }
    };
    found.weights = [];
    await read("weights-1", (epoch, told) => {
      const text = told.textContent;
      found.weights.push([epoch, text.split(" ")[0], told.dataset.row, told.dataset.col, text.split(" = ")[1]]);
    });
    found.gates = [];
    await read("gates-1", (epoch, told) => found.gates.push([epoch, told.textContent]));
    found.cell = [];
    const cell = await seen("[data-film=cell-1]", "svg");
    const [, , unit, step, epochs] = cell.querySelectorAll("select, input");
    for (const place of [0, epochs.max])
      for (let at = 0; at <= step.max; at++)
        for (let number = 0; number <= unit.max; number++) {
          await set(epochs, place);
          await set(step, at);
          await set(unit, number);
          for (const place of cell.querySelectorAll("text[data-name], dd[data-name]")) {
            if (place.dataset.name === "x") continue;
            found.cell.push([cell.querySelector("h3 output").textContent, String(at), String(number),
              place.dataset.name, place.textContent.split(" ").at(-1)]);
          }
        }
    found.curves = [];
    for (const figure of document.querySelectorAll("[data-chart]")) {
      const chart = figure.querySelector("svg");
      chart.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" }));
      for (let i = 0; i < 8; i++) {
        for (const told of figure.querySelectorAll("[data-curve]"))
          found.curves.push([told.dataset.curve, figure.querySelector(".reading b").textContent.split(" ")[1],
            told.textContent.trim().split(" ").at(-1)]);
        chart.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      }
    }
    """#

  private static func bits(_ text: String) -> UInt32? {
    Float(text.replacing("−", with: "-")).map { ($0 == 0 ? 0 : $0).bitPattern }
  }

  /// The cells, with the numbers that the page has of each unit and step.
  private static let cells = [("lstm", 22), ("gru", 17), ("simple_rnn", 5)]

  @Test(arguments: cells, ShownPage.allCases)
  func `every number is that of the database`(shown: (String, Int), page: ShownPage) throws {
    let (cell, numbers) = shown
    let place = try Workplace()
    let layers =
      #"[{"type":"\#(cell)","units":9},{"type":"dense","units":2,"activation":"sigmoid"}]"#
    try place.write(
      Trial(
        epochs: 6, layers: layers, record: #""activations":{"samples":[0,4],"every":1}"#))
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "-o", "report")
    let found = try page.findings(
      Findings.self, place, runs: "1", width: 1000, script: Self.driver)
    #expect(found.errors == [])
    #expect(found.weights.count + found.gates.count + found.cell.count >= 500)
    try expectWeights(found.weights, place)
    try expectGates(found.gates, place)
    try expectCell(found.cell, numbers, place)
    try expectCurves(found.curves, place)
  }

  /// Asks the database; each row is a key and a value.
  private func numbers(_ place: Workplace, _ sql: String) throws -> [String: String] {
    var numbers: [String: String] = [:]
    for line in try place.sqlite(sql).split(separator: "\n") {
      let parts = line.split(separator: "|").map(String.init)
      numbers[parts[0]] = parts[1]
    }
    return numbers
  }

  private func expectCurves(_ curves: [[String]], _ place: Workplace) throws {
    let known = try numbers(
      place,
      """
      SELECT iif(split = 'validation', 'val_', '') || name || ' ' || epoch,
        printf('%!.17g', value) FROM metrics
      UNION ALL SELECT 'learning_rate ' || epoch, printf('%!.17g', learning_rate) FROM epochs
      UNION ALL SELECT 'squares ' || epoch, printf('%!.17g', sum(gradient_norm * gradient_norm))
        FROM gate_stats WHERE gradient_norm IS NOT NULL GROUP BY epoch
      """)
    #expect(curves.count >= 36)
    #expect(
      Set(curves.map { $0[0] }).isSuperset(of: ["val_loss", "learning_rate", "gradient_norm"]))
    for curve in curves where curve[2] != "–" {
      if curve[0] == "gradient_norm" {
        let squares = try #require(known["squares \(curve[1])"].flatMap(Double.init))
        let shown = try #require(Double(curve[2]))
        #expect(abs(shown * shown - squares) <= 1e-12 * squares, "\(curve): \(squares)")
        continue
      }
      let value = try #require(known["\(curve[0]) \(curve[1])"])
      #expect(Double(curve[2]) == Double(value), "\(curve): \(value)")
    }
  }

  private func expectWeights(_ weights: [[String]], _ place: Workplace) throws {
    #expect(weights.count >= 300)
    let known = try numbers(
      place,
      """
      SELECT epoch || ' ' || layer || '/' || tensor || ' ' || row || ' ' || col,
        printf('%!.17g', value) FROM weights
      """)
    #expect(weights.count * 7 == known.count * 3)
    for weight in weights {
      let value = try #require(known[weight[..<4].joined(separator: " ")])
      #expect(Self.bits(weight[4]) == Self.bits(value), "\(weight): \(value)")
    }
  }

  private func expectGates(_ gates: [[String]], _ place: Workplace) throws {
    let known = try numbers(
      place,
      """
      SELECT epoch || ' ' || sample || ' ' || gate || ' ' || unit || ' ' || step,
        printf('%!.17g', value) FROM activations
      """)
    var count = 0
    for gate in gates {
      guard
        let told = gate[1].firstMatch(
          of: /sample (\d+) · (\w+) · unit (\d+) · step (\d+) = (\S+)/)?.output
      else { continue }
      let value = try #require(known["\(gate[0]) \(told.1) \(told.2) \(told.3) \(told.4)"])
      #expect(Self.bits(String(told.5)) == Self.bits(value), "\(gate): \(value)")
      count += 1
    }
    #expect(count * 7 == known.count * 3)
  }

  private func expectCell(_ cell: [[String]], _ numbers: Int, _ place: Workplace) throws {
    var explained: [String: [String: Any]] = [:]
    // Each unit, step and two epochs; a number in the drawing and in the equations.
    let shown = cell.count / (9 * 3 * 2)
    let isWhole = cell.count == shown * 9 * 3 * 2
    #expect(isWhole && shown == numbers, "\(cell.count)")
    for number in cell {
      let key = "\(number[0]) \(number[1])"
      if explained[key] == nil {
        let json = try place.lab("explain", "1@\(number[0])", "--step", number[1], "--json")
        let whole = try #require(
          try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        explained[key] = (whole["layers"] as? [[String: Any]])?[0]
      }
      let values = try #require(explained[key]?[number[3]] as? [NSNumber], "\(number[3])")
      let value = values[try #require(Int(number[2]))].floatValue
      #expect(
        Self.bits(number[4]) == (value == 0 ? 0 : value).bitPattern, "\(number): \(value)")
    }
  }
}
