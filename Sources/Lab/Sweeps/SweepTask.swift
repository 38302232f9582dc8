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

  /// `point 3 (learning_rate=0.01, units=8), seed 2`.
  package var title: String {
    let settings = settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    return "point \(point)" + (settings.isEmpty ? "" : " (\(Visible.line(settings)))")
      + (repeated.text.isEmpty ? "" : ", \(repeated.text)")
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
}
