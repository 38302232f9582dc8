import LSTMEngine
import LabFormats
import LabStore

extension TrainingSession {
  /// What is going to be trained, in one line.
  package var headline: String {
    let parameters = plan.summary.parameters
    let validation = plan.validation.map { ", \($0.count) to validate" } ?? ""
    return "\(Visible.line(plan.config.name)): \(NumberText.count(parameters)) parameters, "
      + "\(NumberText.count(plan.train.count)) samples\(validation), "
      + "\(epochsToCome), \(threads) \(threads == 1 ? "thread" : "threads")"
      + (startsOptimizer ? ", a fresh optimizer" : "")
  }

  private var epochsToCome: String {
    let last = plan.config.training.epochs
    return epoch < last ? "epochs \(epoch + 1) to \(last)" : "no epoch left to train"
  }

  /// How it ended and what to do next; `option` names the database in commands that are advised.
  package func closing(
    _ end: TrainingEnd, run: Int64, seconds: Double, database: String, option: String
  ) -> String {
    let place = Visible.line(database)
    switch end {
    case .completed, .stoppedEarly:
      let early = end.message.map { $0.prefix(1).uppercased() + $0.dropFirst() + ".\n" } ?? ""
      let restored = result.epoch.map { ", the result is epoch \($0)" } ?? ""
      return early + measuredText
        + "Completed in \(NumberText.duration(seconds)): run \(run) in \(place), "
        + "epoch \(epoch) stored\(restored). Look at it with: lstm-lab show \(run)\(option)"
    case .interrupted:
      return "Stopped: run \(run) in \(place) is stored up to epoch \(epoch). "
        + "Go on\(resumptionNote) with: lstm-lab resume \(run)\(option)"
    case .diverged:
      return "error: \(end.message ?? "diverged") (run \(run))\n"
        + "  stored up to epoch \(epoch); try a smaller learning rate, for example with: "
        + "lstm-lab resume \(run) --from \(resumableEpoch) --set training.optimizer.learning_rate=…"
        + option
    }
  }

  /// What the test data say, an epoch a line.
  private var measuredText: String {
    result.measured.map { measured in
      "Test of epoch \(measured.epoch)"
        + measured.metrics.map { " - \($0.kerasName): \(NumberText.metric($0.value))" }.joined()
        + "\n"
    }.joined()
  }

  /// Where a resume starts, if that is not the last epoch, because not every epoch keeps its state.
  private var resumptionNote: String {
    resumableEpoch < epoch ? " from epoch \(resumableEpoch), the last with its whole state," : ""
  }
}
