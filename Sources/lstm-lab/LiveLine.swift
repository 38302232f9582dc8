import Synchronization

/// The line on standard error that progress is drawn in, over and over; nothing where that is no terminal.
final class LiveLine: Sendable {
  let isShown = Terminal.errorCanBeDrawnOver
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)
  private static let empty = "\r\u{1B}[K"

  /// Draws the line over the one before, ten times a second at most.
  ///
  /// - Parameter line: Makes a line of at most this width, in colour where that is true.
  func draw(_ line: (_ width: Int, _ colour: Bool) -> String) {
    let isDue = lastDrawn.withLock { last in
      if let last, ContinuousClock.now - last < .milliseconds(100) { return false }
      last = .now
      return true
    }
    guard isDue else { return }
    let width = Terminal.errorWidth - 1  // a terminal may wrap after its last column
    Terminal.draw(Self.empty + line(width, Terminal.errorHasColour))
  }

  /// Takes the line away, so that others can be written; the next drawing is due at once.
  func clear() {
    let isDrawn = lastDrawn.withLock { last in
      defer { if last != nil { last = .now - .seconds(1) } }
      return last != nil
    }
    if isShown, isDrawn { Terminal.draw(Self.empty) }
  }
}
