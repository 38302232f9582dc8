import Foundation
import Testing

/// What the weights of all epochs tell: each number against one that is computed in another way.
struct HistoryTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func rows(_ csv: String) -> [[String: String]] {
    let lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private func number(_ row: [String: String], _ key: String) throws -> Double {
    let text = try #require(row[key], "\(key) of \(row)")
    return try #require(Double(text), "\(key) of \(row)")
  }

  static let models: [(layers: String, loss: String, train: String?)] = [
    (
      #"[{"type":"lstm","units":4},{"type":"dense","units":2,"activation":"sigmoid"}]"#,
      "binary_crossentropy", nil
    ),
    (
      #"[{"type":"gru","units":3},{"type":"dense","units":2,"activation":"softmax"}]"#,
      "categorical_crossentropy", nil
    ),
  ]

  /// Right and wrong from recorded predictions: the outputs and targets of a sample in an epoch.
  private func isRight(_ outputs: [Double], _ targets: [Double], _ loss: String) -> Bool {
    guard loss == "categorical_crossentropy" else {
      return zip(outputs, targets).allSatisfy { ($0 > 0.5) == ($1 > 0.5) }
    }
    func first(_ values: [Double]) -> Int? { values.firstIndex(of: values.max() ?? 0) }
    return first(outputs) == first(targets)
  }

  private func confidence(_ outputs: [Double], _ targets: [Double], _ loss: String) -> Double {
    guard loss == "categorical_crossentropy" else {
      let likely = zip(outputs, targets).map { $1 > 0.5 ? $0 : Double(1 - Float($0)) }
      return likely.reduce(0, +) / Double(likely.count)
    }
    return outputs[targets.firstIndex(of: 1) ?? 0]
  }

  @Test(arguments: models.indices)
  func `what was learnt and forgotten is what recorded predictions say`(index: Int) throws {
    let model = Self.models[index]
    var trial = Trial(epochs: 30)
    trial.layers = model.layers
    trial.loss = model.loss
    trial.optimizer = #"{"type":"sgd","learning_rate":3}"#
    trial.record = #""predictions":{"every":1}"#
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    let recorded = try place.sqlite(
      """
      SELECT epoch, sample, value, target FROM predictions WHERE split = 'train' AND epoch > 0
      ORDER BY epoch, sample, output
      """
    ).split(separator: "\n").map { $0.split(separator: "|").map { Double($0) ?? .nan } }
    let told = rows(try place.lab("learned", "1", "--sort", "sample", "--csv"))
    #expect(told.count == trial.samples)
    var forgotten = 0
    for sample in 0..<trial.samples {
      let own = recorded.filter { Int($0[1]) == sample }
      let epochs = (1...30).map { epoch in own.filter { Int($0[0]) == epoch } }
      let right = epochs.map { isRight($0.map { $0[2] }, $0.map { $0[3] }, model.loss) }
      let sure = epochs.map { confidence($0.map { $0[2] }, $0.map { $0[3] }, model.loss) }
      let mean = sure.reduce(0, +) / 30
      let spread = (sure.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30).squareRoot()
      let lost = zip(right, right.dropFirst()).count { $0 && !$1 }
      forgotten += lost
      let learned = right.last == true ? (right.lastIndex(of: false) ?? -1) + 2 : nil
      #expect(told[sample]["learned"] == learned.map(String.init) ?? "")
      #expect(told[sample]["forgotten"] == "\(lost)")
      #expect(abs(try number(told[sample], "confidence") - mean) < 1e-7)
      #expect(abs(try number(told[sample], "variability") - spread) < 1e-7)
      let correct = Double(right.count { $0 }) / 30
      #expect(abs(try number(told[sample], "correctness") - correct) < 1e-12)
    }
    let regions = told.compactMap { $0["region"] }
    #expect(regions.count { $0 == "ambiguous" } == trial.samples / 3)
    if index == 0 { #expect(forgotten > 0, "nothing was forgotten, so forgetting is not tested") }
  }

  @Test func `the ends of a line have the bits of their epochs`() throws {
    try place.write(Trial(epochs: 5))
    try place.lab("run", "config.json", "-q")
    try place.lab("run", "config.json", "--set", "seed=2", "-q")
    for (a, b) in [("1@1", "1@5"), ("1@5", "2@3")] {
      let line = rows(
        try place.lab("interpolate", a, b, "--split", "validation", "--points", "4", "--csv"))
      #expect(
        line.map { $0["alpha"] ?? "" } == [
          "0.0", "0.3333333333333333", "0.6666666666666666", "1.0",
        ])
      for (row, state) in [(line[0], a), (line[3], b)] {
        let (run, epoch) = (state.prefix(1), state.suffix(1))
        let stored = try place.sqlite(
          "SELECT format('%.17g', val_loss) FROM epochs WHERE run_id = \(run) AND epoch = \(epoch)")
        #expect(try number(row, "loss") == Double(stored))
      }
    }
    let facts = try place.lab("interpolate", "1", "1", "--points", "3", "--json")
    #expect(facts.contains(#""loss_barrier":0.0"#), "\(facts)")
  }

