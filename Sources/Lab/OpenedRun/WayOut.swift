import LSTMEngine
import LabFormats
import LabStore

/// From where, and how, a run that diverged may be trained on.
package enum WayOut: Equatable, Sendable {
  /// From this epoch with this learning rate training was finite up to `to`, and brought the loss down, as
  /// was tried.
  case proven(epoch: Int, learningRate: Double, to: Int)
  /// Training again would take too long: the last epoch with finite losses.
  case guessed(epoch: Int, learningRate: Double)
  /// Training diverges from every stored epoch, with every learning rate that was tried.
  case nowhere
}

extension Laboratory {
  /// Looks for the last epoch from which a run that has diverged stays finite with a smaller learning
  /// rate, and its loss falls: by training on from there, for a few seconds at most.
  ///
  /// - Returns: nil of a run that has not diverged.
  package func wayOut(
    of session: TrainingSession, _ end: TrainingEnd, shouldStop: () -> Bool
  ) -> WayOut? {
    guard case .diverged(let epoch, _) = end else { return nil }
    let rate = session.plan.config.training.optimizer.learningRate
    do {
      let run = try OpenedRun(reading().run(session.runID), in: reading())
      let search = try WayOutSearch(session, run, diverged: epoch)
      return try search.find(among: WayOutSearch.rates(below: rate), shouldStop: shouldStop)
    } catch {
      return .guessed(
        epoch: session.resumableEpoch, learningRate: WayOutSearch.rates(below: rate)[0])
    }
  }
}

/// The search for the last epoch from which training stays finite.
private struct WayOutSearch {
  let session: TrainingSession
  let run: OpenedRun
  /// The epoch that was not finite.
  let diverged: Int
  /// The epochs to start from, the last first.
  let epochs: [Int]
  let metrics: [Int: [MetricValue]]
  let start = ContinuousClock.now

  /// How long the search may take, in seconds; it begins when the user waits for the end.
  private static let patience = 3.0
  /// How many epochs beyond the one that diverged are trained before another start is looked at.
  private static let horizon = 10

  init(_ session: TrainingSession, _ run: OpenedRun, diverged: Int) throws {
    self.session = session
    self.run = run
    self.diverged = diverged
    let metrics = try run.database.metrics(of: run.id)
    self.metrics = metrics
    // A loss that is not a number is left out of the metrics.
    epochs = try run.database.epochs(of: run.id, storing: .resumable).reversed().filter {
      $0 == 0 || metrics[$0]?.trainingLoss != nil
    }
  }

  /// The rates to try, the largest first.
  static func rates(below rate: Double) -> [Double] {
    let usual = [0.001, 0.000_01].filter { $0 < rate / 2000 }
    return [10, 100, 1000].map { rounded(rate / $0) } + usual
  }

  /// A rate with three digits, as people write it.
  private static func rounded(_ rate: Double) -> Double {
    Double(NumberText.rounded(rate, digits: 3)) ?? rate
  }

  func find(among rates: [Double], shouldStop: () -> Bool) throws -> WayOut {
    func isOver() -> Bool {
      shouldStop() || (ContinuousClock.now - start) / .seconds(1) > Self.patience
    }
    guard let last = epochs.first else { return .nowhere }
    let end = session.plan.config.training.epochs
    for rate in rates {
      guard let epoch = try lastFinite(rate, isOver) else {
        if isOver() { return .guessed(epoch: last, learningRate: rates[0]) }
        continue
      }
      guard let reached = try trial(from: epoch, rate, to: end, isOver),
        reached >= min(diverged, end)
      else {
        if isOver() { return .guessed(epoch: epoch, learningRate: rate) }
        continue
      }
      return .proven(epoch: epoch, learningRate: rate, to: reached)
    }
    return .nowhere
  }

  /// The last epoch from which training goes beyond where it diverged; nil where there is none, or time
  /// is over. Between an epoch that does and a later one that does not, the border is looked for by halves.
  private func lastFinite(_ rate: Double, _ isOver: () -> Bool) throws -> Int? {
    func isFinite(_ index: Int) throws -> Bool {
      let target = min(session.plan.config.training.epochs, diverged + Self.horizon)
      return try trial(from: epochs[index], rate, to: target, isOver) == target
    }
    var bad = -1
    var good = 0
    while try !isFinite(good) {
      guard !isOver(), good < epochs.count - 1 else { return nil }
      (bad, good) = (good, min(2 * good + 1, epochs.count - 1))
    }
    while good - bad > 1, !isOver() {
      let middle = (bad + good) / 2
      if try isFinite(middle) { good = middle } else { bad = middle }
    }
    return epochs[good]
  }

  /// The epoch up to which training is finite, and brings the loss down; nil where it does not.
  private func trial(
    from epoch: Int, _ rate: Double, to last: Int, _ isOver: () -> Bool
  ) throws -> Int? {
    let before = metrics[epoch] ?? []
    let trial = try session.tryTraining(
      from: run.state(at: epoch), before, epoch: epoch, learningRate: rate, to: last,
      place: run.place(of: epoch), shouldStop: isOver)
    guard case .finite(let reached, let loss) = trial,
      loss < before.trainingLoss ?? .infinity
    else { return nil }
    return reached
  }
}
