import ArgumentParser
import Foundation
import Lab

/// Tells on standard output how a run goes that another process trains: in a line that is drawn over on a
/// terminal, else in a line an epoch.
struct FollowDisplay {
  private let live = LiveLine(STDOUT_FILENO)
  private var kept = KeptEpochs()
  private var first: Int?
  private var latest: EpochProgress?
  private var lastKept: Int?

  /// Follows a run to its end, or until a signal comes.
  mutating func follow(_ run: String, all: Bool, in laboratory: Laboratory) throws {
    Interruption.note()
    let end: String?
    do {
      end = try laboratory.follow(
        run, all: all, report: { try tell($0) }, shouldStop: { Interruption.signal != nil })
    } catch {
      live.clear()
      throw error
    }
    live.clear()
    if live.isShown, let latest, latest.epoch != lastKept {
      try write(ProgressLine.plain(latest))
    }
    guard let end else { throw ExitCode(128 + (Interruption.signal ?? SIGINT)) }
    try write(end)
  }

  private func write(_ text: String) throws {
    try Terminal.write(Terminal.message(text, for: STDOUT_FILENO) + "\n")
  }

  private mutating func tell(_ progress: EpochProgress) throws {
    let plain = ProgressLine.plain(progress)
    guard live.isShown else { return try write(plain) }
    let first = first ?? progress.firstEpoch
    self.first = first
    latest = progress
    if kept.takes(progress.epoch, after: first, of: progress.epochs) {
      live.keep(plain)
      lastKept = progress.epoch
    }
    live.draw { ProgressLine.terminal(progress, width: $0, colour: $1) }
  }
}
