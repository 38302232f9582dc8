import LabFormats
import LabStore

extension Laboratory {
  /// Finds out when each sample of a run's own data, or of a file, was learnt.
  package func learned(
    _ text: String, _ file: NewData?, split: String?, sort: LearnedSamples.Sort, limit: Int,
    resources: TrainingSession.Resources
  ) throws -> LearnedSamples {
    let opened = try open(text)
    return try LearnedSamples(
      opened,
      MeasuredModel(
        applied(opened, file, split: split ?? "train", targets: .required), resources: resources),
      sort: sort, limit: limit)
  }

  /// Measures loss and metrics along the line between two stored states of the same model, with the samples of
  /// the first run, or of a file.
  ///
  /// - Parameter points: The number of places on the line.
  package func interpolation(
    _ a: String, _ b: String, _ file: NewData?, split: String?, points: Int,
    resources: TrainingSession.Resources
  ) throws -> Interpolation {
    let database = try reading()
    let (first, second) = (try open(a, in: database), try open(b, in: database))
    let tensors = try (database.tensors(of: first.id), database.tensors(of: second.id))
    guard tensors.0 == tensors.1 else {
      throw LabError(
        .usage, "the weights of runs \(first.id) and \(second.id) are not the same tensors",
        where: path, next: "name two states of one model")
    }
    let applied = try applied(first, file, split: split, targets: .required)
    let (from, to) = (try StoredWeights(first), try StoredWeights(second))
    return Interpolation(
      from.values(for: applied.network), to.values(for: applied.network),
      MeasuredModel(applied, resources: resources), points: points,
      heading: "From \(from.heading) to \(to.heading): \(applied.description)")
  }

  /// Follows the weights of runs through training.
  ///
  /// - Parameters:
  ///   - surface: The number of places along each side of a grid on which the loss is measured; nil for none.
  ///   - split: The samples that it is measured with.
  package func trajectory(
    _ texts: [String], surface: Int?, split: String?, resources: TrainingSession.Resources
  ) throws -> Trajectory {
    let database = try reading()
    let runs = try texts.map { text in
      try open(whole: text, in: database, "a way goes through all of a run's epochs") {
        run, epoch in
        "name the run alone: lstm-lab trajectory \(run)"
      }
    }
    return try Trajectory(
      runs,
      surface: surface.map { side in
        { (path: WeightStates) in
          let applied = try applied(runs[0], nil, split: split ?? "train", targets: .required)
          return LossSurface(of: path, MeasuredModel(applied, resources: resources), side: side)
        }
      })
  }
}
