import LabFormats

/// Lines that tell how training goes, Keras's way; pure functions that print nothing.
package enum ProgressLine {
  private static let barWidth = 20
  /// A shorter one tells nothing.
  private static let shortestBar = 5

  /// Returns one line for a pipe or a log: `Epoch 1/100 - loss: 0.5914 - accuracy: 0.8667 - 410µs`.
  package static func plain(_ progress: EpochProgress) -> String {
    let total = progress.epochs > 0 ? "/\(progress.epochs)" : ""
    return "Epoch \(progress.epoch)\(total)\(metrics(progress.metrics))"
      + " - \(NumberText.duration(progress.seconds))"
  }

  /// Returns one line over all epochs for a terminal: losses and metrics, time left, bar.
  ///
  /// The line fits into `width` columns: the bar goes first, then the last metrics, then the time.
  package static func terminal(_ progress: EpochProgress, width: Int, colour: Bool) -> String {
    let isKnown = progress.epochs > 0
    let total = "\(isKnown ? progress.epochs : progress.epoch)"
    let number = DisplayWidth.padded(
      "\(progress.epoch)", to: total.count, alignment: .right)
    let head = isKnown ? "Epoch \(number)/\(total)" : "Epoch \(number)"
    let step = progress.step.map { " · step \($0)/\(progress.steps)" } ?? ""
    return line(
      head, progress.metrics.map { metrics([$0]) } + [step], time: time(progress),
      done: progress.done / Double(max(1, progress.epochs)), width: width, colour: colour)
  }

  /// Returns a head, as many parts as there is room for beside the time, and a bar in what is left.
  static func line(
    _ head: String, _ parts: [String], time: String, done: Double, width: Int, colour: Bool
  ) -> String {
    let end = " - \(time)"
    guard DisplayWidth.of(head + end) <= width else {
      return DisplayWidth.truncated(head, to: width)
    }
    var room = width - DisplayWidth.of(head + end)
    var middle = ""
    for part in parts {
      room -= DisplayWidth.of(part)
      if room < 0 { break }
      middle += part
    }
    room = width - DisplayWidth.of(head + middle + end) - 1
    let start = bold(head, colour) + middle + end
    guard room >= shortestBar else { return start }
    return start + " " + bar(done, width: min(barWidth, room), colour: colour)
  }

  // MARK: Parts

  static func metrics(_ metrics: [EpochProgress.Metric]) -> String {
    metrics.map { " - \(Visible.line($0.name)): \(NumberText.metric($0.value))" }.joined()
  }

  private static func time(_ progress: EpochProgress) -> String {
    guard progress.done < Double(progress.epochs) else {
      return NumberText.duration(progress.elapsed)
    }
    return left(progress.secondsLeft)
  }

  /// Returns `2:03 left`.
  static func left(_ seconds: Double?) -> String { "\(seconds.map(clock) ?? "?") left" }

  /// Returns a time as Keras's ETA: `1:02:03`, `2:03`, `3s`.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    let whole = Int(min(seconds, 1e15))
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    if whole > 3600 { return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" }
    return whole > 60 ? "\(whole / 60):\(two(whole % 60))" : "\(whole)s"
  }

  /// A bar of `width` columns; without colour the part to come is a thin line.
  static func bar(_ fraction: Double, width: Int, colour: Bool) -> String {
    let done = min(width, max(0, Int(fraction * Double(width))))
    let full = String(repeating: "━", count: done)
    let rest = String(repeating: colour ? "━" : "─", count: width - done)
    guard colour else { return full + rest }
    return (full.isEmpty ? "" : "\u{1B}[32m\(full)\u{1B}[0m")
      + (rest.isEmpty ? "" : "\u{1B}[37m\(rest)\u{1B}[0m")
  }

  private static func bold(_ text: String, _ colour: Bool) -> String {
    colour ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }
}
