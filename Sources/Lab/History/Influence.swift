import LSTMEngine
package import LabFormats
import LabStore

/// Which training samples made a prediction: how much each of them lowered its loss.
package struct Influence: Answer {
  /// What rows are told apart by besides the sample.
  package enum Detail: String, CaseIterable, Sendable {
    /// The epochs.
    case epoch
    /// The layers and their gates.
    case gate
  }

  private let heading: String
  private let facts: [Fact]
  private let traced: TracedInfluence
  private let training: AppliedEpoch
  private let identity: SampleIdentity
  private let isSelf: Bool
  private let detail: Detail?
  /// The most rows of each list that people are shown.
  private let limit: Int
  /// What the tested samples are, for JSON.
  private let tested: TestedSamples?

  init(
    _ traced: TracedInfluence, on tested: TestedSamples?, of opened: OpenedRun,
    training: AppliedEpoch, detail: Detail?, limit: Int
  ) throws(LabError) {
    self.traced = traced
    self.tested = tested
    self.training = training
    self.detail = detail
    self.limit = limit
    identity = try SampleIdentity(training, label: nil)
    isSelf = tested == nil
    let last = traced.epochs[traced.epochs.count - 1]
    let name = "\(Visible.line(opened.run.name)), run \(opened.id), epoch \(last)"
    heading =
      tested.map { "\(name): \($0.applied.description), \($0.words)" }
      ?? "\(name): \(training.description), each with itself"
    facts = Self.facts(traced, tested, training)
  }

  private static func facts(
    _ traced: TracedInfluence, _ tested: TestedSamples?, _ training: AppliedEpoch
  ) -> [Fact] {
    let epochs = traced.epochs
    let range = "\(epochs[0]) to \(epochs[epochs.count - 1])"
    var facts = [
      Fact("samples", "\(NumberText.count(training.samples.count)) that it was trained with"),
      traced.counted.map { counted in
        let ones = counted.numbers.count == 1 ? "1 stored one" : "\(epochs.count) stored ones"
        return Fact("epochs", "\(ones), \(counted.range)\(counted.missing)")
      }
        ?? Fact("epochs", "every step of \(range), trained again to the stored hash"),
    ]
    if let tested, tested.numbers.count == 1 {
      switch tested.applied.target(of: tested.numbers[0]) {
      case .text(let name): facts.append(Fact("target", Visible.line(name)))
      case .integer(let number): facts.append(Fact("target", "\(number)"))
      case .real, .null: break
      }
    }
    return facts
  }

  private var sums: [Double] { traced.sums }

  // MARK: Forms

  /// One row a training sample; by epoch or gate one for each of these.
  package var table: Table { table(of: Array(0..<training.samples.count)) }

  private func table(of samples: [Int], detailed: Bool = true) -> Table {
    var titles = ColumnTitles()
    var columns = identity.columns(&titles)
    let detail = detailed ? detail : nil
    switch detail {
    case .epoch: columns.append(.init(titles.add("epoch", as: "column"), .integer))
    case .gate:
      columns.append(.init(titles.add("layer", as: "column"), .text))
      columns.append(.init(titles.add("gate", as: "column"), .text))
    case nil: break
    }
    columns.append(.init(titles.add("influence", as: "column"), .change))
    columns.append(.init(titles.add("target", as: "column"), .text))
    let sums = sums
    let rows = samples.flatMap { sample in
      let own = identity.cells(of: sample)
      let target = training.target(of: sample)
      return switch detail {
      case .epoch:
        zip(traced.epochs, traced.byEpoch[sample]).map { epoch, value in
          own + [.integer(epoch), .real(value), target]
        }
      case .gate:
        zip(traced.parts, traced.byPart[sample]).map { part, value in
          own + part.cells + [.real(value), target]
        }
      case nil: [own + [.real(sums[sample]), target]]
      }
    }
    return Table(columns: columns, rows: rows)
  }

  /// A row each of the samples whose influence is greatest.
  var greatest: Table {
    let sums = sums
    let order = sums.indices.sorted { (-sums[$0], $0) < (-sums[$1], $1) }
    return table(of: Array(order.prefix(limit)), detailed: false).droppingEmptyColumns()
  }

  /// A row a layer and gate: what samples did through it that lowered the loss, and that raised it.
  private var partTable: Table {
    Table(
      columns: [
        .init("layer", .text), .init("gate", .text), .init("lowered", .change),
        .init("raised", .change),
      ],
      rows: traced.parts.enumerated().map { index, part in
        let own = traced.byPart.map { $0[index] }
        return part.cells + [
          .real(own.filter { $0 > 0 }.reduce(0, +)), .real(own.filter { $0 < 0 }.reduce(0, +)),
        ]
      }
    ).droppingEmptyColumns()
  }

  /// What lowered the loss along the way, and by how much: the parts add up.
  private func accountTable(_ account: TracedInfluence.Account) -> Table {
    Table(
      columns: [.init("part", .text), .init("lowered", .change)],
      rows: [
        [.text("training samples"), .real(account.samples)],
        [.text("momentum from before"), .real(account.momentum)],
        [.text("decay of weights"), .real(account.decay)],
        [.text("rounding to float32"), .real(account.rounding)],
        [.text("second order"), .real(account.secondOrder)],
        [.text("rest"), .real(account.rest)],
        [.text("loss, from start to end"), .real(account.before - account.after)],
      ].filter { $0[0] != .text("decay of weights") || account.decay != 0 }
        .filter { $0[0] != .text("momentum from before") || account.momentum != 0 })
  }

  /// Everything: a row a sample, each layer and gate, each epoch, and of the ideal form what is left over.
  package var jsonText: JSONText {
    let byEpoch = traced.epochs.indices.map { index in
      JSONText.object([
        "epoch": .integer(traced.epochs[index]),
        "influence": .real(traced.byEpoch.reduce(0.0) { $0 + $1[index] }),
      ])
    }
    let account = traced.account.map { account in
      JSONText.object([
        "loss_before": .real(account.before), "loss_after": .real(account.after),
        "samples": .real(account.samples), "momentum": .real(account.momentum),
        "decay": .real(account.decay), "rounding": .real(account.rounding),
        "second_order": .real(account.secondOrder), "rest": .real(account.rest),
      ])
    }
    return .lines(
      [
        "run_id": .integer(Int(training.weights.opened.id)),
        "epochs": .array(byEpoch),
        "tested": tested.map { .array($0.numbers.map(JSONText.integer)) } ?? .string("itself"),
        "ideal": account ?? .null,
      ],
      ["samples": .table(table)], ["gates": .table(partTable)])
  }

  /// Returns the samples that did most for the prediction and most against it, and where.
  package func text(on screen: Screen) -> String {
    let sums = sums
    let order = sums.indices.sorted { (-sums[$0], $0) < (-sums[$1], $1) }
    var parts = [
      WrappedText.lines(heading, width: screen.columns) + "\n" + facts.text(width: screen.columns)
    ]
    func list(_ title: String, _ samples: [Int]) {
      guard !samples.isEmpty else { return }
      let shown = Array(samples.prefix(limit))
      let rest =
        samples.count > shown.count
        ? ", the first \(shown.count) of \(NumberText.count(samples.count))" : ""
      parts.append(
        WrappedText.lines("\(title)\(rest):", width: screen.columns)
          + table(of: shown, detailed: false).droppingEmptyColumns().text(fitting: screen.columns))
    }
    if isSelf {
      list("Influence of each on itself; wrong labels and rare samples stand high", order)
    } else {
      list("Proponents, which lowered the loss", order.filter { sums[$0] > 0 })
      list("Opponents, which raised it", order.reversed().filter { sums[$0] < 0 })
    }
    if sums.allSatisfy({ $0 == 0 }) {
      parts.append(
        WrappedText.lines(
          "No sample has any influence: no weight is trained, or nothing moves it.",
          width: screen.columns))
    } else if limit > 0 {
      parts.append("By layer and gate:\n" + partTable.text(fitting: screen.columns))
    }
    if let account = traced.account {
      parts.append(
        WrappedText.lines(
          "What changed the loss from \(NumberText.metric(account.before)) to \(NumberText.metric(account.after)); above 0 it lowered it:",
          width: screen.columns) + accountTable(account).text(fitting: screen.columns))
    }
    return parts.joined(separator: "\n")
  }
}

