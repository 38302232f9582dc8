import LabFormats

extension Sweep {
  /// How many points are trained to each rung, and what it takes; empty without rungs.
  package var rungsText: String {
    let (rungs, plain) = epochsToTrain
    guard !rungs.isEmpty else { return "" }
    let parts = rungs.map { rung in
      "\(NumberText.count(rung.points)) to epoch \(rung.epoch) (\(NumberText.count(rung.epochs)) epochs)"
    }
    let all = rungs.reduce(0) { $0 + $1.epochs }
    return "Points: \(parts.joined(separator: ", ")); \(NumberText.count(all)) epochs in all, "
      + "\(NumberText.count(plain)) without rungs."
  }

  /// How to go on after halving; nil where the same command goes on.
  ///
  /// - Parameter command: The command that was typed.
  package func closing(
    _ result: HalvingResult, _ outcomes: [SweepOutcome], command: String
  ) -> String? {
    if let (epoch, missing) = result.undecided {
      let runs = "\(missing.count) run\(missing.count == 1 ? "" : "s")"
      return
        "Epoch \(epoch) is not decided: \(runs) \(missing.count == 1 ? "has" : "have") not come to "
        + "it, the first \(missing[0].title)."
    }
    guard let (halving, _) = halving, let best = result.best(of: halving) else {
      return "No point is left: all have diverged."
    }
    let runs = outcomes.filter { $0.task.point == best }.compactMap(\.run).map { "\($0)" }
    guard let first = tasks.first(where: { $0.point == best }) else { return nil }
    guard !runs.isEmpty else {
      return "The best is \(first.pointTitle), which another task trains."
    }
    let last = halving.rungs[halving.rungs.count - 1]
    let isOver = first.config.training.epochs <= last
    let next =
      isOver
      ? "Look at it with: lstm-lab show \(runs[0])\(option)"
      : "Train it to its end with: "
        + runs.map { "lstm-lab resume \($0)\(option)" }.joined(separator: "; ")
    return
      "The best is \(first.pointTitle), run\(runs.count == 1 ? "" : "s") \(runs.joined(separator: ", ")). \(next)\n"
      + "Train those that were stopped to their end, too, with: \(command) --finish"
  }
}

extension RungStanding {
  /// Which points go on, in a line.
  package var text: String {
    if isLast { return "Epoch \(epoch): the last rung." }
    let shown = survivors.prefix(10).map { "\($0)" }.joined(separator: ", ")
    let more = survivors.count > 10 ? ", …" : ""
    let verb = survivors.count == 1 ? "goes" : "go"
    return
      "Epoch \(epoch): \(NumberText.count(kept)) of \(NumberText.count(points.count)) points \(verb) on"
      + (survivors.isEmpty ? "." : ": \(shown)\(more).")
  }
}
