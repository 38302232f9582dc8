import LSTMEngine
import LabFormats

extension Repeats {
  /// What is going to be trained, in one line.
  package var headline: String {
    let parameters = plan.summary.parameters
    let validation = plan.validation.map { ", \(NumberText.count($0.count)) to validate" } ?? ""
    let runs = seeds.seeds.count == 1 ? "1 run" : "\(seeds.seeds.count) runs"
    return "\(Visible.line(plan.config.name)): \(NumberText.count(parameters)) parameters, "
      + "\(NumberText.count(plan.train.count)) samples\(validation), "
      + "epochs 1 to \(plan.config.training.epochs), \(runs) (seeds \(seeds)), "
      + "\(atOnce) at a time, \(threads) \(threads == 1 ? "thread" : "threads") each"
  }
}

extension TrainingSession {
  /// How one of several runs ended: in a line where it is complete, else as a single run tells it.
  func closing(
    _ end: TrainingEnd, run: Int64, seconds: Double, in laboratory: Laboratory
  ) -> String {
    guard end.isComplete else {
      return closing(
        end, run: run, seconds: seconds, database: laboratory.path, option: laboratory.option)
    }
    let what = end.message ?? "epoch \(epoch) stored"
    return "run \(run) completed in \(NumberText.duration(seconds)), \(what)"
  }
}
