import Lab
import NIOCore

/// Tells all open pages what happens, each event with an id, so that a page that slept goes on from the last
/// that it has seen. It lives on the server's event loop.
final class EventHub {
  /// A page that is told.
  protocol Viewer: AnyObject {
    /// Whether it takes in what it is told.
    var isReading: Bool { get }
    func tell(_ text: String)
    func leave()
  }

  private struct Event {
    let number: Int
    let text: String
  }

  private struct Seat {
    let viewer: any Viewer
    /// Since when it has not been reading.
    var behindSince: NIODeadline?
  }

  /// The events that are kept for pages that slept.
  private static let mostKept = 512
  private static let patience = TimeAmount.seconds(60)
  /// The most pages at once.
  static let mostViewers = 32

  /// Ids of one server mean nothing to the next.
  private let name = String(UInt64.random(in: .min ... .max), radix: 36)
  private var number = 0
  private var kept: [Event] = []
  private var seats: [ObjectIdentifier: Seat] = [:]
  /// What newcomers have to be told first: that the database cannot be read.
  private var trouble: LabEvent?

  /// Whether nobody is to be told.
  var isEmpty: Bool { seats.isEmpty }
  /// Whether no more pages are taken.
  var isFull: Bool { seats.count >= Self.mostViewers }

  /// Takes in a page; one that was here before is told what it has missed.
  ///
  /// - Parameter last: The id of the last event that it has seen.
  func add(_ viewer: any Viewer, after last: String?) {
    seats[ObjectIdentifier(viewer)] = Seat(viewer: viewer)
    viewer.tell("retry: 1000\n\n")
    let missed = last.flatMap(eventsMissed)
    if let missed {
      for event in missed { viewer.tell(event.text) }
    } else if last != nil {
      viewer.tell(text("reset", "{}"))
    } else {
      // What has changed between the page and this is asked for once.
      viewer.tell(text("runs", #"{"runs":[],"gone":[]}"#))
    }
    if let trouble { viewer.tell(text(trouble.name, trouble.data)) }
  }

  /// Nothing is told to it any more.
  func remove(_ viewer: any Viewer) { seats[ObjectIdentifier(viewer)] = nil }

  /// Tells an event to all.
  func publish(_ event: LabEvent) {
    if case .lost = event { trouble = event } else { trouble = nil }
    number += 1
    let text = text(event.name, event.data)
    kept.append(Event(number: number, text: text))
    if kept.count > Self.mostKept { kept.removeFirst(kept.count - Self.mostKept) }
    for seat in seats.values where seat.behindSince == nil { seat.viewer.tell(text) }
  }

  /// Looks after those that do not read: what they miss is not kept for them, and in the end they have to go.
  /// With a line that says nothing it finds out who is gone.
  func care(isTimeForSign: Bool) {
    for (key, seat) in seats {
      if seat.viewer.isReading {
        if seat.behindSince != nil { seat.viewer.tell(text("reset", "{}")) }
        seats[key]?.behindSince = nil
        if isTimeForSign { seat.viewer.tell(": here\n\n") }
      } else if let since = seat.behindSince {
        if NIODeadline.now() - since > Self.patience { seat.viewer.leave() }
      } else {
        seats[key]?.behindSince = .now()
      }
    }
  }

  private func text(_ event: String, _ data: String) -> String {
    "id: \(name)-\(number)\nevent: \(event)\ndata: \(data)\n\n"
  }

  /// The events after one; nil where they are not known.
  private func eventsMissed(after id: String) -> [Event]? {
    let parts = id.split(separator: "-")
    guard parts.count == 2, parts[0] == name, let seen = Int(parts[1]), seen <= number else {
      return nil
    }
    guard seen == number || kept.first.map({ $0.number <= seen + 1 }) == true else { return nil }
    return kept.filter { $0.number > seen }
  }
}
