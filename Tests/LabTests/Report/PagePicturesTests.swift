import Foundation
import Testing

/// The page's table and pictures of several runs, used in a real browser; every name in it is hostile.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct PagePicturesTests {
  private static let name = "</script><script>window.hurt = 1</script><img src=x onerror='hurt=2'>"

  /// Two settings with two seeds each, and a fork of the first run.
  ///
  /// - Parameter hasHostileClasses: Whether classes and metrics have hostile names, too.
  static func page(hasHostileClasses: Bool = false) throws -> Workplace {
    let place = try Workplace()
    for units in [3, 5] {
      for seed in [1, 2] {
        let layers =
          #"[{"type":"lstm","units":\#(units)},{"type":"dense","units":2,"activation":"softmax"}]"#
        try place.write(
          Trial(
            seed: seed, epochs: 4, samples: 9, layers: layers, loss: "categorical_crossentropy",
            hasTest: true))
        try place.lab("run", "config.json", "-q")
      }
    }
    try place.lab("resume", "1", "--from", "2", "--epochs", "5", "-q")
    let hostile = name.replacing("'", with: "''")
    _ = try place.sqlite("UPDATE run SET name = '\(hostile)', notes = '\(hostile)', tags = '[]'")
    if hasHostileClasses {
      _ = try place.sqlite(
        """
        UPDATE metric SET name = '\(hostile)' || name;
        INSERT INTO class SELECT run.id, c.column1, '\(hostile)' || c.column1
        FROM run, (VALUES (0), (1)) AS c;
        """)
    }
    try place.lab("report", "-o", "report")
    return place
  }

  private struct Findings: Decodable {
    let errors: [String]
    let counts: [String]
    let grouped, based: [[String]]
    let ways, dots, ringed: Int
    let told, refused: String
    let tree: [String]
    let smooth, zoomed, whole: Bool
    let near: String
    let opened: String
    let hurt: Bool
    let images: Int
  }

  private static let manyRuns = #"""
    const section = document.querySelector(".runs");
    const table = section.querySelector("table");
    const rows = () => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent));
    const search = section.querySelector("[type=search]");
    const status = section.querySelector("[role=status]");
    found.counts = [];
    for (const text of ["lstm.units = 3", "units in (3, 4) and not seed = 2", "training.batch_size = 3",
      "val_loss is null", "name ~ '*hurt*' or loss < 0"]) {
      await set(search, text);
      found.counts.push(String(rows().length));
    }
    await set(search, "loss <");
    found.refused = status.textContent;
    await set(search, "");
    const group = section.querySelector(".search > label [type=checkbox]");
    group.checked = true;
    group.dispatchEvent(new Event("input"));
    found.grouped = rows();
    group.checked = false;
    group.dispatchEvent(new Event("input"));
    const baseline = section.querySelector("select");
    await set(baseline, [...baseline.options].find(option => option.textContent.startsWith("run 2 ")).value);
    found.based = rows();
    await set(baseline, 0);
    const [ways, dots] = section.querySelectorAll(".ways");
    found.ways = ways.querySelectorAll(".way").length;
    found.dots = dots.querySelectorAll(".dot").length;
    ways.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    found.told = section.querySelector(".told").textContent;
    found.tree = [...section.querySelectorAll(".tree li li")].map(item => item.textContent);

    const chart = document.querySelector("[data-chart] svg");
    found.ringed = chart.querySelectorAll(".best").length;
    const line = () => chart.querySelector("polyline[data-run]").getAttribute("points");
    const plain = line();
    await set(document.querySelector(".tools [type=range]"), 80);
    found.smooth = line() !== plain && chart.querySelectorAll(".raw").length > 0;
    await set(document.querySelector(".tools [type=range]"), 0);
    const box = chart.getBoundingClientRect();
    const at = (part, type, y = .5) => chart.dispatchEvent(new PointerEvent(type, { bubbles: true, buttons: 1,
      clientX: box.left + box.width * part, clientY: box.top + box.height * y }));
    at(.3, "pointerdown");
    at(.6, "pointermove");
    at(.6, "pointerup");
    found.zoomed = line() !== plain;
    chart.dispatchEvent(new MouseEvent("dblclick"));
    found.whole = line() === plain;
    for (let y = 0; y < 1 && !chart.querySelector(".near"); y += .02) at(.6, "pointermove", y);
    found.near = chart.querySelector(".near")?.dataset.run ?? "";
    for (const run of [1, 5]) document.querySelector(`a[href="#run-${run}"]`).click();
    await part("#run-1 [data-film]");
    for (const element of document.querySelectorAll("#run-1 [data-film], #run-1 [data-result], #run-1 [data-norms]")) {
      element.scrollIntoView();
      await frame();
      await frame();
    }
    await until(() => document.querySelector("#run-1 td button"));
    document.querySelector("#run-1 td button").click();
    found.opened = document.querySelector("#run-1 .detail").textContent;
    found.hurt = window.hurt !== undefined;
    found.images = document.querySelectorAll("img").length;
    """#

  @Test(arguments: [400, 1000], ShownPage.allCases)
  func `runs are searched, grouped, measured and drawn, whatever they are called`(
    width: Int, page: ShownPage
  ) throws {
    let place = try Self.page(hasHostileClasses: true)
    let found = try page.findings(
      Findings.self, place, runs: "1,2,3,4,5", width: width, isDark: width == 400,
      script: Self.manyRuns)
    #expect(found.errors == [] && !found.hurt && found.images == 0)
    #expect(found.opened.contains("taken for \(Self.name)"), "\(found.opened)")
    #expect(found.counts == ["3", "2", "5", "0", "5"])
    #expect(found.refused == "a value is missing")
    // The fork has first weights of its own, and so is a group of its own.
    #expect(found.grouped.count == 3)
    let pair = try #require(found.grouped.first { $0[0] == "4, 3" })
    let mean = try place.sqlite(
      """
      SELECT printf('%.4f ± %.4f', avg(loss), abs(max(loss) - min(loss)) / 1.4142135623730951)
      FROM runs WHERE run_id IN (3, 4)
      """)
    #expect(pair.contains(mean), "\(pair): \(mean)")
    #expect(found.based.count == 5 && found.based[0][0] == "2")
    let difference = try place.sqlite(
      """
      SELECT printf('%.4f %s%.4f', a.loss, iif(a.loss < b.loss, '−', '+'), abs(a.loss - b.loss))
      FROM runs AS a, runs AS b WHERE a.run_id = 4 AND b.run_id = 2
      """)
    let fourth = try #require(found.based.first { $0[0] == "4" })
    #expect(fourth.contains(difference), "\(fourth): \(difference)")
    #expect(found.ways == 5 && found.dots == 5 && found.told.contains("lstm.units "))
    #expect(found.tree.count == 1 && found.tree[0].hasPrefix("run 5 "))
    #expect(found.tree[0].contains("from epoch 2 on, to epoch 5"))
    #expect(found.ringed == 5 && found.smooth && found.zoomed && found.whole)
    #expect(["1", "2", "3", "4", "5"].contains(found.near))
  }
}
