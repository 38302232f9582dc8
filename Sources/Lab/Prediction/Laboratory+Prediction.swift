import LabFormats
import LabStore

extension Laboratory {
  /// Returns what an epoch of a run makes of a file's samples, or of a part of the run's own data.
  ///
  /// - Parameter label: The column whose text in a window's last row says where it ends.
  package func predict(
    _ text: String, _ file: NewData?, split: String?, label: String?,
    resources: TrainingSession.Resources
  ) throws -> Predictions {
    let opened = try open(text)
    if label != nil, try opened.config.data.train.windows == nil {
      throw LabError(
        .usage,
        "run \(opened.id) was not trained on windows, of which the last row's text could be shown",
        where: "--label",
        next: "leave it out: rows have the names or numbers of their samples")
    }
    return try Predictions(
      applied(opened, file, split: split, targets: .optional), label: label, resources: resources)
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
    try Evaluation(
      applied(open(text), file, split: split, targets: .required), resources: resources)
  }

  /// Takes a file's samples, or a part of the run's own data; tells what was chosen and what was filled in.
  func applied(
    _ opened: OpenedRun, _ file: NewData?, split: String?, targets presence: TargetPresence
  ) throws -> AppliedEpoch {
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
