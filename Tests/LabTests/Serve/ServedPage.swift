import Foundation
import Testing

/// A page of a folder's laboratory as `lstm-lab serve` gives it, in a browser.
final class ServedPage {
  let server: LiveServer
  /// Its folder stays as long as the page.
  private let place: Workplace
  private let browser: Browser

  /// Opens a page.
  ///
  /// - Parameter path: Its path, such as `/runs/1`.
  init(_ place: Workplace, _ path: String = "/", width: Int, isDark: Bool = false) throws {
    self.place = place
    server = try LiveServer(place)
    browser = try Browser.opened(in: place)
    try browser.open(served: server.address, path, width: width, isDark: isDark)
  }

  deinit { browser.close() }

  /// Lets an asynchronous script use the page, and returns what it put into `found`; a page can be used any
  /// number of times.
  ///
  /// - Parameter mayFail: Whether the page may ask what it gets no answer to.
  func findings<Findings: Decodable>(
    _ type: Findings.Type, mayFail: Bool = false, _ script: String
  ) throws -> Findings {
    try DrivenPage.findings(type, in: browser, mayFail: mayFail, script: script)
  }
}
