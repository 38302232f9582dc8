import LSTMEngine
package import LabFormats
import LabStore

/// What a configuration will train and on what, what that takes, and what looks like a mistake.
package struct PlanReport: Answer, Sendable {
  private let plan: TrainingPlan
  private let survey: PlanSurvey
  /// The seconds of a run's epochs, roughly; nil where no step was measured.
  private let seconds: Double?

  /// Checks a configuration file and its data, and measures some steps.
  package init(
    contentsOf path: String, resources: TrainingSession.Resources
  ) throws(LabError) {
    self.init(
      try TrainingPlan(try Config(contentsOf: path)), resources: resources, measuring: .thoroughly)
  }

  /// How long steps are measured, for the forecast of the run's time.
  package enum Measuring {
    case thoroughly
    /// For a small part of the time that the run takes.
    case briefly
    case not

    fileprivate func forecast(
      _ plan: TrainingPlan, _ resources: TrainingSession.Resources
    ) -> Forecast? {
      switch self {
      case .thoroughly: Forecast(plan, resources: resources, seconds: 0.1)
      case .briefly: Forecast(plan, resources: resources, seconds: 0.002, share: 0.05)
      case .not: nil
      }
    }
  }

  /// Looks at a plan, and measures some steps.
  package init(
    _ plan: TrainingPlan, resources: TrainingSession.Resources, measuring: Measuring
  ) {
    self.plan = plan
    survey = PlanSurvey(plan)
    seconds = measuring.forecast(plan, resources).map {
      Self.rounded($0.epochSeconds * Double(plan.config.training.epochs))
    }
  }

  /// What looks like a mistake.
  package var warnings: [LabWarning] { survey.warnings }

  /// What was done to initial weights that a file gives, a line each.
  package var notes: [String] {
    guard let weights = plan.initialWeights, let file = plan.config.model.initialWeights else {
      return []
    }
    return weights.notes.map { "note: \(Visible.line(file.path)): \(Visible.line($0))" }
  }

  /// Returns Keras's summary table, the data, the sizes and the warnings.
  package func text(on screen: Screen) -> String {
    let table = table
    let shown = { (title: String) in
      zip(table.columns, table.rows[0]).first { $0.0.title == title }.map { $0.0.shown($0.1) } ?? ""
    }
    let fact = { (title: String) in Fact(title.replacing("_", with: " "), shown(title)) }
    var facts = [fact("parameters"), fact("samples")]
    facts += parts.map { part in
      let survey = part.survey
      return Fact(part.name, "\(survey.samples) (\(survey.charactersText ?? survey.targetsText))")
    }
    if survey.validation == nil { facts.append(fact("validation")) }
    if let folds { facts.append(Fact("fold", folds.text)) }
    if let textText { facts.append(Fact("text", textText)) }
    facts.append(Fact("time steps", survey.train.stepsText.range + survey.train.stepsText.median))
    facts.append(Fact("features", featuresText))
    facts.append(Fact(areClasses ? "classes" : "targets", survey.train.targetsText))
    if let missingText { facts.append(Fact("missing", missingText)) }
    facts += ["epochs", "steps_per_epoch"].map(fact)
    facts.append(Fact("run time", "about \(shown("run_seconds"))"))
    facts += ["epoch_bytes", "run_bytes", "memory_bytes"].map(fact)
    return plan.summary.text(lineLength: KerasSummary.lineLength(columns: screen.width)) + "\n"
      + facts.text(width: screen.columns)
      + warnings.map {
        "\n" + WrappedText.message($0.description, width: screen.columns) + "\n"
      }.joined()
  }

  /// The data and the forecast in lines, as they are told before training.
  package var announcement: String {
    let train = survey.train
    let samples = "\(NumberText.count(train.samples)) sample\(train.samples == 1 ? "" : "s")"
    let steps =
      "\(train.stepsText.range) time step\(train.mostSteps == 1 ? "" : "s")\(train.stepsText.median)"
    let others = parts.map { part in
      let fold = part.name == "validation" ? folds.map { " (fold \($0.text))" } ?? "" : ""
      return "\(NumberText.count(part.survey.samples)) for \(part.name)\(fold)"
    }
    return
      "Data: "
      + (textText.map { "\($0); \(samples) of \(steps)" }
        ?? "\(samples) of \(steps), \(train.features) feature\(train.features == 1 ? "" : "s"), "
        + "\(areClasses ? "classes" : "targets") \(train.targetsText)")
      + others.map { "; \($0)" }.joined() + (missingText.map { "\nMissing: \($0)" } ?? "")
      + "\nForecast: "
      + (seconds.map { "about \(NumberText.duration($0)), " } ?? "") + NumberText.bytes(runBytes)
  }

  private var folds: ValidationFolds? { plan.config.data.validation?.folds }

  private var parts: [(name: String, survey: DataSurvey)] {
    [("validation", survey.validation), ("test", survey.test)].compactMap { name, survey in
      survey.map { (name, $0) }
    }
  }

  /// What was done about missing values of all parts; nil where there were none.
  private var missingText: String? {
    let all = [plan.source.train, plan.source.validation, plan.source.test].compactMap(\.self)
    let filled = all.reduce(0) { $0 + $1.filled }, dropped = all.reduce(0) { $0 + $1.dropped }
    let targets = all.reduce(0) { $0 + $1.filledTargets }
    let texts = [
      filled > 0 ? "\(NumberText.count(filled)) value\(filled == 1 ? "" : "s") filled in" : nil,
      targets > 0
        ? "\(NumberText.count(targets)) value\(targets == 1 ? "" : "s") to predict filled in" : nil,
      dropped > 0 ? "\(NumberText.count(dropped)) sample\(dropped == 1 ? "" : "s") left out" : nil,
    ].compactMap(\.self)
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }

  /// The text that is trained on; nil for other data.
  private var textText: String? {
    survey.train.charactersText.map {
      "\($0), \(NumberText.count(plan.data.classes.count)) different"
    }
  }

  private var areClasses: Bool {
    if case .classes = survey.train.targets { true } else { false }
  }

  private var featuresText: String {
    let names = plan.data.features.compactMap(\.name).prefix(10)
    let count = plan.network.features
    return "\(count)" + (names.isEmpty ? "" : " (\(Visible.line(names.joined(separator: ", ")))")
      + (names.isEmpty ? "" : names.count < count ? ", …)" : ")")
  }

  private var runBytes: Double {
    Self.runBytes(
      parameters: plan.summary.parameters, slots: plan.network.optimizer.slotNames.count,
      epochs: plan.config.training.epochs, plan.config.record) + predictionBytes
  }

  /// Everything, in one row.
  package var table: Table {
    let parameters = plan.summary.parameters
    let slots = plan.network.optimizer.slotNames.count
    let epochs = plan.config.training.epochs
    let range = survey.train.targetRange
    let steps = survey.train.medianSteps
    let median = Int(exactly: steps).map(Table.Cell.integer) ?? .real(steps)
    return Table(
      columns: [
        .init("parameters", .integer), .init("samples", .integer), .init("validation", .integer),
        .init("fold", .integer), .init("folds", .integer),
        .init("epochs", .integer), .init("steps_per_epoch", .integer),
        .init("epoch_bytes", .bytes), .init("run_bytes", .bytes), .init("memory_bytes", .bytes),
        .init("test", .integer), .init("time_steps_least", .integer),
        .init("time_steps_median", .exact), .init("time_steps_most", .integer),
        .init("features", .integer), .init("characters", .integer), .init("vocabulary", .integer),
        .init("classes", .text), .init("target_least", .exact),
        .init("target_most", .exact), .init("run_seconds", .seconds), .init("warnings", .text),
      ],
      rows: [
        [
          .integer(parameters), .integer(plan.train.count), .integer(plan.validation?.count ?? 0),
          folds.map { .integer($0.fold) } ?? .null, folds.map { .integer($0.count) } ?? .null,
          .integer(epochs),
          .integer(plan.network.batches(of: plan.train.count)),
          .integer(4 * parameters * (1 + slots)), Self.bytes(runBytes),
          Self.bytes(Network.estimatedBytes(plan.network)), .integer(plan.test?.count ?? 0),
          .integer(survey.train.leastSteps), median,
          .integer(survey.train.mostSteps), .integer(survey.train.features),
          survey.train.characters.map(Table.Cell.integer) ?? .null,
          survey.train.characters.map { _ in .integer(plan.data.classes.count) } ?? .null,
          areClasses ? .text(survey.train.targetsText) : .null,
          range.map { .real($0.least) } ?? .null,
          range.map { .real($0.greatest) } ?? .null, seconds.map(Table.Cell.real) ?? .null,
          warnings.isEmpty ? .null : .text(warnings.map(\.brief).joined(separator: "; ")),
        ]
      ])
  }

  /// The row as an object, with lists where a cell would hold a text of several parts.
  package var jsonText: JSONText {
    guard case .object(var members) = table.object(ofRow: 0) else { return .table(table) }
    for index in members.indices {
      switch members[index].key {
      case "classes": members[index].value = classesJSON
      case "warnings":
        members[index].value = .array(
          warnings.map {
            .object([
              "what": .string($0.what), "where": .string($0.place), "next": .string($0.next),
            ])
          })
      default: break
      }
    }
    return .array([.apart(.object(members))])
  }

  private var classesJSON: JSONText {
    guard case .classes(let classes) = survey.train.targets else { return .null }
    let others = parts.map { part -> (String, [DataSurvey.ClassCount]) in
      if case .classes(let counts) = part.survey.targets {
        (part.name, counts)
      } else {
        (part.name, [])
      }
    }
    return .array(
      classes.enumerated().map { index, one in
        .object(
          [
            JSONTextMember("name", .string(one.name)), JSONTextMember("train", .integer(one.count)),
          ]
            + others.map { name, counts in
              JSONTextMember(
                name, .integer(counts.indices.contains(index) ? counts[index].count : 0))
            })
      })
  }

  /// Returns the bytes of all weights and optimizer states of a run; may be beyond Int.
  package static func runBytes(
    parameters: Int, slots: Int, epochs: Int, _ record: RecordConfig
  ) -> Double {
    4 * Double(parameters)
      * (stored(record.weightsEvery, epochs) + stored(record.optimizerEvery, epochs) * Double(slots))
  }

  /// The bytes of all predictions of the run, and of their targets.
  private var predictionBytes: Double {
    let every = plan.config.record.predictionsEvery
    let epochs = every > 0 ? Self.stored(every, plan.config.training.epochs) : 0
    let trained = plan.splits.reduce(0) { $0 + Double(plan.predictions(of: $1.1)) }
    let tested = plan.storesTestPredictions ? plan.test.map(plan.predictions) ?? 0 : 0
    return 4 * ((every > 0 ? trained * (epochs + 1) : 0) + 2 * Double(tested))
  }

  /// Returns a cell of a whole number of bytes; one beyond Int stays a Double.
  package static func bytes(_ count: Double) -> Table.Cell {
    Int(exactly: count).map(Table.Cell.integer) ?? .real(count)
  }

  /// The number of epochs that store something every so many, the first state and the last included.
  private static func stored(_ every: Int, _ epochs: Int) -> Double {
    Double(1 + epochs / every + (epochs % every == 0 ? 0 : 1))
  }

  /// Two digits: more would promise what a few steps cannot tell.
  private static func rounded(_ seconds: Double) -> Double {
    var scale = 1.0
    while seconds > 0, seconds * scale < 10, scale < 1e12 { scale *= 10 }
    return (seconds * scale).rounded() / scale
  }
}

extension TrainingPlan {
  /// Keras's summary of the model; time steps that differ between samples are left open.
  package var summary: KerasSummary {
    let tensors = ParameterLayout(network.layers, features: network.features).tensors
    return KerasSummary(
      network.layers, features: network.features,
      tensors: tensors.map { ($0.layer, $0.count) },
      steps: train.areEquallyLong ? train.steps : nil)
  }
}
