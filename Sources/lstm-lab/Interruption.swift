import Foundation
import Synchronization

/// Whether the user asked the process to stop: the first SIGINT or SIGTERM is noted, so that what is
/// under way can be dropped whole; a second one ends the process at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The signal that came, if one did.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Starts to note signals, for a training: a reader of our messages that goes away does not end it.
  static func listen() {
    ignore(SIGPIPE)
    note()
  }

  /// Starts to note signals. One that was ignored from the start, as in a shell's background job,
  /// stays ignored.
  static func note() {
    // The handler must not be the first to ask for it.
    _ = LiveLine.shownOn.load(ordering: .relaxed)
    for number in [SIGINT, SIGTERM] where !isIgnored(number) {
      var action = sigaction()
      #if canImport(Darwin)
        unsafe action.__sigaction_u.__sa_handler = { Interruption.take($0) }
      #else
        unsafe action.__sigaction_handler.sa_handler = { Interruption.take($0) }
      #endif
      action.sa_flags = SA_RESTART
      unsafe sigaction(number, &action, nil)
    }
  }

  /// Notes the first signal; the second one ends the process, and leaves no half line on a terminal.
  private static func take(_ number: Int32) {
    let (isFirst, _) = received.compareExchange(
      expected: 0, desired: number, ordering: .sequentiallyConsistent)
    if isFirst { return }
    let descriptor = LiveLine.shownOn.load(ordering: .sequentiallyConsistent)
    if descriptor >= 0 { LiveLine.clearAtOnce(descriptor) }
    handle(number, by: SIG_DFL)
    raise(number)
  }

  /// Whatever signal ends the process while an answer is written to a terminal: leaves neither a colour nor
  /// a half line there, of which the terminal throws away what it has not shown yet.
  static func leaveClean() {
    for number in [SIGINT, SIGTERM] where hasDefault(number) {
      handle(number) { number in
        // ESC [ 0 m, line feed
        var bytes: (UInt8, UInt8, UInt8, UInt8, UInt8) = (27, 91, 48, 109, 10)
        unsafe withUnsafeBytes(of: &bytes) {
          _ = unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count)
        }
        Interruption.handle(number, by: SIG_DFL)
        raise(number)
      }
    }
  }

  private static func ignore(_ number: Int32) { handle(number, by: SIG_IGN) }

  private static func handle(_ number: Int32, by handler: (@convention(c) (Int32) -> Void)?) {
    var action = sigaction()
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = handler
    #else
      unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    unsafe sigaction(number, &action, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool { isHandled(number, by: SIG_IGN) }

  private static func hasDefault(_ number: Int32) -> Bool { isHandled(number, by: SIG_DFL) }

  private static func isHandled(
    _ number: Int32, by wanted: (@convention(c) (Int32) -> Void)?
  ) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = unsafe action.__sigaction_u.__sa_handler
    #else
      let handler = unsafe action.__sigaction_handler.sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(wanted, to: Int.self)
  }
}
