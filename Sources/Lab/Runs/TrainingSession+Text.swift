import LSTMEngine
import LabFormats
import LabStore

extension TrainingSession {
  /// What is going to be trained, in one line.
  ///
  /// - Parameter stop: The epoch that it stops at for now, if the plan's last comes later.
  package func headline(upTo stop: Int?) -> String {
    let parameters = plan.summary.parameters
    let validation = plan.validation.map { ", \(NumberText.count($0.count)) for validation" } ?? ""
    return "\(Visible.line(plan.config.name)): \(NumberText.count(parameters)) parameters, "
      + "\(NumberText.count(plan.train.count)) samples\(validation), "
      + "\(epochsToCome(upTo: stop)), \(threads) \(threads == 1 ? "thread" : "threads")"
      + (startsOptimizer ? ", a fresh optimizer" : "")
  }

  private func epochsToCome(upTo stop: Int?) -> String {
    let all = plan.config.training.epochs
    let last = min(stop ?? all, all)
    let left = last < all ? " of \(all)" : ""
    guard epoch < last else { return "no epoch left to train" + left }
    return (epoch + 1 == last ? "epoch \(last)" : "epochs \(epoch + 1) to \(last)") + left
  }

  /// How it ended and what to do next.
  ///
  /// - Parameters:
  ///   - laboratory: Whose database is named in what is said and advised.
  ///   - wayOut: What is advised where it has diverged.
  package func closing(
    _ end: TrainingEnd, run: Int64, seconds: Double, in laboratory: Laboratory, wayOut: WayOut?
  ) -> String {
    let place = Visible.line(laboratory.path)
    let option = laboratory.option
    switch end {
    case .completed, .stoppedEarly:
      let early = end.message.map { $0.prefix(1).uppercased() + $0.dropFirst() + ".\n" } ?? ""
      let restored = result.epoch.map { ", the result is epoch \($0)" } ?? ""
      return early + measuredText
        + "Completed in \(NumberText.duration(seconds)): run \(run) in \(place), "
        + "epoch \(epoch) stored\(restored). Look at it with: lstm-lab show \(run)\(option)"
    case .interrupted:
      return "Stopped: run \(run) in \(place) is stored up to epoch \(epoch). "
        + "Go on with: lstm-lab resume \(run)\(option)"
    case .stopped(let epoch):
      return "Stopped at epoch \(epoch) of \(plan.config.training.epochs): run \(run) in \(place). "
        + "Go on with: lstm-lab resume \(run)\(option)"
    case .diverged:
      return "error: \(end.message ?? "diverged") (run \(run))\n"
        + "  stored up to epoch \(epoch); \(advice(wayOut, run: run, option: option))"
    }
  }

  /// How to go on after training diverged.
  private func advice(_ wayOut: WayOut?, run: Int64, option: String) -> String {
    func command(_ epoch: Int, _ rate: Double) -> String {
      "lstm-lab resume \(run) --from \(epoch) --set training.optimizer.learning_rate="
        + NumberText.exact(rate) + option
    }
    switch wayOut {
    case .proven(let epoch, let rate, let last):
      return "a trial up to epoch \(last) stayed finite with a smaller learning rate, and its loss "
        + "fell: \(command(epoch, rate))"
    case .guessed(let epoch, let rate):
      return "try a smaller learning rate: \(command(epoch, rate))"
    case .nowhere, nil:
      return "no smaller learning rate that was tried helps from any stored epoch: check the data, "
        + "their scale and the model"
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
}
