import Foundation
import Testing

/// `report.html` in a real browser: the slider, the sorting, the charts, and no word of complaint.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct ReportPageTests {
  /// A page with two runs, the first of which has the higher loss.
  private static func page() throws -> Workplace {
    let place = try Workplace()
    for (seed, epochs) in [(1, 3), (2, 30)] {
      let record = seed == 1 ? #""activations":{"samples":[0],"every":1}"# : ""
      try place.write(Trial(seed: seed, epochs: epochs, record: record))
      try place.lab("run", "config.json", "-q")
    }
    try place.lab("report", "-o", "report")
    return place
  }

  /// What the script below finds out.
  private struct Findings: Decodable {
    let errors: [String]
    let ids, ascending, descending, chosen: [String]
    let sorted, opened: String?
    let first, last, start, again: String
    let epochs: [String]
    let sliders: Int
    let plays, rests: String
    let gates: [String]
    let history, closed: Int
    let told, keyboard: String
    let pointed, keyed, legend, axis: String
    let step, moved: String
    let width, window, inner: Double
  }

  private static let driver = #"""
    const table = document.querySelector("table.sortable");
    const rows = () => [...table.tBodies[0].rows].filter(row => !row.hidden);
    const ids = () => rows().map(row => row.cells[0].textContent);
    const heads = [...table.tHead.rows[0].cells];
    const loss = () => [...table.tHead.rows[0].cells].find(head => head.textContent === "loss");
    found.ids = ids();
    loss().querySelector("button").click();
    found.ascending = ids();
    loss().querySelector("button").click();
    found.descending = ids();
    found.sorted = loss().getAttribute("aria-sort");
    const search = document.querySelector("input[type=search]");
    await set(search, heads[0].textContent + " = 1");
    found.chosen = ids();
    await set(search, "");
    document.querySelector("#run-1 details").open = false;
    document.querySelector('a[href="#run-1"]').click();
    await until(() => document.querySelector("#run-1 details").open);
    found.opened = String(document.querySelector("#run-1 details").open);

    const shown = element => [...element.querySelectorAll("canvas")].map(canvas =>
      canvas.toDataURL()).join(";");
    const film = await seen("[data-film=weights-1]", "canvas");
    const slider = film.querySelector("input");
    const output = film.querySelector("output");
    await frame();
    found.last = shown(film);
    found.epochs = [output.textContent];
    await set(slider, 0);
    found.first = shown(film);
    found.epochs.push(output.textContent);
    await set(slider, 1);
    found.start = shown(film);
    await set(slider, slider.max);
    found.again = shown(film);
    found.epochs.push(output.textContent);
    const canvas = film.querySelector("canvas");
    point(canvas, 1, 2, 2, 5);
    found.told = film.querySelector(".told").textContent;
    canvas.click();
    await until(() => film.querySelector(".history svg"));
    found.history = film.querySelectorAll(".history svg").length;
    film.querySelector(".history button").click();
    found.closed = film.querySelectorAll(".history svg").length;
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    found.keyboard = film.querySelector(".told").textContent;
    const play = film.querySelector(".slider button");
    const before = output.textContent;
    play.click();
    await until(() => output.textContent !== before);
    play.click();
    await until(rests);
    found.plays = before + " to " + output.textContent;
    await new Promise(done => setTimeout(done, 300));
    found.rests = before + " to " + output.textContent;

    const gates = await seen("[data-film=gates-1]", "canvas");
    await frame();
    found.gates = [shown(gates)];
    for (const value of [0, 3]) {
      await set(gates.querySelector("input"), value);
      found.gates.push(shown(gates));
    }
    const cell = await seen("[data-film=cell-1]", "svg");
    const [, , unit, step] = cell.querySelectorAll("select, input");
    await until(() => cell.querySelector("dd[data-name]").textContent);
    const numbers = () => [...cell.querySelectorAll("dd[data-name]")].map(number => number.textContent).join(" ");
    found.step = numbers();
    await set(step, 0);
    await set(unit, 3);
    found.moved = numbers();
    found.sliders = document.querySelectorAll(".slider:not([hidden])").length;

    const chart = document.querySelector(".chart svg");
    const box = chart.getBoundingClientRect();
    chart.dispatchEvent(new PointerEvent("pointermove",
      { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));
    found.pointed = document.querySelector(".reading").textContent;
    chart.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }));
    found.keyed = document.querySelector(".reading").textContent;
    const plain = chart.querySelector("polyline").getAttribute("points");
    document.querySelector(".chart input").click();
    found.axis = String(chart.querySelector("polyline").getAttribute("points") !== plain);
    document.querySelector(".legend button").click();
    found.legend = [...new Set([...document.querySelectorAll(".chart polyline.dim")].map(line =>
      line.dataset.run))].join();
    found.width = document.documentElement.scrollWidth;
    found.window = document.documentElement.clientWidth;
    found.inner = innerWidth;
    """#

  @Test(arguments: [400, 1600], ShownPage.allCases)
  func `the page works and fits`(width: Int, page: ShownPage) throws {
    let found = try page.findings(
      Findings.self, try Self.page(), runs: "1,2", width: width, script: Self.driver)
    #expect(found.errors == [])
    #expect(found.ids == ["2", "1"] && found.ascending == ["2", "1"])
    #expect(found.descending == ["1", "2"] && found.sorted == "descending")
    #expect(found.chosen == ["1"] && found.opened == "true")
    #expect(found.epochs == ["3", "0", "3"])
    #expect(found.last.count > 500 && found.again == found.last)
    #expect(found.first != found.last && found.start != found.first)
    #expect(found.told.contains("lstm/kernel · input · from x1 to unit 2 = "), "\(found.told)")
    #expect(found.keyboard.contains(" = ") && found.keyboard != found.told)
    #expect(found.history == 2 && found.closed == 0)
    #expect(found.plays != "1 to 1" && found.rests == found.plays)
    #expect(Set(found.gates).count == 2 && found.gates[2] == found.gates[0])
    #expect(found.step != found.moved && !found.moved.contains("NaN"))
    // Weights and gates of run 1, and its cell; of run 2 what is near.
    #expect(found.sliders >= 3)
    #expect(found.pointed.contains("run 1") && found.pointed.contains("run 2"))
    #expect(found.keyed.contains("epoch 30") && found.keyed != found.pointed)
    #expect(found.axis == "true" && found.legend == "2")
    #expect(found.inner == Double(width))
    #expect(found.width <= found.window, "\(found.width) of \(found.window)")
  }

  @Test func `without scripts everything but the slider is there`() throws {
    let place = try Self.page()
    let browser = try Browser.opened(in: place)
    defer { browser.close() }
    try browser.forbidScripts()
    try browser.open(place.file("report/report.html"), width: 800)
    let page = try #require(
      try browser.evaluate("document.documentElement.outerHTML") as? String)
    #expect(browser.complaints == [])
    #expect(page.contains("<div class=\"slider\" hidden=\"\">"))
    #expect(page.contains("<polyline") && page.contains("Run 2 · trial"))
    #expect(page.matches(of: /<path class="[np]"/).count > 50)
  }
}
