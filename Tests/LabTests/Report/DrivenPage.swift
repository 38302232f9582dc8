import Foundation
import Testing

/// A page with a script that uses it, and what the script finds out.
enum DrivenPage {
  /// What scripts use; `found` is what they hand back.
  private static let tools = #"""
    const found = { errors: [] };
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    // Waits for a state as long as it takes; ten minutes are no state that comes.
    const until = async test => {
      const end = performance.now() + 600_000;
      while (!test() && performance.now() < end) await frame();
      if (!test()) found.errors.push("waited in vain for " + test);
    };
    // Whether nothing is under way that was asked for.
    const rests = () => !document.querySelector("[aria-busy=true]");
    // Waits for an element: the parts of a served page come when they are nearly in sight.
    const part = async selector => {
      let at = 0;
      await until(() => {
        if (document.querySelector(selector)) return true;
        const parts = document.querySelectorAll("[data-load]");
        parts[at++ % parts.length]?.scrollIntoView();
        return false;
      });
      return document.querySelector(selector);
    };
    const seen = async (selector, inner) => {
      const element = await part(selector);
      // What comes above it moves it out of sight.
      await until(() => {
        element.scrollIntoView();
        return element.querySelector(inner) && rests();
      });
      return element;
    };
    // Sets a control, and waits until what it asks for has been drawn.
    const set = async (input, value, event = "input") => {
      input.value = value;
      input.dispatchEvent(new Event(event));
      await frame();
      await until(rests);
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
    _ type: Findings.Type, _ place: Workplace, _ name: String = "report/report.html", width: Int,
    isDark: Bool = false, script: String
  ) throws -> Findings {
    let browser = try Browser.opened(in: place)
    defer { browser.close() }
    try browser.open(place.file(name), width: width, isDark: isDark)
    return try findings(type, in: browser, script: script)
  }

  /// Lets an asynchronous script use the page that a browser shows.
  ///
  /// - Parameter mayFail: Whether the page may ask what it gets no answer to, which Chromium complains of.
  static func findings<Findings: Decodable>(
    _ type: Findings.Type, in browser: Browser, mayFail: Bool = false, script: String
  ) throws -> Findings {
    let json = try browser.evaluate(
      """
      (async () => {
      \(tools)
      try {
      \(script)
      } catch (error) { found.errors.push(String(error.stack)); }
      return JSON.stringify(found);
      })()
      """)
    let complaints = browser.complaints.filter {
      !mayFail || !$0.contains("Failed to load resource: ")
    }
    #expect(complaints == [])
    let text = try #require(json as? String)
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw Program.Failure(description: "\(error): \(text)")
    }
  }
}
