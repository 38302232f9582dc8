import Foundation
import Synchronization

/// Whether the user asked the process to stop: the first SIGINT or SIGTERM is noted, so that the epoch
/// under way can be dropped whole; a second one ends the process at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The signal that came, if one did.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Starts to note signals.
  static func listen() {
    for number in [SIGINT, SIGTERM] {
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
}
