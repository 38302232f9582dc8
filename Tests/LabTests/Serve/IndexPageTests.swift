import Foundation
import Testing

/// The laboratory's page in a real browser: rows, search, pages, picks, and what the address keeps.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct IndexPageTests {
  /// Short names for what the drivers look at again and again.
  static let tools = #"""
    const rows = () => [...document.querySelectorAll("tbody tr")];
    const ids = () => rows().map(row => Number(row.dataset.run));
    const head = title => [...document.querySelectorAll("thead th")].find(cell => cell.textContent === title);
    const cell = (run, title) => document.querySelector(`tr[data-run="${run}"]`)?.cells[head(title).cellIndex];
    const text = selector => document.querySelector(selector).textContent;
    const count = () => text(".pages [role=status]");
    const page = label => document.querySelector(`[aria-label="${label} page"]`);
    const swatch = run => document.querySelector(`tr[data-run="${run}"] .pick`);
    const press = words => [...document.querySelectorAll(".picks button")].find(one => one.textContent === words).click();
    const drawn = () => [...new Set([...document.querySelectorAll(".chart polyline[data-run]")].map(line =>
      Number(line.dataset.run)))].sort((a, b) => a - b);
    const isPicked = run => swatch(run).getAttribute("aria-pressed") === "true";
    const type = words => set(document.querySelector("input[type=search]"), words);
    // Until the page has nothing to ask: what it asks in vain, Chromium complains about.
    const rest = async () => {
      const asked = () => performance.getEntriesByType("resource").length;
      for (let before = 0; before < asked();) {
        before = asked();
        await new Promise(done => setTimeout(done, 1000));
      }
    };

    """#

  private struct Findings: Decodable {
    let errors: [String]
    let first, own, ascending, descending, newest: [Int]
    let counts, sorts: [String]
    let words, condition, kept: [Int]
    let complaint, calm: String
    let picked, some, left, all: [Int]
    let links, links2, full: String
    let address: String
    let columns, fewer: [String]
    let colours: [[String]]
    let focused: String
    let width, window, boxes: Double
  }

  private static let driver = #"""
    await until(() => rows().length === 50 && drawn().length === 1);
    found.first = ids();
    found.own = drawn();
    found.counts = [count()];
    found.sorts = [head("run_id").getAttribute("aria-sort")];
    const order = async title => {
      const before = ids().join();
      head(title).querySelector("button").click();
      await until(() => ids().join() !== before);
      found.sorts.push(title + " " + head(title).getAttribute("aria-sort"));
      return ids();
    };
    found.ascending = await order("loss");
    found.descending = await order("loss");
    await order("run_id");
    found.newest = await order("run_id");

    await type("cell-2");
    await until(() => count().includes("found"));
    found.words = ids();
    await type("loss < 0.69 and seed > 20");
    await until(() => ids().join() !== found.words.join());
    found.condition = ids();
    found.counts.push(count());
    await type("loss < 0.69 and");
    await until(() => text(".search [role=status]"));
    found.complaint = text(".search [role=status]");
    found.kept = ids();
    await type("");
    await until(() => rows().length === 50);
    found.calm = text(".search [role=status]");

    for (const run of [60, 58, 57]) if (!isPicked(run)) swatch(run).click();
    page("Next").click();
    await until(() => ids()[0] === 10);
    found.counts.push(count());
    swatch(3).closest("tr").cells[1].click();
    await until(() => drawn().length === 4);
    found.picked = drawn();
    page("First").click();
    await until(() => ids()[0] === 60);
    found.some = ids().filter(isPicked);
    found.colours = found.some.map(run => [swatch(run).style.getPropertyValue("--own"),
      document.querySelector(`.chart polyline[data-run="${run}"]`).getAttribute("stroke")]);
    cell(60, "run_id").querySelector("a").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp"])
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    found.focused = document.activeElement.pathname;
    swatch(58).click();
    await until(() => drawn().length === 3);
    found.left = drawn();
    const them = document.querySelector(".picks a");
    found.links = them.pathname;
    await order("loss");
    page("Next").click();
    await until(() => rows().length === 10);
    for (const run of ids().slice(0, 2)) if (!isPicked(run)) swatch(run).click();
    page("First").click();
    await until(() => rows().length === 50);
    press("pick all on this page");
    await until(() => drawn().length === 50);
    found.all = drawn();
    found.links2 = them.textContent + them.pathname;
    found.full = text(".picks [role=status]");
    press("pick none");
    await until(() => drawn().length === 0);
    swatch(ids()[1]).click();
    await until(() => drawn().length === 1);
    const titles = () => [...document.querySelectorAll("thead th")].map(cell => cell.textContent);
    found.columns = titles();
    document.querySelector(".columns summary").click();
    [...document.querySelectorAll(".columns label")].find(label => label.textContent === " seconds").click();
    found.fewer = titles();
    await type("seed");
    await type("");
    page("Last").click();
    await until(() => rows().length === 10);
    await until(() => location.hash.includes("page=2"));
    found.address = location.hash.slice(1);
    found.width = document.documentElement.scrollWidth;
    found.window = document.documentElement.clientWidth;
    found.boxes = document.querySelector(".scroll").getBoundingClientRect().right;
    """#

  /// A laboratory of sixty runs, named and numbered differently.
  static func laboratory() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(name: "cell", epochs: 3))
    try place.lab("run", "config.json", "--seeds", "1..60", "-q")
    _ = try place.sqlite("UPDATE run SET name = name || '-' || (id % 7)")
    return place
  }

  private static func numbers(_ place: Workplace, _ sql: String) throws -> [Int] {
    try place.sqlite(sql).split(separator: "\n").compactMap { Int($0) }
  }

  @Test(arguments: [400, 1600])
  func `runs are sorted, searched, paged and picked`(width: Int) throws {
    let place = try Self.laboratory()
    let page = try ServedPage(place, width: width)
    let found = try page.findings(Findings.self, Self.tools + Self.driver)
    #expect(found.errors == [])
    let newest = Array((11...60).reversed())
    #expect(found.first == newest && found.newest == newest && found.own == [60])
    #expect(found.counts[0] == "1–50 of 60 runs" && found.counts[2] == "51–60 of 60 runs")
    let order = "SELECT run_id FROM runs ORDER BY loss"
    #expect(found.ascending == (try Self.numbers(place, "\(order), run_id LIMIT 50")))
    #expect(found.descending == (try Self.numbers(place, "\(order) DESC, run_id LIMIT 50")))
    #expect(
      found.sorts == [
        "descending", "loss ascending", "loss descending", "run_id ascending", "run_id descending",
        "loss ascending",
      ])
    let named = "SELECT run_id FROM runs WHERE name = 'cell-2' ORDER BY run_id DESC"
    let words = try Self.numbers(place, named)
    #expect(found.words == words && words.count == 9)
    let met = try Self.numbers(
      place, "SELECT run_id FROM runs WHERE loss < 0.69 AND seed > 20 ORDER BY run_id DESC")
    try #require(!met.isEmpty && met.count < 40)
    #expect(found.condition == met && found.kept == met)
    #expect(found.counts[1] == "\(met.count) run\(met.count == 1 ? "" : "s") found, 60 in all")
    #expect(found.complaint != "" && found.calm == "")
    #expect(found.picked == [3, 57, 58, 60] && found.some == [60, 58, 57])
    #expect(found.left == [3, 57, 60] && found.links == "/runs/3,57,60")
    #expect(found.colours.count == 3 && Set(found.colours).count == 3)
    #expect(found.colours.allSatisfy { $0[0] == $0[1] }, "\(found.colours)")
    #expect(found.focused == "/runs/59")
    // Some were picked that are not on the page, and no more than fifty can be.
    #expect(found.all.count == 50 && Set(found.all).isSuperset(of: [3, 57, 60]))
    #expect(found.links2 == "open them/runs/" + found.all.map(String.init).joined(separator: ","))
    #expect(found.full.hasPrefix("At most 50 runs are picked: "), "\(found.full)")
    #expect(found.columns.prefix(4) == ["run_id", "name", "status", "epochs"])
    #expect(found.fewer == found.columns.filter { $0 != "seconds" })
    #expect(!found.columns.contains("test_loss"))
    #expect(found.width <= found.window && found.boxes <= found.window)

    try expectKept(found, place, width: width)
  }

  private struct Kept: Decodable {
    let errors, columns: [String]
    let rows, picked: [Int]
    let count: String
    let again: [Int]
  }

  /// What the address keeps is there again in a new browser.
  private func expectKept(_ before: Findings, _ place: Workplace, width: Int) throws {
    let page = try ServedPage(place, "/#" + before.address, width: width)
    let kept = try page.findings(
      Kept.self,
      Self.tools + #"""
        await until(() => rows().length === 10 && drawn().length === 1);
        found.rows = ids();
        found.picked = drawn();
        found.count = count();
        found.columns = [...document.querySelectorAll("thead th")].map(cell => cell.textContent);
        location.hash = "search=cell-2&picks=2,9";
        await until(() => count().includes("found") && drawn().length === 2);
        found.again = drawn();
        """#)
    #expect(kept.errors == [])
    let last = "SELECT run_id FROM runs ORDER BY loss, run_id LIMIT 10 OFFSET 50"
    #expect(kept.rows == (try Self.numbers(place, last)))
    let second = "SELECT run_id FROM runs ORDER BY loss, run_id LIMIT 1 OFFSET 1"
    #expect(kept.picked == (try Self.numbers(place, second)) && kept.count == "51–60 of 60 runs")
    #expect(kept.columns == before.fewer && kept.again == [2, 9])
  }

  private struct Hostile: Decodable {
    let errors, names: [String]
    let legend: String
    let width, window: Double
  }

  @Test func `names that would be markup, are long or turn the line are texts`() throws {
    let place = try Workplace()
    let names = [
      "</script><script>document.title=1</script>", "<img src=x onerror=document.title=2>",
      String(repeating: "long ", count: 2000), "\u{202E}turned",
    ]
    // The program takes no such names; another that writes into its database may.
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "--seeds", "1..4", "-q")
    for (number, name) in names.enumerated() {
      _ = try place.sqlite("UPDATE run SET name = '\(name)' WHERE id = \(number + 1)")
    }
    let page = try ServedPage(place, width: 400)
    let found = try page.findings(
      Hostile.self,
      Self.tools + #"""
        await until(() => rows().length === 4);
        press("pick all on this page");
        await until(() => drawn().length === 4);
        found.names = ids().map(run => cell(run, "name").textContent);
        found.legend = text(".legend");
        found.width = document.documentElement.scrollWidth;
        found.window = document.documentElement.clientWidth;
        if (document.title !== "lab.db" || document.querySelector("main img"))
          found.errors.push("a name was more than a text");
        """#)
    #expect(found.errors == [])
    #expect(Array(found.names.suffix(2)) == names.prefix(2).reversed())
    #expect(found.names[1].hasPrefix("long long") && found.names[1].count < 1000)
    #expect(!found.names[0].contains("\u{202E}") && found.names[0].contains("turned"))
    #expect(found.legend.contains(names[0]) && found.width <= found.window)
  }
}
