import LSTMEngine
package import LabFormats
import LabStore

/// What moved a weight in an epoch: its change, split by batch, sample and time step.
package struct Blame: Answer, Sendable {
  private let heading: String
  private let place: WeightPlace
  private let epoch: Int
  private let before, after: Float
  private let batches: [Batch]
  /// Whether the state after the epoch has the stored hash.
  private let isProven: Bool
  private let samples: [Part]
  private let steps: [Part]

  /// What one batch did.
  private struct Batch: Sendable {
    let number: Int
    let samples: [Int]
    /// What the batch's own gradient moved, what momentum and what decay did, and what came out.
    let gradient, momentum, decay, change: Double
    let terms: [(sample: Int, step: Int, moved: Double)]
  }

  /// A sample or a time step with what it moved.
  private struct Part: Sendable {
    let number: Int
    var moved = 0.0
  }

  /// Splits what was observed; every sum runs in the order of batches and rows.
  init(
    _ place: WeightPlace, epoch: Int, of run: StoredRun, steps: [WeightStep], plan: TrainingPlan,
    learningRate: LearningRate, isProven: Bool
  ) {
    self.place = place
    self.epoch = epoch
    self.isProven = isProven
    heading =
      "What moved \(place.name) in epoch \(epoch) of \(Visible.line(run.name)), run \(run.runID)?"
    before = steps.first?.before ?? 0
    after = steps.last?.after ?? 0
    let batches = steps.enumerated().map { index, step in
      Self.batch(index + 1, step, plan, learningRate)
    }
    self.batches = batches
    samples = Self.sum(batches) { $0.sample }
    self.steps = Self.sum(batches) { $0.step }
  }

  private static func batch(
    _ number: Int, _ step: WeightStep, _ plan: TrainingPlan, _ learningRate: LearningRate
  ) -> Batch {
    let movement = step.movement(plan.network.optimizer, learningRate: learningRate)
    let terms = step.terms.map { term in
      (sample: term.sample, step: term.step, moved: movement.perGradient * step.share * term.value)
    }
    let samples = terms.map(\.sample).sorted().reduce(into: [Int]()) {
      if $0.last != $1 { $0.append($1) }
    }
    return Batch(
      number: number, samples: samples, gradient: terms.reduce(0.0) { $0 + $1.moved },
      momentum: movement.momentum, decay: movement.decay,
      change: Double(step.after) - Double(step.before), terms: terms)
  }

  private static func sum(
    _ batches: [Batch], _ key: ((sample: Int, step: Int, moved: Double)) -> Int
  ) -> [Part] {
    let count = batches.flatMap(\.terms).reduce(0) { max($0, key($1) + 1) }
    var parts = (0..<count).map { Part(number: $0) }
    var isThere = [Bool](repeating: false, count: count)
    for term in batches.lazy.flatMap(\.terms) {
      parts[key(term)].moved += term.moved
      isThere[key(term)] = true
    }
    return parts.filter { isThere[$0.number] }
  }

  private var gradient: Double { batches.reduce(0) { $0 + $1.gradient } }
  private var momentum: Double { batches.reduce(0) { $0 + $1.momentum } }
  private var decay: Double { batches.reduce(0) { $0 + $1.decay } }
  private var change: Double { Double(after) - Double(before) }
  private var rounding: Double { change - gradient - momentum - decay }
}

extension Blame {
  /// One row a batch.
  private var batchTable: Table {
    Table(
      columns: [
        .init("batch", .integer), .init("samples", .text), .init("gradient", .change),
        .init("momentum", .change), .init("decay", .change), .init("change", .change),
      ],
      rows: batches.map { batch in
        [
          .integer(batch.number), .text(batch.samples.map(String.init).joined(separator: " ")),
          .real(batch.gradient), .real(batch.momentum), .real(batch.decay), .real(batch.change),
        ]
      })
  }

  /// One row a sample, and one a time step: what their gradients moved.
  private var sampleTable: Table { Self.list("sample", samples) }
  private var stepTable: Table { Self.list("step", steps) }

  /// One row a batch, sample and step: the finest parts.
  package var table: Table {
    Table(
      columns: [
        .init("batch", .integer), .init("sample", .integer), .init("step", .integer),
        .init("moved", .change),
      ],
      rows: batches.flatMap { batch in
        batch.terms.map { term in
          [
            .integer(batch.number), .integer(term.sample), .integer(term.step),
            .real(term.moved),
          ]
        }
      })
  }

  private static func list(_ title: String, _ parts: [Part]) -> Table {
    Table(
      columns: [.init(title, .integer), .init("moved", .change)],
      rows: parts.map { [.integer($0.number), .real($0.moved)] })
  }

  /// The sums: they add up to the change.
  private var totalTable: Table {
    Table(
      columns: [.init("part", .text), .init("moved", .change)],
      rows: [
        [.text("gradients of the samples"), .real(gradient)],
        [.text("momentum of earlier steps"), .real(momentum)],
        [.text("decay of weights"), .real(decay)],
        [.text("rounding to float32"), .real(rounding)],
        [.text("change"), .real(change)],
      ])
  }

  /// The most rows of a list that a terminal shows.
  private static let shown = 10

