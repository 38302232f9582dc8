import Foundation
import Testing

/// The page of some runs while one of them trains.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct LiveRunTests {
  private struct Seen: Decodable {
    let errors: [String]
    let epoch: Int
    let texts: [String]
    let touched: Int
  }

  private static let tools = #"""
    Object.assign(found, { epoch: 0, texts: [], touched: 0 });
    const row = run => document.querySelector(`.runs tr[data-run="${run}"]`);
    const cell = (run, title) => [...row(run).cells].find(cell => cell.dataset.title === title).textContent;
    const points = run => document.querySelector(`[data-chart] polyline[data-run="${run}"]`)
      .getAttribute("points").split(" ").length;
    const text = selector => document.querySelector(selector).textContent;
    const film = document.querySelector("[data-film=weights-2]");
    const shown = () => Number(film.querySelector("output").textContent);
    const reached = () => Number(text("#run-2 .status").match(/ after epoch (\d+)/)[1]);

    """#

  private func seen(_ page: ServedPage, _ script: String) throws -> Seen {
    let seen = try page.findings(Seen.self, Self.tools + script)
    #expect(seen.errors == [])
    return seen
  }

  /// A run that has ended, and one that trains as far as it is read.
  private func begun() throws -> (Workplace, LiveProgram, ServedPage) {
    let place = try Workplace()
    try place.write(Trial(name: "first", epochs: 3))
    try place.lab("run", "config.json", "-q")
    try place.write(Trial(name: "second", seed: 2, epochs: 1_000_000))
    let run = try LiveProgram(["run", "config.json"], in: place)
    run.read(upTo: 2)
    return (place, run, try ServedPage(place, "/runs/1,2", width: 1000))
  }

  /// Lets everything be drawn, and remembers what is there.
  private static let remember = #"""
    for (const run of [1, 2]) {
      await seen(`[data-film=cell-${run}]`, "svg");
      await seen(`[data-film=weights-${run}]`, "canvas");
      await seen(`#run-${run} [data-load*=history]`, "h3");
      await seen(`[data-film=gates-${run}]`, "canvas");
      await seen(`[data-norms=norms-${run}]`, "svg");
    }
    window.kept = [row(2), row(2).cells[1], ...document.querySelectorAll("[data-chart], [data-chart] svg"),
      ...document.querySelectorAll("#run-2 canvas, #run-2 h3, #run-2 .facts")];
    window.touched = [];
    for (const element of [row(1), document.getElementById("run-1")])
      new MutationObserver(list => touched.push(...list)).observe(element,
        { subtree: true, childList: true, attributes: true, characterData: true });
    found.epoch = reached();
    found.texts = [cell(2, "status"), text("#run-2 .status")];
    """#

  @Test func `what a run records appears by itself, and nothing else is touched`() throws {
    let (place, run, page) = try begun()
    let before = try seen(page, Self.remember)
    #expect(before.texts[0] == "running" && before.texts[1].hasPrefix("running after epoch "))
    let epoch = before.epoch + 60
    run.read(upTo: epoch)
    let grown = try seen(
      page,
      """
      await until(() => reached() >= \(epoch) && points(2) >= \(epoch) && shown() >= \(epoch) && rests());
      point(film.querySelector("canvas"), 0, 0, 2, 5);
      found.epoch = shown();
      found.texts = [film.querySelector(".told").textContent, text("#run-2 .status"), text("#run-2 .stale")];
      found.touched = touched.length;
      if (kept.some(element => !element.isConnected)) found.errors.push("something is another element");
      """)
    #expect(grown.touched == 0)
    let value = try place.sqlite(
      """
      SELECT printf('%!.17g', value) FROM weights WHERE run_id = 2 AND epoch = \(grown.epoch)
        AND layer = 'lstm' AND tensor = 'kernel' AND row = 0 AND col = 0
      """)
    let told = grown.texts[0].components(separatedBy: " = ")
    #expect(told.count == 2 && told[0] == "lstm/kernel · input · from x0 to unit 0")
    #expect(Float(told[1].replacing("−", with: "-")) == Float(value), "\(grown): \(value)")
    #expect(grown.texts[1].hasPrefix("running after epoch "))
    let stale = try #require(
      grown.texts[2].firstMatch(of: /^Loaded at epoch (\d+); the run is at (\d+)/))
    let (loaded, reached) = (try #require(Int(stale.output.1)), try #require(Int(stale.output.2)))
    #expect(loaded < epoch && reached >= epoch)
    try expectEnd(place, run, page)
  }

  /// A run that is killed is crashed, and the page says so.
  private func expectEnd(_ place: Workplace, _ run: LiveProgram, _ page: ServedPage) throws {
    _ = try run.killNow()
    let end = try seen(
      page,
      #"""
      await until(() => cell(2, "status") === "crashed" && text("#run-2 .status").startsWith("crashed"));
      await until(() => rests() && shown() === reached());
      found.epoch = shown();
      found.texts = [text("#run-2 .status"), cell(2, "loss")];
      found.touched = touched.length;
      """#)
    let last = try place.sqlite("SELECT epochs FROM runs WHERE run_id = 2")
    let loss = try place.sqlite("SELECT printf('%.4f', loss) FROM runs WHERE run_id = 2")
    #expect(end.texts == ["crashed after epoch \(last)", loss] && "\(end.epoch)" == last)
    #expect(end.touched == 0)
  }

  @Test func `a reader's place is kept while epochs come, and when a section is loaded again`()
    throws
  {
    let (place, run, page) = try begun()
    let before = try seen(
      page,
      #"""
      await seen("[data-film=weights-2]", "canvas");
      const own = document.querySelector("[data-film=weights-2]");
      await set(own.querySelector("[type=range]"), 1);
      window.kept = [own, ...own.querySelectorAll("canvas")];
      document.querySelector("[data-chart] input").click();
      found.epoch = reached();
      """#)
    let epoch = before.epoch + 60
    run.read(upTo: epoch)
    let grown = try seen(
      page,
      """
      await until(() => reached() >= \(epoch) && Number(film.querySelector("[type=range]").max) >= \(epoch));
      await until(() => text("#run-2 .stale").includes("the run is at"));
      document.querySelector("#run-2 .stale button").click();
      await until(() => Number(text("#run-2 .stale").match(/Loaded at epoch (\\d+)/)[1]) >= \(epoch) && rests());
      found.epoch = shown();
      const picture = document.querySelector("[data-film=cell-2]");
      await until(() => {
        picture.scrollIntoView();
        return picture.querySelector("svg");
      });
      found.texts = [picture.querySelector("h3 output").textContent, String(document.querySelector("[data-chart] input").checked)];
      if (kept.some(element => !element.isConnected)) found.errors.push("something is another element");
      """)
    #expect(grown.epoch == 1 && grown.texts[1] == "true")
    #expect(try #require(Int(grown.texts[0])) >= epoch)
    _ = try run.killNow()
    #expect(try place.sqlite("PRAGMA quick_check") == "ok")
  }

  @Test func `the weights of an epoch are asked for once, and those of no other epoch`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 9))
    try place.lab("run", "config.json", "-q")
    let page = try ServedPage(place, "/runs/1", width: 1000)
    let found = try page.findings(
      Seen.self,
      #"""
      Object.assign(found, { epoch: 9, texts: [], touched: 0 });
      const weights = await seen("[data-film=weights-1]", "canvas");
      const pictures = [];
      for (const value of [0, 3, 9, 3, 0, 5]) {
        await set(weights.querySelector("[type=range]"), value);
        pictures.push(weights.querySelector("canvas").toDataURL());
      }
      found.texts = [performance.getEntriesByType("resource").flatMap(entry =>
        entry.name.match(/frame\?film=weights-1&epoch=(\d+)$/)?.[1] ?? []).sort().join()];
      found.touched = new Set(pictures).size;
      if (pictures[1] !== pictures[3] || pictures[0] !== pictures[4]) found.errors.push("an epoch has two pictures");
      """#)
    #expect(found.errors == [] && found.texts == ["0,3,5,9"] && found.touched == 4)
  }

  @Test func `gates and cells of the samples that are asked for are those that explain computes`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    try place.lab("run", "config.json", "-q")
    let page = try ServedPage(place, "/runs/1", width: 1000)
    let found = try page.findings(
      Seen.self,
      #"""
      Object.assign(found, { epoch: 4, texts: [], touched: 0 });
      const before = await seen("[data-film=gates-1]", "canvas");
      before.querySelector(".ask input").value = "5, 3";
      before.querySelector(".ask").requestSubmit();
      await until(() => !before.isConnected);
      const gates = await seen("[data-film=gates-1]", "canvas");
      found.texts = [[...gates.querySelectorAll("figcaption")].map(title => title.textContent.split(",")[0]).join()];
      const states = [...gates.querySelectorAll("canvas")].find(canvas =>
        canvas.getAttribute("aria-label").startsWith("hidden_state"));
      point(states, 4, 2, 5, 3);
      found.texts.push(gates.querySelector(".told").textContent.split(" = ").at(-1));
      const cell = await seen("[data-film=cell-1]", "svg");
      await set(cell.querySelector("input[type=number]"), 4);
      await until(() => cell.querySelector("dd[data-name]").textContent);
      found.texts.push(cell.querySelector("dd[data-name=hidden_state]").textContent);
      """#)
    #expect(found.errors == [])
    #expect(found.texts[0] == "train sample 5,train sample 3")
    let json = try place.lab(
      "explain", "1@4", "--split", "train", "--sample", "5", "--step", "2", "--json")
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let layer = try #require((whole["layers"] as? [[String: Any]])?[0])
    let value = try #require(layer["hidden_state"] as? [NSNumber])[4].floatValue
    for text in found.texts.dropFirst() {
      #expect(Float(text.replacing("−", with: "-")) == value, "\(text): \(value)")
    }
  }
}
