/// What a training session tells while it goes on.
package enum TrainingEvent: Sendable {
  /// Some batches of the epoch are done, with this mean loss.
  case batch(epoch: Int, done: Int, of: Int, loss: Double)
  /// The epoch is trained and handed over to be stored.
  case epoch(EpochSummary)
}

/// The figures of a finished epoch.
package struct EpochSummary: Equatable, Sendable {
  /// The epoch, from 1.
  package var epoch: Int
  /// Its optimizer's steps, one a batch.
  package var steps: Int
  /// The seconds that it took.
  package var seconds: Double
  /// Loss and metrics by their Keras names (`loss`, `accuracy`, `val_loss`, …), in the order of the
  /// configuration.
  package var values: [(name: String, value: Double)]

  /// Compares every figure.
  package static func == (a: EpochSummary, b: EpochSummary) -> Bool {
    a.epoch == b.epoch && a.steps == b.steps && a.seconds == b.seconds
      && a.values.elementsEqual(b.values) { $0 == $1 }
  }
}

/// How a training session ended.
package enum TrainingEnd: Equatable, Sendable {
  case completed
  /// Early stopping ended it after this epoch; what it followed was best at `best`, if ever.
  case stoppedEarly(epoch: Int, best: Int?, monitor: String)
  /// Stopped at the caller's wish after the last stored epoch.
  case interrupted
  /// Stopped after this epoch, up to which it was to be trained for now.
  case stopped(epoch: Int)
  /// Loss or weights are no longer finite since this batch of this epoch (both count from 1).
  case diverged(epoch: Int, batch: Int)

  /// Whether the run has come to its end, late or early.
  package var isComplete: Bool {
    switch self {
    case .completed, .stoppedEarly: true
    case .interrupted, .stopped, .diverged: false
    }
  }

  /// Whether training came to where it was to end, be it the run's end or not.
  package var isAsAsked: Bool {
    if case .stopped = self { true } else { isComplete }
  }

  /// Why the run ended, where its outcome does not say it.
  package var message: String? {
    switch self {
    case .completed, .interrupted: nil
    case .stopped(let epoch): "stopped at epoch \(epoch)"
    case .stoppedEarly(let epoch, let best?, let monitor):
      "stopped early after epoch \(epoch): \(monitor) was best in epoch \(best)"
    case .stoppedEarly(let epoch, nil, let monitor):
      "stopped early after epoch \(epoch): \(monitor) was never a finite number"
    case .diverged(let epoch, let batch):
      "loss or weights are no longer finite from epoch \(epoch), batch \(batch) on"
    }
  }
}
