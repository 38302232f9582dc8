import Foundation
import Testing

/// The page of some runs when an answer, a run, the database or the server is lost.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct LostRunTests {
  private struct Seen: Decodable {
    let errors: [String]
    let texts: [String]
  }

  private static let tools = #"""
    found.texts = [];
    const text = selector => document.querySelector(selector).textContent;
    const banner = () => document.querySelector(".banner");
    const lines = run => [...document.querySelectorAll(`[data-chart] polyline[data-run="${run}"]`)];

    """#

  /// What Chromium says of answers that it did not get is what these tests are about.
  private func seen(_ page: ServedPage, _ script: String) throws -> [String] {
    let seen = try page.findings(Seen.self, mayFail: true, Self.tools + script)
    #expect(seen.errors == [])
    return seen.texts
  }

  private func page(of runs: Int) throws -> (Workplace, ServedPage) {
    let place = try Workplace()
    for run in 1...runs {
      try place.write(Trial(name: "trial \(run)", seed: run, epochs: 4))
      try place.lab("run", "config.json", "-q")
    }
    let list = (1...runs).map { "\($0)" }.joined(separator: ",")
    return (place, try ServedPage(place, "/runs/\(list)", width: 1000))
  }

  @Test func `a section that cannot be loaded says why, and is loaded when it is asked for again`()
    throws
  {
    let (place, page) = try page(of: 4)
    _ = try place.shell("mkdir away && mv lab.db* away")
    let lost = try seen(
      page,
      #"""
      await until(() => !banner().hidden);
      document.querySelector('a[href="#run-2"]').click();
      await until(() => document.querySelector("#run-2 .loading button"));
      found.texts = [banner().textContent, text("#run-2 .loading"), String(lines(2).length > 0)];
      """#)
    #expect(lost[0].contains("lab.db") && lost[1].hasPrefix("Not loaded: ") && lost[2] == "true")
    _ = try place.shell("mv away/* .")
    let found = try seen(
      page,
      #"""
      await until(() => banner().hidden);
      document.querySelector("#run-2 .loading button").click();
      const film = await seen("#run-2 [data-film=weights-2]", "canvas");
      found.texts = [film.querySelector("output").textContent, text("#run-2 summary")];
      """#)
    #expect(found == ["4", "Run 2 · trial 2"])
  }

  @Test func `when the server has ended, what is there stays, and the page says so`() throws {
    let (_, page) = try page(of: 1)
    _ = try seen(page, #"await seen("[data-film=weights-1]", "canvas");"#)
    page.server.process.terminate()
    page.server.process.waitUntilExit()
    let lost = try seen(
      page,
      #"""
      await until(() => !banner().hidden);
      const film = document.querySelector("[data-film=weights-1]");
      await set(film.querySelector("[type=range]"), 0);
      found.texts = [banner().textContent, film.querySelector("output").textContent,
        film.querySelector(".thinned").textContent, String(lines(1).length > 0)];
      """#)
    #expect(lost[0].hasPrefix("The connection to lstm-lab serve is lost."))
    #expect(lost[1] == "4" && lost[2] == "epoch 0: lstm-lab serve does not answer")
    #expect(lost[3] == "true")
  }

  @Test func `where another database has come into its place, nothing is left of the old one`()
    throws
  {
    let (place, page) = try page(of: 2)
    _ = try seen(page, #"await seen("[data-film=weights-1]", "canvas");"#)
    // Of as many runs with as many epochs: only what they are tells them apart.
    _ = try place.shell(
      #"""
      mkdir away && cp config.json away/ && cd away || exit 1
      sed -i 's/"name":"trial 2"/"name":"another"/; s/"seed":2/"seed":9/' config.json
      "$LAB" run config.json -q && "$LAB" run config.json -q || exit 1
      sqlite3 -init /dev/null lab.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
      rm -f ../lab.db-wal ../lab.db-shm && mv lab.db ../lab.db
      """#)
    // The page loads itself anew, and what asks it meanwhile gets no answer.
    let end = ContinuousClock.now + .seconds(60)
    var heading: String?
    while heading != "Run 1 · another", ContinuousClock.now < end {
      usleep(200_000)
      heading = try? page.findings(
        Seen.self, mayFail: true,
        ##"found.texts = [document.querySelector("#run-1 h2")?.textContent ?? ""];"##
      ).texts.first
    }
    #expect(heading == "Run 1 · another")
    let after = try seen(
      page,
      #"""
      const film = await seen("[data-film=weights-1]", "canvas");
      const numbers = await Source.frame("weights-1", 4);
      found.texts = [film.querySelector("output").textContent, String(numbers[0])];
      """#)
    let weight = try place.sqlite(
      """
      SELECT value FROM weights WHERE run_id = 1 AND epoch = 4 AND layer = 'lstm' AND tensor = 'kernel'
        AND "row" = 0 AND col = 0
      """)
    #expect(after[0] == "4" && Float(after[1]) == Float(weight), "\(after) \(weight)")
  }

  @Test func `a run that is deleted goes, one that is renamed has its new name, the others stay`()
    throws
  {
    let (place, page) = try page(of: 3)
    let before = try seen(
      page,
      #"""
      await seen("[data-film=weights-3]", "canvas");
      found.texts = [lines(3)[0].getAttribute("stroke")];
      """#)
    try place.lab("delete", "1", "--yes")
    try place.lab("rename", "3", "other")
    let after = try seen(
      page,
      #"""
      await until(() => lines(1).length === 0 && text("#run-3 h2") === "Run 3 · other");
      await until(() => document.querySelector(".runs tbody").rows.length === 2);
      const row = document.querySelector('.runs tr[data-run="3"]');
      found.texts = [lines(3)[0].getAttribute("stroke"), text("#run-1 summary"), row.cells[1].textContent,
        text('.legend li[data-run="3"]'), String(banner().hidden),
        String(document.querySelectorAll("[data-film=weights-3] canvas").length > 0)];
      """#)
    #expect(after[0] == before[0])
    #expect(
      Array(after[1...])
        == ["Run 1 · trial 1 deleted", "other", "run 3 other", "true", "true"])
  }
}
