import Foundation
import Testing

/// The page's pictures of weights that move, of predictions and of a cell's calculation, used in a real
/// browser.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct PageHistoryTests {
  private struct Findings: Decodable {
    let errors: [String]
    let moves: [String]
    let pointed, history, changed: String
    let histogram: [String]
    let charts: Int
    let cells: [[String]]
    let hand: [[String]]
    let units: [String]
    let outcome, unit: String
  }

  private static let driver = #"""
    document.querySelector("#run-1 details").open = true;
    const film = await seen("[data-film=weights-1]", "canvas");
    const [moved, spreadOut] = film.querySelectorAll("details");
    moved.open = true;
    await until(() => film.querySelector(".moves li"));
    found.moves = [...film.querySelectorAll(".moves li")].map(item => item.textContent);
    film.querySelector(".moves button").click();
    await until(() => film.querySelector(".history svg") && rests());
    found.pointed = film.querySelector(".told").textContent;
    found.history = film.querySelector(".history p").textContent;
    found.charts = film.querySelectorAll(".history svg").length;
    await set(film.querySelector(".slider select"), 2);
    film.querySelector(".moves button").click();
    found.changed = film.querySelector(".told").textContent;
    spreadOut.open = true;
    await until(() => film.querySelector(".histogram canvas"));
    found.histogram = [];
    for (let row = 0; row < 40; row++) {
      point(film.querySelector(".histogram canvas"), row, 4, 40, 5);
      found.histogram.push(spreadOut.querySelector(".told").textContent);
    }
    const result = await seen("[data-result='1']", "td button");
    found.cells = [...result.querySelectorAll("td button")].map(button => {
      button.click();
      return [button.getAttribute("aria-label"), button.textContent,
        ...[...result.querySelectorAll(".samples button")].map(other => other.textContent)];
    });
    const cell = await seen("[data-film=cell-1]", "svg");
    await until(() => cell.querySelector("dd[data-name]").textContent);
    found.hand = [];
    for (const name of ["forget_sum", "cell_state"]) {
      cell.querySelector(`text[data-name=${name}]`).dispatchEvent(new MouseEvent("click"));
      await until(() => cell.querySelector(".hand b") && rests());
      found.hand.push([...cell.querySelector(".hand").children].map(line => line.textContent));
    }
    const bars = cell.querySelector("[data-bars=forget] svg");
    const frameOf = bars.getBoundingClientRect();
    bars.dispatchEvent(new MouseEvent("click", { clientX: frameOf.left + frameOf.width / 2 }));
    found.unit = cell.querySelector("input[type=number]").value;
    found.outcome = cell.querySelector(".outcome").textContent;
    const gates = await seen("[data-film=gates-1]", "canvas, svg");
    await until(() => gates.querySelector(".slider select"));
    await set(gates.querySelector(".slider select"), 1);
    const states = [...gates.querySelectorAll("canvas")].find(canvas =>
      canvas.getAttribute("aria-label").startsWith("hidden_state"));
    found.units = [0, 1, 2].map(row => {
      point(states, row, 1, 3, 3);
      return gates.querySelector(".told").textContent;
    });
    """#

  @Test(arguments: ShownPage.allCases)
  func `what moved, what was mistaken and how it is computed is what the database says`(
    page: ShownPage
  ) throws {
    let place = try PagePicturesTests.page()
    try place.lab("report", "1", "-o", "one")
    let found = try page.findings(
      Findings.self, place, "one/report.html", runs: "1", width: 1000, script: Self.driver)
    #expect(found.errors == [])
    let greatest = try place.sqlite(
      """
      SELECT a.layer || '/' || a.tensor, a.value FROM weights AS a
      JOIN weights AS b USING (run_id, layer, tensor, row, col)
      WHERE run_id = 1 AND a.epoch = 4 AND b.epoch = 0
      ORDER BY abs(a.value - b.value) DESC LIMIT 10
      """
    ).split(separator: "\n").map { $0.split(separator: "|") }
    #expect(found.moves.count == 10)
    for (move, row) in zip(found.moves, greatest) { #expect(move.hasPrefix("\(row[0]) ")) }
    let value = try #require(Float(String(greatest[0][1])))
    let told = found.pointed.components(separatedBy: " = ")
    #expect(told.count == 2 && found.moves[0].hasPrefix(told[0]))
    #expect(Float(told[1].replacing("−", with: "-")) == value)
    #expect(found.history.hasPrefix(told[0]) && found.charts == 2)
    #expect(found.changed.contains("; in epoch 1 ") && found.changed.contains(", moved "))
    try expectHistogram(found.histogram, place)
    try expectCells(found.cells, place)
    try expectHand(found.hand, place)
    #expect(found.unit == "1")
    #expect(found.outcome.contains("sample 0") && found.outcome.contains("output 1 (target "))
    let units = found.units.compactMap {
      $0.firstMatch(of: /unit (\d)/).map { String($0.output.1) }
    }
    #expect(Set(units) == ["0", "1", "2"])
  }

  /// The rows of an epoch have all values of the first tensor.
  private func expectHistogram(_ rows: [String], _ place: Workplace) throws {
    let counts = rows.compactMap { row in
      row.firstMatch(of: /^epoch 4: (\d+) of (\d+) values/).map {
        (Int($0.output.1) ?? -1, $0.output.2)
      }
    }
    let all = try place.sqlite(
      "SELECT count(*) FROM weights WHERE run_id = 1 AND epoch = 4 AND layer || tensor = 'lstmkernel'"
    )
    #expect(counts.count == 40 && counts.allSatisfy { $0.1 == all })
    #expect(counts.reduce(0) { $0 + $1.0 } == Int(all))
  }

  /// Each cell of the confusion matrix opens as many samples as it counts: those that `predict` names.
  private func expectCells(_ cells: [[String]], _ place: Workplace) throws {
    let printed = PredictTests.Printed(try place.lab("predict", "1", "--split", "test"))
    let sample = try #require(printed.titles.firstIndex(of: "sample"))
    let predicted = try #require(printed.titles.firstIndex(of: "predicted"))
    let target = try #require(printed.titles.firstIndex(of: "target"))
    #expect(!cells.isEmpty)
    var opened = 0
    for cell in cells {
      let classes = try #require(cell[0].firstMatch(of: #/^(\d), taken for (\d): /#)).output
      let wanted = printed.rows.filter { $0[target] == classes.1 && $0[predicted] == classes.2 }
        .map { "sample \($0[sample])" }
      #expect(Array(cell[2...]) == wanted && cell[1] == "\(wanted.count)", "\(cell)")
      opened += wanted.count
    }
    #expect(opened == printed.rows.count)
  }

  /// The lines of a sum and a state come to the numbers of `explain`, whose command is named.
  private func expectHand(_ hand: [[String]], _ place: Workplace) throws {
    let json = try place.lab("explain", "1@4", "--json")
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let layer = try #require((whole["layers"] as? [[String: Any]])?[0])
    let explained = try place.lab("explain", "1@4")
    for (lines, name) in zip(hand, ["forget_sum", "cell_state"]) {
      let value = try #require((layer[name] as? [NSNumber])?[0].floatValue)
      #expect(Float(lines[2].dropFirst(2).replacing("−", with: "-")) == value, "\(lines)")
      #expect(lines[3] == "lstm-lab explain 1@4 --split train --sample 0 --step 2 --unit 0")
      // The same terms, however the lines are broken.
      let terms = lines[1].dropFirst(2).replacing("−", with: "-")
      let flat = explained.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(flat.contains(terms), "\(terms)")
    }
  }
}
