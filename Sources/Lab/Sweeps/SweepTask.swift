import LabFormats
import LabStore

/// One run of a sweep: a point with a seed and a fold.
package struct SweepTask: Sendable {
  /// The point's number, from 0.
  package let point: Int
  /// What its settings are.
  package let settings: [ConfigSetting]
  /// The seed and fold.
  package let repeated: RepeatedRun
  let config: Config

  /// `learning_rate=0.01, units=8`.
  package var settingsText: String {
    settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
  }

  /// `point 3 (learning_rate=0.01, units=8), seed 2`.
  package var title: String {
    pointTitle + (repeated.text.isEmpty ? "" : ", \(repeated.text)")
  }

  /// `point 3 (learning_rate=0.01, units=8)`.
  var pointTitle: String {
    "point \(point)" + (settings.isEmpty ? "" : " (\(Visible.line(settingsText)))")
  }
}

/// What became of a run of a sweep.
package struct SweepOutcome: Sendable {
  /// What was done.
  package enum Kind: Sendable {
    /// It was there, and had come to its end before.
    case wasDone
    /// Another process trains it.
    case isElsewhere
    /// It was trained, or trained further, and ended so.
    case ended(TrainingEnd, isResumed: Bool)
    /// An error kept it from being trained or ended it.
    case failed(any Error)
  }

  /// Which run it is.
  package let task: SweepTask
  /// Its number in the database; nil where it could not be begun.
  package let run: Int64?
  /// What was done.
  package let kind: Kind
  /// How it ended, as people are told; empty where nothing was trained.
  package let closing: String

  /// The same where it goes on from what was done by the same command before.
  func after(_ before: SweepOutcome?) -> SweepOutcome {
    switch (before?.kind, kind) {
    case (.ended?, .wasDone): before ?? self
    case (.ended(_, isResumed: false)?, .ended(let end, isResumed: true)):
      SweepOutcome(task: task, run: run, kind: .ended(end, isResumed: false), closing: closing)
    default: self
    }
  }
}
