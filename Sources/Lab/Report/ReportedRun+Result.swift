import LSTMEngine
import LabFormats
import LabStore

extension ReportedResult {
  /// What the result of a run makes of the data that it was tested with, else validated, else trained: as
  /// it is stored, else computed; of series always computed.
  ///
  /// - Parameters:
  ///   - plan: Loads the run's data.
  ///   - points: The most dots of a picture.
  init?(of opened: OpenedRun, plan: () throws -> TrainingPlan, points: Int) throws {
    let hasSeries = try opened.config.data.train.cutting != nil
    let stored = try Outcomes(storedOf: opened)
    let resources = try TrainingSession.Resources()
    if let stored, !hasSeries {
      self.init(stored, points: points)
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
    guard hasSeries else { return }
    let ends = try SeriesEnds(opened, split: nil, plan: plan())
    let follows = ends.epoch.computed(resources: resources).outputs
    addSeries(applied, outcomes: outcomes, ends, follows: follows)
  }
}
