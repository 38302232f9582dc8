import Foundation
import Testing

/// A Chromium without a window, which a test tells over a pipe what to do.
///
/// It keeps the time of the wall, so whoever waits waits for a state: a slow machine is only slower.
final class Browser {
  /// The program; nil where there is none. Scripts/set-up looks in the same places.
  static let path: String? = {
    let named = ProcessInfo.processInfo.environment["CHROMIUM"].map { [$0] } ?? []
    let usual = ["chromium", "chromium-browser", "google-chrome"].map { "/usr/bin/\($0)" }
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return (named + usual + [mac]).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Whether these tests must not be passed over for want of a Chromium, as in .ci/run.
  static let isNeeded = ProcessInfo.processInfo.environment["LSTM_LAB_STRICT"] != nil

  /// A Chromium that has not come to an end after so many seconds hangs.
  private static let patience = 1200

  /// What the pages said that nobody wants to hear: errors, warnings, what was not caught.
  private(set) var complaints: [String] = []

  private let process = Process()
  private let (commands, answers) = (Pipe(), Pipe())
  private var number = 0
  private var unread = Data()
  /// Ends a Chromium that hangs.
  private var end: DispatchWorkItem?
  /// The page, as Chromium calls it.
  private var session: String?

  /// Opens one; on a machine under load a browser may fail to start once, not thrice.
  static func opened(in place: Workplace) throws -> Browser {
    for _ in 0..<2 {
      if let browser = try? Browser(in: place) { return browser }
    }
    return try Browser(in: place)
  }

  private init(in place: Workplace) throws {
    guard let path = Self.path else { throw Program.Failure(description: "there is no Chromium") }
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", #"exec "$0" "$@" 3<&0 4>&1 >&2"#, path, "--headless=new", "--no-sandbox",
      "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars",
      "--user-data-dir=\(place.file("profile-\(UUID().uuidString)"))", "--remote-debugging-pipe",
    ]
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    try process.runWithSignals()
    let number = process.processIdentifier
    let end = DispatchWorkItem { kill(number, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.patience), execute: end)
    self.end = end
    do {
      let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? ""
      let attached = try call("Target.attachToTarget", ["targetId": target, "flatten": true])
      session = attached["sessionId"] as? String
      for domain in ["Page", "Runtime", "Log"] { try call("\(domain).enable") }
    } catch {
      close()
      throw error
    }
  }

  /// Ends it.
  func close() {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    end?.cancel()
    try? commands.fileHandleForWriting.close()
    try? answers.fileHandleForReading.close()
  }

  /// Opens a file in a window of some width, and waits until it is whole.
  func open(_ path: String, width: Int, isDark: Bool = false) throws {
    try show(width: width, isDark: isDark)
    try go(to: "file://\(path)", until: "location.protocol === 'file:'")
  }

  /// Opens a page of a server of ours, and waits until it is whole.
  ///
  /// - Parameters:
  ///   - address: What the server printed, with its token.
  ///   - place: The page's path.
  func open(served address: String, _ place: String, width: Int, isDark: Bool = false) throws {
    try show(width: width, isDark: isDark)
    try go(to: address, until: "location.protocol === 'http:' && location.search === ''")
    // Between two places of one page nothing is loaded.
    try go(to: "about:blank", until: "location.protocol === 'about:'")
    let root = String(address[..<(address.range(of: "/?")?.lowerBound ?? address.endIndex)])
    try go(to: root + place, until: "location.protocol === 'http:'")
  }

  /// Sets the window.
  private func show(width: Int, isDark: Bool) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": 1200, "deviceScaleFactor": 1, "mobile": false])
    let theme = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
    try call("Emulation.setEmulatedMedia", ["features": [theme]])
  }

  private func go(to url: String, until isThere: String) throws {
    try call("Page.navigate", ["url": url])
    let isWhole = "\(isThere) && document.readyState === 'complete'"
    let end = ContinuousClock.now + .seconds(120)
    while true {
      // A page that is asked in the moment in which it goes does not answer.
      let answer = try? call("Runtime.evaluate", ["expression": isWhole, "returnByValue": true])
      if answer?.value as? Bool == true { return }
      guard ContinuousClock.now < end else {
        throw Program.Failure(description: "\(url) is not there: \(isWhole)")
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// Returns what an expression comes to, or the promise that it makes.
  func evaluate(_ script: String) throws -> Any? {
    let result = try call(
      "Runtime.evaluate", ["expression": script, "awaitPromise": true, "returnByValue": true])
    if let exception = result["exceptionDetails"] {
      throw Program.Failure(description: "\(exception)")
    }
    return result.value
  }

  /// Lets no page's own script run from now on.
  func forbidScripts() throws {
    try call("Emulation.setScriptExecutionDisabled", ["value": true])
  }

  @discardableResult
  private func call(
    _ method: String, _ parameters: [String: Any] = [:]
  ) throws -> [String: Any] {
    number += 1
    var message: [String: Any] = ["id": number, "method": method, "params": parameters]
    message["sessionId"] = session
    let data = try JSONSerialization.data(withJSONObject: message)
    try commands.fileHandleForWriting.write(contentsOf: data + [0])
    while true {
      let answer = try next()
      guard answer["id"] as? Int == number else {
        note(answer)
        continue
      }
      if let result = answer["result"] as? [String: Any] { return result }
      throw Program.Failure(description: "\(method): \(answer["error"] ?? "no answer")")
    }
  }

  /// Reads a message; each ends with a zero.
  private func next() throws -> [String: Any] {
    while true {
      if let end = unread.firstIndex(of: 0) {
        let message = try JSONSerialization.jsonObject(with: Data(unread[..<end]))
        unread = Data(unread[unread.index(after: end)...])
        return message as? [String: Any] ?? [:]
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Program.Failure(description: "Chromium has ended") }
      unread += more
    }
  }

  private func note(_ event: [String: Any]) {
    let parameters = event["params"] as? [String: Any] ?? [:]
    let isLoud =
      switch event["method"] as? String {
      case "Runtime.exceptionThrown": true
      case "Runtime.consoleAPICalled":
        ["error", "warning", "assert"].contains(parameters["type"] as? String)
      case "Log.entryAdded":
        ["error", "warning"].contains(
          (parameters["entry"] as? [String: Any])?["level"] as? String)
      default: false
      }
    if isLoud { complaints.append("\(parameters)") }
  }
}

extension [String: Any] {
  /// The value of an evaluation.
  fileprivate var value: Any? { (self["result"] as? [String: Any])?["value"] }
}
