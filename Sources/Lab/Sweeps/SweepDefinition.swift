import Foundation
import LSTMEngine
package import LabFormats

/// What a sweep trains: a configuration with some of its settings varied, each point with every seed and fold.
package struct SweepDefinition: Sendable {
  /// The path of the configuration.
  package let config: String
  /// The name that its runs are found by; nil: that of the configuration.
  package var name: String?
  /// The settings that are varied, in order.
  package let settings: [(name: String, values: SweepValues)]
  /// The seeds as they are listed; nil: that of the configuration.
  package let seeds: String?
  /// How many points are drawn, and from which seed; nil: every combination is a point.
  package let random: (points: Int, seed: Int)?
  /// At which epochs only the best points go on; nil: every run is trained to its end.
  package var halving: Halving?

  /// The most points that a sweep has.
  private static let most = 10_000

  /// Reads the options of a command.
  ///
  /// - Parameter settings: `NAME=VALUES`, each.
  package init(
    config: String, name: String?, settings: [String], seeds: String?,
    random: (points: Int, seed: Int)?, halving: Halving? = nil
  ) throws(LabError) {
    self.config = config
    self.name = name
    self.seeds = seeds
    self.random = random
    self.halving = halving
    self.settings = try settings.map { text throws(LabError) in
      let setting = try ConfigSetting(text)
      return (setting.name, try SweepValues(setting.value, of: setting.name))
    }
    try check(where: "sweep")
  }

  /// Reads a file of the form that ``json`` writes.
  ///
  /// - Throws: `LabError` of kind `data` with the place of what is wrong.
  package init(contentsOf path: String) throws(LabError) {
    let root = try JSONDocument(FileBytes.read(path, what: "sweep"), source: path).root
    let known = ["config", "name", "set", "seeds", "points", "halving"]
    if let other = root.members.first(where: { !known.contains($0.key) }) {
      throw LabError(
        .data, "a sweep has no key `\(Visible.line(other.key))`", where: other.value.place,
        next: Suggestion.text(for: other.key, among: known)
          + "known: " + known.joined(separator: ", "))
    }
    func member(_ key: String) -> JSONValue? { root.members.first { $0.key == key }?.value }
    guard let config = member("config")?.string else {
      throw LabError(
        .data, "the sweep names no configuration", where: root.place,
        next: "write the path of one: \"config\": \"config.json\"")
    }
    let folder =
      path.has("/")
      ? URL(fileURLWithPath: path).deletingLastPathComponent().relativePath + "/" : ""
    self.config = FileName.isAbsolute(config) ? config : folder + config
    name = member("name")?.string
    seeds = member("seeds").map { $0.string ?? String(decoding: $0.bytes, as: UTF8.self) }
    settings = try (member("set")?.members ?? []).map { member throws(LabError) in
      (member.key, try SweepValues(member.value, of: member.key))
    }
    halving = try member("halving").map { value throws(LabError) in try Halving(value) }
    if let points = member("points") {
      let number = { (key: String) in points.members.first { $0.key == key }?.value.integer }
      guard let count = number("random") else {
        throw LabError(
          .data, "`points` does not say how many are drawn", where: points.place,
          next: "write {\"random\": 40, \"seed\": 1}, or leave it out for every combination")
      }
      random = (count, number("seed") ?? 1)
    } else {
      random = nil
    }
    try check(where: path)
  }

  private func check(where place: String) throws(LabError) {
    for (index, setting) in settings.enumerated()
    where settings[..<index].contains(where: { $0.name == setting.name }) {
      throw LabError(
        .usage, "`\(Visible.line(setting.name))` is varied twice", where: place,
        next: "name each setting once, with all its values")
    }
    if let random {
      guard (1...Self.most).contains(random.points), random.seed >= 0 else {
        throw LabError(
          .usage, "\(random.points) points cannot be drawn", where: place,
          next: "allowed: 1 to \(Self.most) points, from a seed of 0 or more")
      }
      return
    }
    var count = 1
    for (name, values) in settings {
      guard let all = values.all else {
        throw LabError(
          .usage, "`\(Visible.line(name))` has no end of values", where: place,
          next: "say how many points to draw: --random 40; or give it values: a step "
            + "(0.1..0.5:0.1), or a number of them (1e-4..1e-1:log7)")
      }
      count *= all.count
      guard count <= Self.most else {
        throw LabError(
          .usage, "the sweep has more than \(Self.most) points", where: place,
          next: "vary less, or draw some of them: --random 100")
      }
    }
  }

  /// The points in their order: of a grid the last setting changes first; point k of a random sweep is a
  /// function of the sweep's seed and k alone.
  package var points: [[ConfigSetting]] {
    guard let random else {
      return settings.reduce([[]]) { points, setting in
        points.flatMap { point in
          (setting.values.all ?? []).map { point + [ConfigSetting(name: setting.name, value: $0)] }
        }
      }
    }
    return (0..<random.points).map { point in
      let stream = RandomStream(seed: UInt64(random.seed), purpose: .sweep, number: point)
      return settings.enumerated().map { index, setting in
        ConfigSetting(name: setting.name, value: setting.values.value(at: stream.uniform(index)))
      }
    }
  }

  /// What is varied and how, as JSON: two sweeps with the same are one.
  var variation: String { Self.variation(settings.map { ($0.name, $0.values.json) }, pointsJSON) }

  /// What a stored definition varies; nil where it cannot be read.
  static func variation(of stored: String) -> String? {
    guard let root = try? JSONDocument(stored, source: "stored sweep").root else { return nil }
    let set = root.members.first { $0.key == "set" }?.value
    return variation(
      (set?.members ?? []).map { ($0.key, JSONText($0.value)) },
      root.members.first { $0.key == "points" }.map { JSONText($0.value) })
  }

  private static func variation(_ set: [(String, JSONText)], _ points: JSONText?) -> String {
    JSONText.object([
      "set": .object(set.map { JSONTextMember($0.0, $0.1) }), "points": points,
    ]).compact
  }

  private var pointsJSON: JSONText? {
    random.map { .object(["random": .integer($0.points), "seed": .integer($0.seed)]) }
  }

  /// The definition as a file of that path has it, in whose folder the configuration's path begins.
  package func json(in file: String) -> JSONText {
    let folders = [file, config].map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let url = URL(fileURLWithPath: config)
    return json(config: folders[0] == folders[1] ? url.lastPathComponent : url.path)
  }

  /// The definition as `sweep.json` has it.
  package var json: JSONText { json(config: config) }

  private func json(config: String) -> JSONText {
    .object([
      "config": .string(config), "name": name.map(JSONText.string),
      "set": .object(settings.map { JSONTextMember($0.name, $0.values.json) }),
      "seeds": seeds.map(JSONText.string),
      "points": pointsJSON, "halving": halving?.json,
    ])
  }
}