  /// The weights of each epoch of a run, as the view has them.
  private func points(of run: Int) throws -> [[Double]] {
    let rows = try place.sqlite(
      "SELECT epoch, value FROM weights WHERE run_id = \(run)"
    ).split(separator: "\n").map { $0.split(separator: "|") }
    var points: [[Double]] = []
    for row in rows {
      let epoch = try #require(Int(row[0]))
      if epoch == points.count { points.append([]) }
      points[epoch].append(try #require(Double(row[1])))
    }
    return points
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  @Test func `the way of the weights is that of the view's numbers`() throws {
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    let points = try points(of: 1)
    let states = rows(try place.lab("trajectory", "1", "--csv"))
    #expect(states.count == 4 && points.count == 4)
    var way = 0.0
    for (index, state) in states.enumerated() {
      if index > 0 { way += distance(points[index], points[index - 1]) }
      #expect(abs(try number(state, "way") - way) < 1e-9)
      #expect(abs(try number(state, "from_start") - distance(points[index], points[0])) < 1e-9)
      #expect(abs(try number(state, "to_end") - distance(points[index], points[3])) < 1e-9)
      // Four points lie in three dimensions, so three components keep all distances.
      for (other, second) in states.enumerated() {
        let seen = try ["pc1", "pc2", "pc3"].map { try number(state, $0) }
        let from = try ["pc1", "pc2", "pc3"].map { try number(second, $0) }
        #expect(abs(distance(seen, from) - distance(points[index], points[other])) < 1e-9)
      }
    }
    let (a, b) = (
      zip(points[1], points[0]).map(-), zip(points[2], points[1]).map(-)
    )
    let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    let zero = [Double](repeating: 0, count: a.count)
    let cosine = product / (distance(a, zero) * distance(b, zero))
    #expect(abs(try number(states[1], "angle") - acos(cosine) * 180 / .pi) < 1e-9)
  }

  @Test func `components are in the order of what they explain, and two runs share them`() throws {
    try place.write(Trial(epochs: 6))
    try place.lab("run", "config.json", "-q")
    try place.lab("run", "config.json", "--set", "seed=2", "-q")
    let states = rows(try place.lab("trajectory", "1", "2", "--csv"))
    let all = try points(of: 1) + points(of: 2)
    #expect(states.count == all.count && all.count == 14)
    let mean = all[0].indices.map { value in all.reduce(0) { $0 + $1[value] } / 14 }
    let variance = all.reduce(0) { $0 + pow(distance($1, mean), 2) }
    let spread = try (1...3).map { component in
      try states.reduce(0) { $0 + pow(try number($1, "pc\(component)"), 2) } / variance
    }
    #expect(spread[0] >= spread[1] && spread[1] >= spread[2])
    let facts = try place.lab("trajectory", "1", "2", "--json")
    let shares = try #require(facts.firstMatch(of: #/"shares":\[([^\]]*)\]/#)).output.1
      .split(separator: ",").map { try #require(Double($0)) }
    for (share, part) in zip(shares, spread) { #expect(abs(share - part) < 1e-9) }
    // Centred, and uncorrelated.
    let first = try states.map { try number($0, "pc1") }
    let second = try states.map { try number($0, "pc2") }
    #expect(abs(first.reduce(0, +)) < 1e-9)
    #expect(abs(zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-9)
  }

  @Test func `the surface has the loss of the states that lie in it`() throws {
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    // Three points lie in their plane: between the surface's places the loss of each is near its own.
    let facts = try place.lab("trajectory", "1", "--surface", "5", "--json")
    let surface = try #require(facts.firstRange(of: #""surface":"#))
    let rows = facts[surface.upperBound...].matches(of: #/"loss":([0-9.e-]+)/#)
      .compactMap { Double($0.output.1) }
    #expect(rows.count == 25)
    let ends = try (0...2).map { epoch in
      try number(
        self.rows(
          try place.lab(
            "interpolate", "1@\(epoch)", "1@\(epoch)", "--split", "train", "--points", "2", "--csv")
        )[0], "loss")
    }
    #expect((rows.min() ?? 9) <= (ends.min() ?? 0) + 1e-6)
    #expect((rows.max() ?? 0) >= (ends.max() ?? 9) - 1e-6)
  }

  static let refusals: [(command: String, status: Int32, told: String)] = [
    ("learned 1@0", 66, "is before the first that run 1 trained"),
    ("learned 1 --sort luck", 64, "--sort is luck"),
    ("interpolate 1 3", 64, "are not the same tensors"),
    ("interpolate 1 1 --points 1", 64, "--points is 1"),
    ("trajectory 1@2", 64, "a way goes through all of a run's epochs"),
    ("trajectory 1 3", 64, "are not the same tensors"),
    ("trajectory 1 --surface 1", 64, "--surface is 1"),
    ("trajectory 1 --split train", 64, "--split is for --surface"),
    ("learned 2", 64, "predicts numbers, of which none is right or wrong"),
  ]

  @Test func `what cannot be told is refused by its cause`() throws {
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    var numbers = Trial(epochs: 2)
    numbers.loss = "mean_squared_error"
    numbers.layers = #"[{"type":"lstm","units":5},{"type":"dense","units":2}]"#
    try place.write(numbers, to: "numbers.json")
    try place.lab("run", "numbers.json", "-q")
    var wide = Trial(epochs: 2)
    wide.layers = #"[{"type":"lstm","units":6},{"type":"dense","units":2,"activation":"sigmoid"}]"#
    try place.write(wide, to: "wide.json")
    try place.lab("run", "wide.json", "-q")
    for (command, status, told) in Self.refusals {
      let outcome = try place.shell("exec \"$LAB\" \(command)")
      #expect(outcome.status == status, "\(command): \(outcome)")
      #expect(outcome.errors.contains(told), "\(command): \(outcome.errors)")
    }
  }

  @Test func `thinned epochs are left out, and that is said`() throws {
    var trial = Trial(epochs: 9)
    trial.record = #""weights":{"every":3},"optimizer":{"every":3}"#
    try place.write(trial)
    try place.lab("run", "config.json", "-q")
    let text = try place.lab("learned", "1")
    #expect(text.contains("3, 3 to 9; 6 more are not stored and do not count"), "\(text)")
    #expect(
      rows(try place.lab("trajectory", "1", "--csv")).map { $0["epoch"] } == ["0", "3", "6", "9"])
  }
}
