import Foundation
import Testing

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
        "--enable-logging=stderr", "--window-size=\(width),1200", "--virtual-time-budget=30000",
        "--dump-dom", "file://\(place.file(name))",
      ], in: place.path, patience: patience)
  }
}

/// A page with a script that uses it, and what the script finds out.
struct DrivenPage {
  private static let watch = #"""
    <script>
    const complaints = [];
    addEventListener("error", event => complaints.push(String(event.message)));
    addEventListener("unhandledrejection", event => complaints.push(String(event.reason)));
    for (const name of ["error", "warn"]) console[name] = (...all) => complaints.push(all.join(" "));
    </script>
    """#

  /// What scripts use; `found` is what they hand back.
  private static let tools = #"""
    const found = { errors: complaints };
    const pause = time => new Promise(done => setTimeout(done, time));
    const until = async test => {
      for (let i = 0; i < 200 && !test(); i++) await pause(20);
      if (!test()) complaints.push("waited in vain for " + test);
    };
    const seen = async (selector, inner) => {
      const element = document.querySelector(selector);
      element.scrollIntoView();
      await until(() => element.querySelector(inner));
      return element;
    };
    const set = async (input, value) => {
      input.value = value;
      input.dispatchEvent(new Event("input"));
      await pause(1);
    };
    const point = (canvas, row, col, rows, cols) => {
      const box = canvas.getBoundingClientRect();
      canvas.dispatchEvent(new PointerEvent("pointermove", {
        clientX: box.left + box.width * (col + .5) / cols,
        clientY: box.top + box.height * (row + .5) / rows,
      }));
    };
    """#

  /// Opens a page, lets an asynchronous script use it, and returns what the script put into `found`.
  static func findings<Findings: Decodable>(
    _ type: Findings.Type, _ place: Workplace, _ html: String, width: Int, script: String
  ) throws -> Findings {
    let driver = """
      <script>
      \(tools)
      (async () => {
      \(script)
      })().catch(error => complaints.push(String(error.stack))).finally(() => {
        const result = document.createElement("pre");
        result.id = "found";
        result.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(found))));
        parent.document.body.append(result);
      });
      </script>
      """
    let driven = html.replacing("<head>", with: "<head>" + watch)
      .replacing("</body>", with: driver + "</body>")
    try place.write(Browser.framed(driven, width: width), to: "driven.html")
    let outcome = try Browser.dump(place, "driven.html", width: width)
    #expect(!outcome.errors.contains("CONSOLE"), "\(outcome.errors)")
    let match = try #require(outcome.output.firstMatch(of: /<pre id="found">([^<]+)</))
    let json = try #require(Data(base64Encoded: String(match.output.1)))
    do {
      return try JSONDecoder().decode(type, from: json)
    } catch {
      throw Program.Failure(description: "\(error): \(String(decoding: json, as: UTF8.self))")
    }
  }
}