  /// Returns the sums, and the largest parts of each kind.
  package func text(on screen: Screen) -> String {
    let proof =
      isProven
      ? "Trained again from the state before, to the stored hash."
      : "Trained again, the epoch does NOT give the stored hash: look at the run with `verify`."
    var totals = totalTable
    if decay == 0 { totals.rows.remove(at: 2) }
    let values = "\(shown(before)) → \(shown(after))"
    let line = "\(place.words): \(values)"
    let fits = screen.columns.map { DisplayWidth.of(line) <= $0 } ?? true
    let lines = fits ? [line] : [place.words + ":", "  " + values]
    return ([heading] + lines + [proof]).map {
      WrappedText.lines($0, width: screen.columns)
    }.joined() + "\n"
      + [
        totals.text(fitting: screen.columns),
        most(
          "batch", batchTable.dropping(decay == 0 ? ["decay"] : []), batches.map(\.gradient),
          on: screen),
        most("sample", sampleTable, samples.map(\.moved), on: screen),
        most("time step", stepTable, steps.map(\.moved), on: screen),
      ].joined(separator: "\n")
  }

  /// Returns the weight before or after with as many decimals, from four to nine, as show what moved it.
  private func shown(_ weight: Float) -> String {
    let power = change == 0 ? 0 : Int((Double(change.exponent) * 0.30103).rounded(.down))
    return abs(weight) < 1e9
      ? NumberText.fixed(Double(weight), digits: min(max(4, 2 - power), 9))
      : NumberText.number(Double(weight))
  }

  /// Shows a table; of a long one the rows that moved most, in their order.
  private func most(
    _ title: String, _ table: Table, _ moved: [Double], on screen: Screen
  ) -> String {
    guard table.rows.count > Self.shown else {
      return "By \(title):\n" + table.text(fitting: screen.columns)
    }
    let most = moved.indices.sorted {
      abs(moved[$0]) == abs(moved[$1]) ? $0 < $1 : abs(moved[$0]) > abs(moved[$1])
    }.prefix(Self.shown).sorted()
    let shown = Table(columns: table.columns, rows: most.map { table.rows[$0] })
    return "By \(title), the \(Self.shown) of \(table.rows.count) that moved it most:\n"
      + shown.text(fitting: screen.columns)
  }

  /// Returns all tables in Markdown.
  package func markdown() -> String {
    [totalTable, batchTable, sampleTable, stepTable].map { $0.markdown() }.joined(separator: "\n")
  }

  /// The sums, and what they are sums of.
  package var jsonText: JSONText {
    .lines(
      [
        "weight": .string(place.name), "epoch": .integer(epoch), "before": .float(before),
        "after": .float(after), "proven": .bool(isProven), "gradient": .real(gradient),
        "momentum": .real(momentum), "decay": .real(decay), "rounding": .real(rounding),
        "change": .real(change),
      ],
      ["batches": .table(batchTable)], ["terms": .table(table)])
  }
}

extension Laboratory {
  /// Finds out what moved a weight in an epoch, by default that of the result.
  package func blame(
    _ text: String, _ selection: WeightSelection, epoch: Int?,
    resources: TrainingSession.Resources
  ) throws -> Blame {
    let opened = try open(text)
    let (database, run) = (opened.database, opened.run)
    if let named = opened.namedEpoch, let epoch, named != epoch {
      throw LabError(
        .usage, "`\(text)` names epoch \(named), and --epoch names \(epoch)", where: opened.place,
        next: "name the epoch once")
    }
    try opened.requireOwn(
      toDo: "who moved a weight can be told only of a run whose batches are known",
      next: "see which weights moved most: lstm-lab diff \(run.runID)@1 \(run.runID)@2"
        + database.option)
    let weight = try opened.weight(selection)
    let epoch = try opened.trainedEpoch(epoch)
    guard let hash = try database.hash(of: run.runID, at: epoch) else {
      throw LabError(
        .data,
        "run \(run.runID) has no epoch \(epoch), though its last is said to be \(run.epochs)",
        where: opened.place, next: LabError.adviceOnDamage(database.path))
    }
    if try database.epochs(of: run.runID, storing: .weights).contains(epoch) {
      _ = try opened.weights(at: epoch)  // what was stored is what is said to have been moved
    }
    let replay = try Replay(opened, before: epoch - 1, resources: resources)
    try replay.advance(to: epoch - 1)
    let learningRate = try replay.learningRate(of: epoch)
    let (result, steps) = replay.network.trainEpoch(
      replay.plan.train, order: replay.plan.order(epoch: epoch),
      learningRate: learningRate, watching: weight.tensor, row: weight.row, column: weight.col)
    guard case .finished = result else { throw replay.diverged(epoch) }
    let before = try database.hash(of: run.runID, at: epoch - 1)
    return Blame(
      weight, epoch: epoch, of: run, steps: steps, plan: replay.plan, learningRate: learningRate,
      isProven: before.map { replay.hash(after: $0) } == hash)
  }
}

extension OpenedRun {
  /// The one weight that is selected.
  fileprivate func weight(_ selection: WeightSelection) throws -> WeightPlace {
    let places = try selection.places(in: database.tensors(of: id), where: place)
    guard places.count == 1 else {
      throw LabError(
        .usage, "these are \(places.count) weights, and blame looks at one", where: place,
        next: "name one, such as '\(places[0].name)'")
    }
    return places[0]
  }

  /// Returns an epoch that was trained in this run; by default the one that is meant of it.
  fileprivate func trainedEpoch(_ epoch: Int?) throws -> Int {
    let first = run.parentEpoch ?? 0
    guard run.epochs > first else {
      throw LabError(
        .notFound, "run \(id) has not trained an epoch yet", where: place,
        next: "go on with: lstm-lab resume \(id)\(database.option)")
    }
    return try Nearest.number(
      epoch ?? self.epoch(), in: first + 1..<run.epochs + 1, what: "trained epoch", where: place)
  }
}
