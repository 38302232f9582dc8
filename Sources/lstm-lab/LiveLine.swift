import Foundation
import LabFormats
import Synchronization

/// The last line of a terminal, which is drawn over, with lines that stay above it.
///
/// Several threads may use it. Whatever ends the process, no half line stays behind: see ``shownOn``.
final class LiveLine: Sendable {
  /// The stream with a line that is to be cleared before the process ends, or -1.
  static let shownOn = Atomic<Int32>(-1)

  /// Takes the cursor to the line's start and clears it.
  private static let clearing = "\r\u{1B}[K"
  /// How often it is drawn at most.
  private static let pause = Duration.milliseconds(100)

  private let descriptor: CInt
  /// Whether there is a terminal that can be drawn over.
  let isShown: Bool
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

  init(_ descriptor: CInt) {
    self.descriptor = descriptor
    isShown = Terminal.canBeDrawnOver(descriptor)
  }

  /// Draws a line over the one before, if that is not too soon; one column stays free, since a terminal
  /// may wrap after its last.
  func draw(_ line: (_ width: Int, _ colour: Bool) -> String) {
    guard isShown else { return }
    lastDrawn.withLock { last in
      if let last, ContinuousClock.now - last < Self.pause { return }
      last = .now
      let width = (Terminal.width(of: descriptor) ?? 80) - 1
      LiveLine.shownOn.store(descriptor, ordering: .sequentiallyConsistent)
      Terminal.draw(
        Self.clearing + line(width, Terminal.hasColour(descriptor)), on: descriptor)
    }
  }

  /// Writes lines that stay, in the place of the one that is drawn over.
  func keep(_ text: String) {
    lastDrawn.withLock { last in
      Terminal.draw(
        (last == nil ? "" : Self.clearing) + Terminal.message(text, for: descriptor) + "\n",
        on: descriptor)
      // What is drawn next begins a new line, and need not wait.
      last = last.map { _ in .now - Self.pause }
    }
  }

  /// Takes the line away on a stream, as a signal's handler may: without memory or locks.
  static func clearAtOnce(_ descriptor: CInt) {
    var bytes: (UInt8, UInt8, UInt8, UInt8) = (13, 27, 91, 75)  // as `clearing`
    unsafe withUnsafeBytes(of: &bytes) { _ = unsafe write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Takes the line away; it may be drawn again.
  func clear() {
    lastDrawn.withLock { last in
      guard last != nil else { return }
      Terminal.draw(Self.clearing, on: descriptor)
      LiveLine.shownOn.store(-1, ordering: .sequentiallyConsistent)
      last = .now - Self.pause
    }
  }
}

/// Which epochs' lines stay on a terminal: each tenth of the way, and one when ten seconds are over.
struct KeptEpochs {
  private var last = ContinuousClock.now
  private static let pause = Duration.seconds(10)

  /// Whether an epoch's line stays; `first` is the epoch that training began after.
  mutating func takes(_ epoch: Int, after first: Int, of epochs: Int) -> Bool {
    let length = max(1, epochs - first)
    let tenth = { (epoch: Int) in (epoch - first) * 10 / length }
    guard tenth(epoch) > tenth(epoch - 1) || ContinuousClock.now - last >= Self.pause else {
      return false
    }
    last = .now
    return true
  }
}
