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
    for number in [SIGINT, SIGTERM] where !isIgnored(number) {
      var action = sigaction()
      #if canImport(Darwin)
        unsafe action.__sigaction_u.__sa_handler = {
          Interruption.received.store($0, ordering: .relaxed)
        }
      #else
        unsafe action.__sigaction_handler.sa_handler = {
          Interruption.received.store($0, ordering: .relaxed)
        }
      #endif
      action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      unsafe sigaction(number, &action, nil)
    }
  }

  private static func ignore(_ number: Int32) {
    var action = sigaction()
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = SIG_IGN
    #else
      unsafe action.__sigaction_handler.sa_handler = SIG_IGN
    #endif
    unsafe sigaction(number, &action, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = unsafe action.__sigaction_u.__sa_handler
    #else
      let handler = unsafe action.__sigaction_handler.sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
