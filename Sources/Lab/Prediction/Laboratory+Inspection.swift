import LabFormats
import LabStore

extension Laboratory {
  /// Returns all gates and states of one sample: of the run's own data, of a file, or, of a foreign run without a
  /// file, as its program recorded them.
  ///
  /// - Parameters:
  ///   - sample: The sample's number; nil for the first, of a foreign run for the first that was recorded.
  ///   - units: The units that are shown; nil for all.
  ///   - steps: The time steps that are shown; nil for all.
  package func gates(
    _ text: String, _ file: NewData?, sample: Int?, split: String?, layer: String?,
    units: IndexRanges?, steps: IndexRanges?
  ) throws -> GatesReport {
    let opened = try open(text)
    if opened.run.trainer != nil, file == nil {
      return try GatesReport(
        RecordedTrace(opened, sample: sample, layer: layer), of: opened, units: units, steps: steps)
    }
    return try GatesReport(
      inspected(opened, file, split: split), sample: sample ?? 0, layer: layer, units: units,
      steps: steps)
  }

  /// Returns how far the gates of all samples are driven to their bounds.
  package func saturation(
    _ text: String, _ file: NewData?, split: String?, layer: String?
  ) throws -> SaturationReport {
    try SaturationReport(inspected(open(text), file, split: split), layer: layer)
  }

  /// Explains the calculation of one sample and step with the weights of an epoch.
  package func explain(
    _ text: String, _ file: NewData?, sample: Int, step: Int?, unit: Int?, split: String?
  ) throws -> Explanation {
    try Explanation(
      inspected(open(text), file, split: split), sample: sample, step: step, unit: unit)
  }

  /// Tells which inputs at which steps carried a prediction.
  package func attributions(
    _ text: String, _ file: NewData?, sample: Int, step: Int?, output: Int?, split: String?,
    baseline: IntegratedGradients.Baseline, pieces: Int, resources: TrainingSession.Resources
  ) throws -> IntegratedGradients {
    try IntegratedGradients(
      inspected(open(text), file, split: split), sample: sample, output: output, step: step,
      baseline: baseline, pieces: pieces, resources: resources)
  }

  private func inspected(
    _ opened: OpenedRun, _ file: NewData?, split: String?
  ) throws -> InspectedRun {
    guard let file else { return try InspectedRun(opened, split: split) }
    let applied = try applied(opened, file, split: nil, targets: .optional)
    return InspectedRun(
      applied.weights, applied.network, classes: try opened.database.classes(of: opened.id),
      readsText: applied.config.data.train.text != nil, samples: applied.samples,
      of: .file(file.path, hasTargets: applied.hasTargets))
  }
}
