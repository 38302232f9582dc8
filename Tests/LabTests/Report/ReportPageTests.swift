import Foundation
import Testing

/// `report.html` in a real browser: the slider, the sorting, the charts, and no word of complaint.
@Suite(
  .enabled(
    if: Browser.path != nil || Browser.isNeeded,
    "no Chromium is installed (Debian: apt-get install chromium); $CHROMIUM may name one"))
struct ReportPageTests {
  /// A page with two runs, the first of which has the higher loss.
  private static func page() throws -> (place: Workplace, html: String) {
    let place = try Workplace()
    for (seed, epochs) in [(1, 3), (2, 30)] {
      let record = seed == 1 ? #""activations":{"samples":[0],"every":1}"# : ""
      try place.write(Trial(seed: seed, epochs: epochs, record: record))
      try place.lab("run", "config.json", "-q")
    }
    try place.lab("report", "-o", "report")
    return (place, String(decoding: try place.bytes("report/report.html"), as: UTF8.self))
  }

  /// What the script below finds out.
  private struct Findings: Decodable {
    let errors: [String]
    let ids, ascending, descending: [String]
    let sorted: String?
    let first, last, start, again: [String]
    let epochs: [String]
    let gates: [Int]
    let isSliderShown: Bool
    let pointed, keyed: String
    let width, window, inner: Double
  }

