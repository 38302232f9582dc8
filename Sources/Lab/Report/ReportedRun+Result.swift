import LSTMEngine
import LabFormats
import LabStore

extension ReportedResult {
  /// What the result of a run makes of the data that it was tested with, else validated, else trained: as
  /// it is stored, else computed; of series always computed.
  ///
  /// - Parameters:
  ///   - plan: Loads the run's data.
  ///   - count: The number of the report's runs, which share the room for dots and rows.
  init?(of opened: OpenedRun, plan: () throws -> TrainingPlan, among count: Int) throws {
    let points = max(100, 1_500 / count)
    let hasSeries = try opened.config.data.train.cutting != nil
    let stored = try Outcomes(storedOf: opened)
    let resources = try TrainingSession.Resources()
    if let stored, !hasSeries {
      self.init(stored, points: points)
      let applied = try? AppliedEpoch(opened, split: stored.split.rawValue, plan: plan())
      rows = ReportedRows(stored, samples: applied?.samples, among: count)
      return
    }
    let applied: AppliedEpoch
    do {
      applied = try AppliedEpoch(opened, split: nil, plan: plan())
    } catch {
      // What is stored can be shown without the series.
      guard let stored else { throw error }
      self.init(stored, points: points)
      return
    }
    guard let outcomes = Outcomes(applied, resources: resources) else { return nil }
    self.init(outcomes, points: points)
    rows = ReportedRows(outcomes, samples: applied.samples, among: count)
    guard hasSeries else { return }
    let ends = try SeriesEnds(opened, split: nil, plan: plan())
    let follows = ends.epoch.computed(resources: resources).outputs
    addSeries(applied, outcomes: outcomes, ends, follows: follows)
  }
}
