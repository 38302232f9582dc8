package import LabFormats
import LabStore

/// Successive halving: at each of some epochs, the rungs, only the best part of the points goes on.
///
/// Nothing is trained beyond the last rung. Which points go on is a function of the metric at the rungs alone.
package struct Halving: Equatable, Sendable {
  /// The loss or metric that points are ranked by; nil: the one that is usual for the configuration.
  package let metric: String?
  /// The epochs at which points are ranked, rising.
  package let rungs: [Int]
  /// The part of the points that goes on from one rung to the next.
  package let keep: Share

  /// A part of a whole, as it was written.
  package struct Share: Equatable, Sendable {
    /// `1/3` or `0.3334`.
    package let text: String
    private let numerator, denominator: Int

    /// Reads a fraction or a decimal number between 0 and 1; nil for anything else.
    init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let decimal = text.split(separator: ".", omittingEmptySubsequences: false)
      let digits = decimal.count == 2 ? String(decimal[1]) : ""
      if parts.count == 2, let over = Self.number(parts[0]), let under = Self.number(parts[1]) {
        (numerator, denominator) = (over, under)
      } else if decimal.count == 2, ["", "0"].contains(decimal[0]),
        let number = Self.number(decimal[1])
      {
        (numerator, denominator) = (number, digits.reduce(1) { power, _ in 10 * power })
      } else {
        return nil
      }
      guard numerator > 0, numerator < denominator else { return nil }
      self.text = text
    }

    private static func number(_ text: Substring) -> Int? {
      (1...9).contains(text.utf8.count) && text.utf8.allSatisfy(Byte.isDigit) ? Int(text) : nil
    }

    /// So many of `count`, rounded down.
    func of(_ count: Int) -> Int { count * numerator / denominator }

    /// As `sweep.json` has it.
    var json: JSONText { .string(text) }
  }

  /// Reads the options of a command.
  package init(metric: String?, rungs: String, keep: String) throws(LabError) {
    let numbers = rungs.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    try self.init(
      metric: metric, numbers, keep, places: ["--metric", "--rungs", "--keep"], shown: rungs)
  }

  /// Reads the member `halving` of a sweep's file.
  init(_ value: JSONValue) throws(LabError) {
    let known = ["metric", "rungs", "keep"]
    if let other = value.members.first(where: { !known.contains($0.key) }) {
      throw LabError(
        .data, "`halving` has no key `\(Visible.line(other.key))`", where: other.value.place,
        next: Suggestion.text(for: other.key, among: known) + "known: metric, rungs, keep")
    }
    func member(_ key: String) -> JSONValue? { value.members.first { $0.key == key }?.value }
    guard let rungs = member("rungs") else {
      throw LabError(
        .data, "`halving` names no rungs", where: value.place,
        next: "write the epochs at which points are ranked: \"rungs\": [10, 30, 90]")
    }
    func text(_ value: JSONValue?) -> String? {
      value.map { $0.string ?? String(decoding: $0.bytes, as: UTF8.self) }
    }
    try self.init(
      metric: text(member("metric")), rungs.elements.map(\.integer), text(member("keep")) ?? "1/3",
      places: known.map { member($0)?.place ?? value.place }, shown: text(rungs) ?? "")
  }

  private init(
    metric: String?, _ rungs: [Int?], _ keep: String, places: [String], shown: String
  ) throws(LabError) {
    self.metric = try metric.map { name throws(LabError) in
      try Nearest.name(name, among: Monitor.names, what: "loss or metric", where: places[0])
    }
    let epochs = rungs.compactMap(\.self)
    let isRising = zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }
    guard epochs.count == rungs.count, let first = epochs.first, first > 0, isRising else {
      throw LabError(
        .usage, "`\(Visible.line(shown))` are no rungs", where: places[1],
        next: "write rising epochs from 1: 10,30,90")
    }
    self.rungs = epochs
    guard let share = Share(keep) else {
      throw LabError(
        .usage, "`\(Visible.line(keep))` is no part of the points", where: places[2],
        next: "write a fraction or a number between 0 and 1: 1/3, or 0.25")
    }
    self.keep = share
  }

  /// As `sweep.json` has it.
  var json: JSONText {
    .object([
      "metric": metric.map(JSONText.string), "rungs": .array(rungs.map(JSONText.integer)),
      "keep": keep.json,
    ])
  }

  /// The number of points that are trained to each rung, where none diverges.
  ///
  /// - Throws: `LabError` of kind `usage` where none is left at one of them.
  package func points(of all: Int) throws(LabError) -> [Int] {
    var counts = [all]
    for (index, rung) in rungs.dropFirst().enumerated() {
      let left = keep.of(counts[index])
      guard left > 0 else {
        throw LabError(
          .usage,
          "no point is left for epoch \(rung): \(keep.text) of \(counts[index]) is less than one",
          where: "--rungs",
          next: "name fewer rungs, keep a greater part, or sweep more than \(all) "
            + "point\(all == 1 ? "" : "s")")
      }
      counts.append(left)
    }
    return counts
  }

  /// What the points of some configurations are ranked by.
  ///
  /// - Throws: `LabError` where one of them does not measure it, or ends before the last rung.
  func monitor(of configs: [Config]) throws(LabError) -> Monitor {
    let usual = configs.allSatisfy { $0.data.validation != nil } ? "val_loss" : "loss"
    let monitor = Monitor(metric ?? usual)
    let last = rungs[rungs.count - 1]
    for config in configs {
      try config.requireMeasured(
        monitor.name, named: "--metric", hasValidation: config.data.validation != nil)
      guard config.training.epochs >= last else {
        throw LabError(
          .usage, "the last rung is epoch \(last), and a run ends at \(config.training.epochs)",
          where: "--rungs",
          next: "name rungs up to \(config.training.epochs), or train longer: "
            + "--set training.epochs=\(last)")
      }
    }
    return monitor
  }
}
