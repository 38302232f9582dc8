import LSTMEngine

extension TrainingSession {
  /// What is going to be trained, in one line.
  package var headline: String {
    let parameters = plan.summary.layers.reduce(0) { $0 + $1.parameters }
    let validation = plan.validation.map { ", \($0.count) to validate" } ?? ""
    return "\(Visible.line(plan.config.name)): \(NumberText.count(parameters)) parameters, "
      + "\(NumberText.count(plan.train.count)) samples\(validation), "
      + "epochs \(min(epoch + 1, plan.config.training.epochs)) to \(plan.config.training.epochs), "
      + "\(threads) \(threads == 1 ? "thread" : "threads")"
  }

  /// How it ended and what to do next.
  package func closing(
    _ end: TrainingEnd, run: Int64, seconds: Double, database: String
  ) -> String {
    let place = Visible.line(database)
    switch end {
    case .completed:
      return "Completed in \(NumberText.duration(seconds)): run \(run) in \(place), "
        + "epoch \(epoch) stored. Look at it with: lstm-lab show \(run)"
    case .interrupted:
      return "Stopped: run \(run) in \(place) is stored up to epoch \(epoch). "
        + "Go on with: lstm-lab resume \(run)"
    case .diverged:
      return "error: \(end.message ?? "diverged") (run \(run))\n"
        + "  stored up to epoch \(epoch); try a smaller learning rate, for example with: "
        + "lstm-lab resume \(run) --from \(max(0, epoch - 1)) --set training.optimizer.learning_rate=…"
    }
  }
}