extension ParameterPart {
  /// The layer and the gate by their names in the view `gate_stats`.
  fileprivate var cells: [Table.Cell] {
    let side = direction.flatMap { LayerPart.Direction(rawValue: $0.rawValue) }
    let part = LayerPart(side, gate?.rawValue).text
    return [.text(layer), part.map(Table.Cell.text) ?? .null]
  }
}

extension Laboratory {
  /// Finds the training samples that made a prediction.
  ///
  /// - Parameters:
  ///   - file: The samples that are tested; nil for those of the run's own data.
  ///   - isIdeal: Whether every optimizer step is trained again and split.
  package func influence(
    _ text: String, _ file: NewData?, split: String?, _ choice: SampleChoice, isIdeal: Bool,
    detail: Influence.Detail?, limit: Int, resources: TrainingSession.Resources
  ) throws -> Influence {
    let opened = try open(text)
    try opened.requireOwn(
      toDo: "which samples made a prediction can be told only of a run whose samples are known",
      next: "see what moved most between two epochs: lstm-lab diff \(opened.id)@1 \(opened.id)"
        + opened.database.option)
    let plan = try opened.plan(opened.config)
    let training = try AppliedEpoch(opened, split: DataSplit.train.rawValue, plan: plan)
    var tested: TestedSamples?
    if case .itself = choice {
    } else {
      tested = try TestedSamples(
        applied(opened, file, split: split, targets: .required), choice, at: opened.place)
    }
    let traced =
      if isIdeal, let tested {
        try opened.idealInfluence(on: tested, resources: resources)
      } else { try opened.influence(on: tested, plan, resources: resources) }
    return try Influence(
      traced, on: tested, of: opened, training: training, detail: detail, limit: limit)
  }
}
