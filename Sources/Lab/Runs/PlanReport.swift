import LSTMEngine
package import LabFormats

/// What a configuration will train, and what that takes.
package struct PlanReport: Answer, Sendable {
  private let plan: TrainingPlan

  /// Checks a configuration file and its data.
  package init(contentsOf path: String) throws(LabError) {
    plan = try TrainingPlan(try Config(contentsOf: path))
  }

  /// Returns Keras's summary table and the sizes.
  package func text(on screen: Screen) -> String {
    let table = table
    let sizes = zip(table.columns, table.rows[0]).map { column, cell in
      Fact(column.title.replacing("_", with: " "), column.shown(cell))
    }
    return plan.summary.text(lineLength: KerasSummary.lineLength(columns: screen.width)) + "\n"
      + sizes.text
  }

  /// The sizes, one row each.
  package var table: Table {
    let parameters = plan.summary.parameters
    let slots = plan.network.optimizer.slotNames.count
    let epochs = plan.config.training.epochs
    let total =
      Self.runBytes(parameters: parameters, slots: slots, epochs: epochs, plan.config.record)
      + predictionBytes
    return Table(
      columns: [
        .init("parameters", .integer), .init("samples", .integer), .init("validation", .integer),
        .init("epochs", .integer), .init("steps_per_epoch", .integer),
        .init("epoch_bytes", .bytes), .init("run_bytes", .bytes), .init("memory_bytes", .bytes),
      ],
      rows: [
        [
          .integer(parameters), .integer(plan.train.count), .integer(plan.validation?.count ?? 0),
          .integer(epochs),
          .integer(plan.network.batches(of: plan.train.count)),
          .integer(4 * parameters * (1 + slots)), Self.bytes(total),
          Self.bytes(Network.estimatedBytes(plan.network)),
        ]
      ])
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
}

extension TrainingPlan {
  /// Keras's summary of the model; time steps that differ between samples are left open.
  package var summary: KerasSummary {
    let tensors = ParameterLayout(network.layers, features: network.features).tensors
    let isRectangular = train.lengths.allSatisfy { $0 == train.steps }
    return KerasSummary(
      network.layers, features: network.features,
      tensors: tensors.map { ($0.layer, $0.count) },
      steps: isRectangular ? train.steps : nil)
  }
}
