import LSTMEngine
package import LabFormats
import LabStore

/// The way of a model's weights through training: how long, how straight, and seen along the two directions in which
/// it goes furthest.
///
/// The picture: Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018.
package struct Trajectory: Answer {
  /// A state of the weights.
  struct State {
    let run: Int64
    let epoch: Int
    var coordinates: [Double] = []
    /// Euclidean distance from the run's first state, and to its last.
    var fromStart = 0.0
    var toEnd = 0.0
    /// The length of the way so far, from state to state.
    var way = 0.0
    /// Between the step to this state and the one after it, in degrees; nil at both ends.
    var angle: Double?
  }

  /// A layer's gate, all its tensors together, in one run.
  struct Part {
    let run: Int64
    let layer: String
    let gate: String?
    var way = 0.0
    /// From the first state to the last.
    var distance = 0.0
    /// The mean angle between following steps, in degrees; nil of fewer than two.
    var angle: Double?
  }

  private let heading: String
  private(set) var states: [State]
  private var parts: [Part] = []
  let shares: [Double]
  /// The loss around the way, where it was asked for.
  private(set) var surface: LossSurface?
  private let note: String?

  static let components = 3

  /// Follows the stored weights of runs that have the same tensors.
  ///
  /// - Parameter surface: Measures the loss around the way; nil where that is not asked for.
  init(_ runs: [OpenedRun], surface: ((WeightStates) throws -> LossSurface)?) throws {
    let path = try WeightStates(runs)
    note = path.note
    heading = runs.map { "\(Visible.line($0.run.name)), run \($0.id)" }.joined(separator: "; ")
    let found = PrincipalComponents(
      products: path.products, count: path.states.count, components: Self.components)
    shares = found.shares
    states = path.states.map { State(run: $0.run, epoch: $0.epoch) }
    for index in states.indices { states[index].coordinates = found.coordinates[index] }
    for range in path.runs { follow(path, over: range) }
    self.surface = try surface?(path.seen(along: found))
  }

  /// Measures the way of one run.
  private mutating func follow(_ path: WeightStates, over range: Range<Int>) {
    let (first, last) = (range.lowerBound, range.upperBound - 1)
    var sums = [PartSums](repeating: PartSums(), count: path.parts.count)
    var before: [PartSums.Step]?
    for index in range {
      states[index].fromStart = path.distance(first, index)
      states[index].toEnd = path.distance(index, last)
      guard index > first else { continue }
      let step = path.step(index, after: before == nil ? nil : index - 2)
      states[index].way = states[index - 1].way + step.reduce(0) { $0 + $1.square }.squareRoot()
      if before != nil { states[index - 1].angle = PartSums.angle(step, before ?? []) }
      for part in sums.indices { sums[part].add(step[part], after: before?[part]) }
      before = step
    }
    let whole = path.squares(first, last)
    for (index, part) in path.parts.enumerated() {
      parts.append(
        Part(
          run: states[first].run, layer: part.layer, gate: part.gate, way: sums[index].way,
          distance: whole[index].squareRoot(), angle: sums[index].meanAngle))
    }
  }
}

// MARK: Forms

extension Trajectory {
  /// A row a state.
  package var table: Table {
    Table(
      columns: [.init("run_id", .integer), .init("epoch", .integer)]
        + shares.indices.map { .init("pc\($0 + 1)", .number) } + [
          .init("from_start", .number), .init("to_end", .number), .init("way", .number),
          .init("angle", .metric),
        ],
      rows: states.map { state in
        [.integer(Int(state.run)), .integer(state.epoch)] + state.coordinates.map(Table.Cell.real)
          + [
            .real(state.fromStart), .real(state.toEnd), .real(state.way),
            state.angle.map(Table.Cell.real) ?? .null,
          ]
      })
  }

  private var partTable: Table {
    Table(
      columns: [
        .init("run_id", .integer), .init("layer", .text), .init("gate", .text),
        .init("way", .number), .init("distance", .number), .init("straightness", .metric),
        .init("mean_angle", .metric),
      ],
      rows: parts.map { part in
        [
          .integer(Int(part.run)), .text(part.layer), part.gate.map(Table.Cell.text) ?? .null,
          .real(part.way), .real(part.distance),
          part.way > 0 ? .real(part.distance / part.way) : .null,
          part.angle.map(Table.Cell.real) ?? .null,
        ]
      })
  }

  /// Everything.
  package var jsonText: JSONText {
    .lines(
      ["shares": .array(shares.map(JSONText.real))], ["states": .table(table)],
      ["parts": .table(partTable)], ["surface": surface.map { .table($0.table) }])
  }

  /// Returns all tables.
  package func markdown() -> String {
    let tables = [partTable, table] + (surface.map { [$0.table] } ?? [])
    return tables.map { $0.markdown() }.joined(separator: "\n")
  }

  private static let shownStates = 12

  /// Returns how much the directions explain, the parts, and some of the states.
  package func text(on screen: Screen) -> String {
    let width = screen.columns
    let explained = shares.enumerated().map {
      "pc\($0.offset + 1) \((1_000 * $0.element).rounded() / 10) %"
    }
    var facts = [Fact("states", NumberText.count(states.count))]
    facts.add("explained", explained.joined(separator: ", "))
    let isOne = Set(states.map(\.run)).count == 1
    if isOne, let last = states.last {
      facts.add("way", NumberText.metric(last.way))
      facts.add("distance", NumberText.metric(last.fromStart))
    }
    let every = max(1, (states.count + Self.shownStates - 1) / Self.shownStates)
    var shown = table
    shown.rows = shown.rows.enumerated().filter { $0.offset % every == 0 }.map(\.element)
    let hint =
      every > 1
      ? WrappedText.lines(
        "Every \(every == 2 ? "second" : "\(every)th") state is shown; --csv has all.", width: width
      )
      : ""
    func own(_ table: Table) -> Table { isOne ? table.dropping(["run_id"]) : table }
    return WrappedText.lines(heading, width: width, hanging: "  ") + "\n"
      + (note.map { WrappedText.lines($0, width: width) + "\n" } ?? "")
      + facts.text(width: width) + "\n"
      + own(partTable).text(
        fitting: width, TableFit(important: ["layer", "gate", "way", "distance"], mostTurned: 0))
      + "\n"
      + own(shown).text(
        fitting: width, TableFit(important: ["epoch", "pc1", "pc2", "from_start"], mostTurned: 0))
      + hint + (surface.map { "\n" + $0.text(on: screen) } ?? "")
  }
}

/// What is added up of a part of the weights, from step to step.
private struct PartSums {
  typealias Step = WeightStates.Step

  var way = 0.0
  private var angles = 0.0
  private var count = 0

  mutating func add(_ step: Step, after before: Step?) {
    way += step.square.squareRoot()
    guard let before, let angle = Self.angle([step], [before]) else { return }
    angles += angle
    count += 1
  }

  var meanAngle: Double? { count == 0 ? nil : angles / Double(count) }

  /// The angle between two following steps, in degrees; nil where one does not move.
  static func angle(_ step: [Step], _ before: [Step]) -> Double? {
    let own = step.reduce(0.0) { $0 + $1.square }
    let other = before.reduce(0.0) { $0 + $1.square }
    let lengths = own.squareRoot() * other.squareRoot()
    guard lengths > 0 else { return nil }
    let product = step.reduce(0.0) { $0 + $1.product }
    return Angle.degrees(cosine: product / lengths)
  }
}