  private static let driver = #"""
    <script>
    const found = { errors: complaints };
    const table = document.querySelector("table.sortable");
    const ids = () => [...table.tBodies[0].rows].map(row => row.cells[0].textContent);
    const heads = [...table.tHead.rows[0].cells];
    const loss = heads.find(head => head.textContent.startsWith("loss"));
    found.ids = ids();
    loss.querySelector("button").click();
    found.ascending = ids();
    loss.querySelector("button").click();
    found.descending = ids();
    found.sorted = loss.getAttribute("aria-sort");
    const film = document.querySelector(".film");
    const slider = film.querySelector("input");
    const output = film.querySelector("output");
    const paths = () => [...film.querySelectorAll("path")]
      .map(path => [path.getAttribute("class"), Number(path.getAttribute("fill-opacity")),
        path.getAttribute("d")].join(" ")).sort();
    const move = value => { slider.value = value; slider.dispatchEvent(new Event("input")); };
    found.isSliderShown = !film.querySelector(".slider").hidden;
    found.last = paths();
    found.epochs = [output.textContent];
    move(0);
    found.first = paths();
    found.epochs.push(output.textContent);
    move(1);
    found.start = paths();
    move(slider.max);
    found.again = paths();
    found.epochs.push(output.textContent);
    const gates = document.querySelector("[data-film=gates-1]");
    const drawn = () => [...gates.querySelectorAll("path")].map(path => path.outerHTML).sort().join();
    const pictures = [drawn()];
    for (const value of [0, 3]) {
      gates.querySelector("input").value = value;
      gates.querySelector("input").dispatchEvent(new Event("input"));
      pictures.push(drawn());
    }
    found.gates = [new Set(pictures).size, Number(gates.querySelector("output").textContent),
      document.querySelectorAll(".slider:not([hidden])").length];
    const chart = document.querySelector(".chart svg");
    const box = chart.getBoundingClientRect();
    chart.dispatchEvent(new PointerEvent("pointermove",
      { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }));
    found.pointed = document.querySelector(".reading").textContent;
    chart.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }));
    found.keyed = document.querySelector(".reading").textContent;
    found.width = document.documentElement.scrollWidth;
    found.window = document.documentElement.clientWidth;
    found.inner = innerWidth;
    const result = document.createElement("pre");
    result.id = "found";
    result.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(found))));
    parent.document.body.append(result);
    </script>
    """#

  private static let watch = #"""
    <script>
    const complaints = [];
    addEventListener("error", event => complaints.push(String(event.message)));
    addEventListener("unhandledrejection", event => complaints.push(String(event.reason)));
    for (const name of ["error", "warn"]) console[name] = (...all) => complaints.push(all.join(" "));
    </script>
    """#

  @Test(arguments: [400, 1600])
  func `the page works and fits`(width: Int) throws {
    let (place, html) = try Self.page()
    let driven = html.replacing("<head>", with: "<head>" + Self.watch)
      .replacing("</body>", with: Self.driver + "</body>")
    try place.write(Browser.framed(driven, width: width), to: "driven.html")
    let outcome = try Browser.dump(place, "driven.html", width: width)
    #expect(!outcome.errors.contains("CONSOLE"), "\(outcome.errors)")
    let match = try #require(outcome.output.firstMatch(of: /<pre id="found">([^<]+)</))
    let json = try #require(Data(base64Encoded: String(match.output.1)))
    let found = try JSONDecoder().decode(Findings.self, from: json)
    #expect(found.errors == [])
    #expect(found.ids == ["1", "2"] && found.ascending == ["2", "1"])
    #expect(found.descending == ["1", "2"] && found.sorted == "descending")
    #expect(found.isSliderShown && found.epochs == ["3", "0", "3"])
    // What the script draws of the last epoch is what the page shows without it.
    #expect(found.last.count > 5 && found.again == found.last)
    #expect(found.first != found.last && found.start != found.first)
    // Two runs have stored weights, one of them gates.
    #expect(found.gates[1...] == [3, 3] && (2...3).contains(found.gates[0]), "\(found.gates)")
    #expect(found.pointed.contains("run 1") && found.pointed.contains("run 2"))
    #expect(found.keyed.contains("epoch 3") && found.keyed != found.pointed)
    #expect(found.inner == Double(width))
    #expect(found.width <= found.window, "\(found.width) of \(found.window)")
  }

  @Test func `without scripts everything but the slider is there`() throws {
    let (place, html) = try Self.page()
    let still = html.replacing(/<script>[\s\S]*?<\/script>/, with: "")
    try place.write(still, to: "still.html")
    let outcome = try Browser.dump(place, "still.html", width: 800)
    #expect(!outcome.errors.contains("CONSOLE"), "\(outcome.errors)")
    let page = outcome.output
    #expect(page.contains("<p class=\"slider\" hidden=\"\">"))
    #expect(page.contains("<polyline") && page.contains("Run 2 · trial"))
    #expect(page.matches(of: /<path class="[np]"/).count > 50)
  }
}

/// A Chromium without a window.
enum Browser {
  /// The program; nil where there is none. Scripts/set-up looks in the same places.
  static let path: String? = {
    let named = ProcessInfo.processInfo.environment["CHROMIUM"].map { [$0] } ?? []
    let usual = ["chromium", "chromium-browser", "google-chrome"].map { "/usr/bin/\($0)" }
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return (named + usual + [mac]).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Whether these tests must not be passed over for want of a Chromium, as in .ci/run.
  static let isNeeded = ProcessInfo.processInfo.environment["LSTM_LAB_STRICT"] != nil

  /// A Chromium that has said nothing for so many seconds hangs.
  private static let patience = 120

  /// The narrowest window.
  private static let narrowest = 500

  /// Returns a page that shows another one as narrow as a telephone, which no window is.
  static func framed(_ html: String, width: Int) -> String {
    guard width < narrowest else { return html }
    let text = html.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    return """
      <!doctype html><html><body><iframe style="width:\(width)px;height:1200px;border:0" \
      srcdoc="\(text)"></iframe></body></html>
      """
  }

  /// Opens a file of a folder and returns the page as it is after its scripts.
  static func dump(_ place: Workplace, _ name: String, width: Int) throws -> Program.Outcome {
    guard let path else { throw Program.Failure(description: "there is no Chromium") }
    // On a machine under load a browser may fail to start once, not thrice.
    for _ in 0..<2 {
      let outcome = try open(path, place, name, width: width)
      if outcome.status == 0, outcome.output.contains("</html>") { return outcome }
    }
    let outcome = try open(path, place, name, width: width)
    guard outcome.status == 0 else {
      throw Program.Failure(description: "Chromium ended with \(outcome.status): \(outcome.errors)")
    }
    return outcome
  }

  private static func open(
    _ path: String, _ place: Workplace, _ name: String, width: Int
  ) throws -> Program.Outcome {
    try Program.run(
      path,
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-dev-shm-usage", "--user-data-dir=\(place.file("profile"))",
        "--enable-logging=stderr", "--window-size=\(width),1200", "--virtual-time-budget=2000",
        "--dump-dom", "file://\(place.file(name))",
      ], in: place.path, patience: patience)
  }
}
