import LabFormats

/// Lines that tell how training goes, Keras's way; pure functions that print nothing.
package enum ProgressLine {
  private static let barWidth = 20

  /// Returns one line for a pipe or a log: `Epoch 1/100 - loss: 0.5914 - accuracy: 0.8667 - 410µs`.
  package static func plain(_ progress: EpochProgress) -> String {
    "Epoch \(progress.epoch)/\(progress.epochs)\(metrics(progress.metrics))"
      + " - \(NumberText.duration(progress.seconds))"
  }

  /// Returns one line over all epochs for a terminal: bar, time left, losses and metrics.
  ///
  /// The line fits into `width` columns: the last metrics go first, then the bar becomes shorter.
  package static func terminal(_ progress: EpochProgress, width: Int, colour: Bool) -> String {
    let total = "\(progress.epochs)"
    let number = DisplayWidth.padded(
      "\(progress.epoch)", to: total.count, alignment: .right)
    let head = "Epoch \(number)/\(total)"
    let time = time(progress)
    let fixed = head.count + time.count + 2
    let barWidth = min(Self.barWidth, max(0, width - fixed - 1))
    var room = width - fixed - barWidth
    var tail = ""
    for metric in progress.metrics {
      let text = metrics([metric])
      room -= DisplayWidth.of(text)
      if room < 0 { break }
      tail += text
    }
    guard barWidth > 0 else { return DisplayWidth.truncated("\(head) \(time)", to: width) }
    let done = Double(progress.epoch) / Double(max(1, progress.epochs))
    return "\(bold(head, colour)) \(bar(done, width: barWidth, colour: colour)) \(time)\(tail)"
  }

  // MARK: Parts

  private static func metrics(_ metrics: [EpochProgress.Metric]) -> String {
    metrics.map { " - \(Visible.line($0.name)): \(NumberText.metric($0.value))" }.joined()
  }

  private static func time(_ progress: EpochProgress) -> String {
    guard progress.epoch < progress.epochs else { return NumberText.duration(progress.elapsed) }
    guard let left = progress.secondsLeft else { return "? left" }
    return "\(clock(left)) left"
  }

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
