import LabFormats
import LabStore

extension Laboratory {
  /// Returns what an epoch of a run makes of a file's samples, or of a part of the run's own data.
  package func predict(
    _ text: String, _ file: NewData?, split: String?, resources: TrainingSession.Resources
  ) throws -> Predictions {
    try Predictions(
      applied(text, file, split: split, targets: .optional), resources: resources)
  }

  /// Returns what follows the end of each series of a file, or of a part of the run's own data, as an
  /// epoch of a run tells it.
  ///
  /// - Parameter label: The column whose text says what the last known row is.
  package func forecast(
    _ text: String, _ file: NewData?, split: String?, label: String?,
    resources: TrainingSession.Resources
  ) throws -> SeriesForecast {
    let opened = try open(text)
    let ends = try file.map { try SeriesEnds(opened, file: $0) } ?? SeriesEnds(opened, split: split)
    if file == nil, split == nil {
      tell("run \(opened.id) tells what follows its \(ends.epoch.description)")
    }
    ends.notes.forEach(tell)
    return try SeriesForecast(ends, label: label, resources: resources)
  }

  /// Measures an epoch of a run with a file's samples, or with a part of the run's own data.
  package func evaluate(
    _ text: String, _ file: NewData?, split: String?, resources: TrainingSession.Resources
  ) throws -> Evaluation {
    try Evaluation(applied(text, file, split: split, targets: .required), resources: resources)
  }

  private func applied(
    _ text: String, _ file: NewData?, split: String?, targets presence: TargetPresence
  ) throws -> AppliedEpoch {
    let opened = try open(text)
    if let file {
      let epoch = try AppliedEpoch(opened, file: file, targets: presence)
      epoch.missing.map(tell)
      return epoch
    }
    let epoch = try AppliedEpoch(opened, split: split)
    if split == nil { tell("run \(opened.id) is applied to its \(epoch.description)") }
    return epoch
  }
}
