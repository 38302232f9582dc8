import Foundation
import Testing

/// The laboratory's page while runs begin, go on and end.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct LiveIndexTests {
  private struct Seen: Decodable {
    let errors: [String]
    var picked: [Int] = []
    var texts: [String] = []
    var touched = 0
  }

  private func seen(_ page: ServedPage, _ script: String) throws -> Seen {
    let seen = try page.findings(
      Seen.self,
      IndexPageTests.tools + "Object.assign(found, { picked: [], texts: [], touched: 0 });\n"
        + script)
    #expect(seen.errors == [])
    return seen
  }

  @Test func `an epoch shows up in its row and its curves, and nothing else is touched`() throws {
    let place = try Workplace()
    try place.write(Trial(name: "first", epochs: 3))
    try place.lab("run", "config.json", "-q")
    let page = try ServedPage(place, width: 1200)
    _ = try seen(
      page,
      #"""
      await until(() => rows().length === 1 && drawn().length === 1);
      window.before = rows()[0];
      """#)
    try place.write(Trial(name: "second", seed: 2, epochs: 1_000_000))
    let run = try LiveProgram(["run", "config.json"], in: place)
    run.read(upTo: 2)
    let begun = try seen(
      page,
      #"""
      await until(() => rows().length === 2 && Number(cell(2, "epochs").textContent) >= 2);
      await until(() => drawn().length === 2);
      found.picked = drawn();
      found.texts = [cell(2, "status").textContent, text(".news"), ids().join()];
      if (rows()[1] !== before) found.errors.push("the row before is another element");
      window.touched = [];
      new MutationObserver(list => touched.push(...list)).observe(before,
        { subtree: true, childList: true, attributes: true, characterData: true });
      """#)
    #expect(begun.picked == [1, 2] && begun.texts[0] == "running" && begun.texts[2] == "2,1")
    #expect(begun.texts[1].contains("run 2 is running"))
    let epoch = 20
    run.read(upTo: epoch)
    let grown = try seen(
      page,
      #"""
      await until(() => Number(cell(2, "epochs").textContent) >= 20);
      await until(() => document.querySelector('.chart polyline[data-run="2"]').getAttribute("points").split(" ").length >= 20);
      found.touched = touched.length;
      found.texts = [cell(2, "loss").textContent];
      """#)
    #expect(grown.touched == 0 && Double(grown.texts[0]) != nil)
    _ = try run.killNow()
    let ended = try seen(
      page,
      #"""
      await until(() => cell(2, "status").textContent === "crashed");
      await until(() => text(".news").includes("crashed"));
      found.texts = [text(".news"), cell(2, "epochs").textContent];
      await rest();
      """#)
    let last = try place.sqlite("SELECT epochs FROM runs WHERE run_id = 2")
    #expect(ended.texts[1] == last && ended.texts[0].contains("run 2 crashed after epoch \(last)"))
    try place.lab("delete", "1", "--yes")
    let left = try seen(
      page,
      #"""
      await until(() => rows().length === 1 && drawn().length === 1 && text(".news").includes("deleted"));
      found.picked = drawn();
      found.texts = [text(".news"), text(".picks")];
      """#)
    #expect(left.picked == [2] && left.texts[0].contains("run 1 is deleted"))
    #expect(left.texts[1].hasPrefix("1 picked: open it"))
  }

  @Test func `an empty laboratory says how to fill it, and fills`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    try place.lab("delete", "1", "--yes")
    let page = try ServedPage(place, width: 1200)
    let empty = try seen(
      page,
      #"""
      await until(() => !document.querySelector(".empty").hidden);
      found.texts = [text(".empty"), String(document.querySelector(".runs").hidden)];
      """#)
    #expect(empty.texts[0].contains("lstm-lab run config.json") && empty.texts[1] == "true")
    try place.lab("run", "config.json", "-q")
    let filled = try seen(
      page,
      #"""
      await until(() => rows().length === 1 && drawn().length === 1);
      found.texts = [cell(ids()[0], "status").textContent, String(document.querySelector(".empty").hidden)];
      """#)
    #expect(filled.texts == ["completed", "true"])
  }

  @Test func `a database that is taken away is missed, and found again`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    let page = try ServedPage(place, width: 1200)
    _ = try seen(page, "await until(() => drawn().length === 1); await rest();")
    _ = try place.shell("mkdir away && mv lab.db* away")
    let lost = try seen(
      page,
      #"""
      await until(() => !document.querySelector(".banner").hidden);
      found.texts = [text(".banner")];
      found.touched = rows().length;
      """#)
    #expect(lost.texts[0].contains("lab.db") && lost.touched == 1)
    _ = try place.shell("mv away/* .")
    try place.lab("run", "config.json", "-q")
    _ = try seen(
      page,
      "await until(() => document.querySelector('.banner').hidden && rows().length === 2);")
  }
}
