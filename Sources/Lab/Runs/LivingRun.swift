import Foundation
import LabFormats
import LabStore

/// A run that is being trained: how far it is, and when it will end at its pace so far.
struct LivingRun: Sendable {
  /// The last epoch that is stored.
  let epoch: Int
  /// The last epoch that will be trained.
  let epochs: Int
  /// nil before the first epoch.
  let secondsLeft: Double?
  /// Whether early stopping may end it before.
  let mayStopEarly: Bool

  /// Looks at a run as it is now; nil where it is not being trained.
  init?(_ run: StoredRun, in database: LabDatabase, now: Date) throws {
    guard run.status == "running", let training = try? Config(of: run).training else { return nil }
    epoch = run.epochs
    epochs = training.epochs
    mayStopEarly = training.earlyStopping != nil
    var pace = Pace()
    for told in try database.told(of: run.runID, after: -1, last: Pace.epochs) { pace.add(told) }
    let left = Double(max(0, training.epochs - run.epochs))
    secondsLeft = pace.secondsAnEpoch.map { seconds in
      let since = now.timeIntervalSince1970 - (pace.latest ?? 0)
      return max(0, seconds * left - min(max(0, since), seconds))
    }
  }

  /// `828 of 3000`.
  var progress: String { "\(epoch) of \(epochs)" }

  /// `running, 2:03 left`.
  var status: String {
    "running" + (secondsLeft.map { ", \(ProgressLine.clock($0)) left" } ?? "")
  }

  /// `in about 2:03, at 2026-11-29T01:45:10Z`.
  func end(from now: Date) -> String? {
    secondsLeft.map { seconds in
      let time = now.addingTimeInterval(seconds).formatted(.iso8601)
      return "in about \(ProgressLine.clock(seconds)), at \(time)"
        + (mayStopEarly ? ", unless it stops early" : "")
    }
  }
}
