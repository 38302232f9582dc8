import Foundation
package import LabFormats
import LabStore

/// One run whole: its facts, its model and its epochs.
package struct RunReport: Answer, Sendable {
  let run: StoredRun
  /// How far it is, while it is being trained.
  let living: LivingRun?
  /// When the report was made.
  let now: Date
  /// The model's layers as Keras prints them; nil of a foreign run.
  let summary: KerasSummary?
  /// The tensors of a foreign run.
  let foreign: ForeignSummary?
  /// The run's row in the view `runs`.
  let row: Table
  /// The run's rows in the view `tensors`.
  let tensors: Table
  /// The run's rows in the view `classes`.
  let classes: Table
  /// The run's rows in the view `features`.
  let features: Table
  /// How the features were scaled.
  let normalize: Normalize
  /// What of its samples it validates with, where that is a fold.
  let folds: ValidationFolds?
  /// What its result makes of the data that it was tested with, else validated, as far as that is stored.
  let outcomes: Outcomes?
  let epochs: Table
  /// Every loss and metric of the epochs that stored some.
  let metrics: [Int: [MetricValue]]
  /// Whether a terminal shows every epoch instead of the last ones.
  package var showsAllEpochs = false

  private static let shownEpochs = 10
  /// What is left out last where not all columns fit.
  private static let fit = TableFit(
    important: ["epoch", "loss", "val_loss", "accuracy", "val_accuracy", "learning_rate"],
    mostTurned: 0)

  /// Every stored epoch.
  package var table: Table { epochs }

  /// Returns the facts, Keras's summary table, and the last epochs.
  package func text(on screen: Screen) -> String {
    var shown = epochsWithMetrics.droppingEmptyColumns()
      .dropping(["run_id", "recorded_at", "weights_hash"])
    let left = showsAllEpochs ? 0 : max(0, shown.rows.count - Self.shownEpochs)
    shown.rows.removeFirst(left)
    let note =
      left > 0
      ? WrappedText.lines(
        "The last \(Self.shownEpochs) of \(epochs.rows.count) stored epochs (--all shows every one):",
        width: screen.columns)
      : ""
    return facts.text(width: screen.columns) + "\n"
      + (summary?.text(lineLength: KerasSummary.lineLength(columns: screen.width)) ?? "")
      + (foreign?.text(width: screen.columns) ?? "")
      + "\n" + note + shown.text(fitting: screen.columns, Self.fit)
  }

  /// The epochs with a column for each metric that the view `epochs` has none for.
  private var epochsWithMetrics: Table {
    var table = epochs
    guard let place = epochs.columns.firstIndex(where: { $0.title == "epoch" }) else {
      return table
    }
    for row in table.rows.indices {
      guard case .integer(let epoch) = table.rows[row][place] else { continue }
      for metric in metrics[epoch] ?? []
      where metric.split == .test || !["loss", "accuracy"].contains(metric.name) {
        let column = table.column(metric.kerasName)
        table.rows[row][column] = .real(metric.value)
      }
    }
    return table
  }

  /// Everything, with the columns of the public views.
  package var jsonText: JSONText {
    .lines(
      ["run": .apart(row.object(ofRow: 0))], ["tensors": .table(tensors)],
      ["classes": .table(classes)], ["features": .table(features)], ["epochs": .table(epochs)])
  }

  private var facts: [Fact] {
    var facts = [
      Fact("run", "\(run.runID)"), Fact("name", run.name), Fact("status", run.status),
      Fact("uuid", run.uuid), Fact("epochs", living?.progress ?? "\(run.epochs)"),
    ]
    facts.add("ends", living?.end(from: now))
    facts.add("message", run.message)
    facts.add("best epoch", run.bestEpoch.map(String.init))
    facts.add("loss", run.loss.map(NumberText.metric))
    facts.add("accuracy", run.accuracy.map(NumberText.metric))
    facts.add("val_loss", run.valLoss.map(NumberText.metric))
    facts.add("val_accuracy", run.valAccuracy.map(NumberText.metric))
    facts.add("result epoch", run.resultEpoch == run.epochs ? nil : "\(run.resultEpoch)")
    facts.add("test_loss", run.testLoss.map(NumberText.metric))
    facts.add("test_accuracy", run.testAccuracy.map(NumberText.metric))
    facts += outcomes?.facts ?? []
    facts.add("seed", run.seed.map(String.init))
    facts.add("fold", folds?.text ?? run.fold.map(String.init))
    facts.add("training", NumberText.duration(run.seconds))
    facts.add("created", run.createdAt)
    facts.add("finished", run.finishedAt)
    if let parent = run.parentRunID, let epoch = run.parentEpoch {
      facts.add(run.trainer == nil ? "forked from" : "goes on from", "\(parent)@\(epoch)")
    }
    facts.add("tags", run.tags == "[]" ? nil : run.tags)
    facts.add("notes", run.notes)
    facts.add("weights hash", lastHash)
    facts.add("config hash", run.configHash)
    facts.add("data hash", run.dataHash)
    facts.add("classes", shownClasses)
    facts.add("normalize", normalize == .none ? nil : normalize.rawValue)
    facts.add("trained by", run.trainer)
    facts.add("numbers", run.isExact ? nil : "wider than float32, and rounded to it")
    facts.add("host", run.host)
    facts.add("version", run.version)
    return facts
  }

  private static let shownClassCount = 20

  private var shownClasses: String {
    let names = classes.rows.compactMap { row in
      if case .text(let name)? = row.last { name } else { nil }
    }
    let shown = names.prefix(Self.shownClassCount).joined(separator: ", ")
    return names.count > Self.shownClassCount ? shown + ", … (\(names.count))" : shown
  }

  /// The last epoch's link of the hash chain.
  private var lastHash: String? {
    guard let column = epochs.columns.firstIndex(where: { $0.title == "weights_hash" }),
      case .text(let hash)? = epochs.rows.last?[column]
    else { return nil }
    return hash
  }
}

/// Several runs whole, one after the other.
package struct RunReports: Answer, Sendable {
  let reports: [RunReport]

  /// Every stored epoch of every run.
  package var table: Table {
    Table(columns: reports[0].table.columns, rows: reports.flatMap(\.table.rows))
  }

  /// A list of what each has.
  package var jsonText: JSONText { .array(reports.map(\.jsonText)) }

  /// Returns each as it is shown alone.
  package func text(on screen: Screen) -> String {
    reports.map { $0.text(on: screen) }.joined(separator: "\n\n")
  }
}

extension Table {
  /// The place of a column of metrics, which is added if it is not there.
  fileprivate mutating func column(_ title: String) -> Int {
    if let index = columns.firstIndex(where: { $0.title == title }) { return index }
    columns.append(Column(title, .metric))
    for row in rows.indices { rows[row].append(.null) }
    return columns.count - 1
  }
}
