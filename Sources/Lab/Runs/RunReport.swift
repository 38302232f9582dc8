package import LabFormats
import LabStore

/// One run whole: its facts, its model and its epochs.
package struct RunReport: Sendable {
  let run: StoredRun
  let summary: KerasSummary
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
  /// Every stored epoch.
  package let epochs: Table
  /// Every loss and metric of the epochs that stored some.
  let metrics: [Int: [MetricValue]]

  private static let shownEpochs = 10

  /// Returns what a terminal shows.
  package func text(columns: Int?, allEpochs: Bool) -> String {
    var shown = epochsWithMetrics.droppingEmptyColumns()
      .dropping(["run_id", "recorded_at", "weights_hash"])
    let left = allEpochs ? 0 : max(0, shown.rows.count - Self.shownEpochs)
    shown.rows.removeFirst(left)
    let note =
      left > 0
      ? "The last \(Self.shownEpochs) of \(epochs.rows.count) stored epochs (--all shows every one):\n"
      : ""
    return facts.text + "\n"
      + summary.text(lineLength: KerasSummary.lineLength(columns: columns ?? 80))
      + "\n" + note + shown.plainText(width: columns)
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

  /// Returns everything as one JSON object, with the columns of the public views.
  package func json() -> String {
    let run = row.json().trimmingArray()
    return """
      {"run":\(run),
      "tensors":\(tensors.json().trimmingEnd()),
      "classes":\(classes.json().trimmingEnd()),
      "features":\(features.json().trimmingEnd()),
      "epochs":\(epochs.json().trimmingEnd())}

      """
  }

  private var facts: [Fact] {
    var facts = [
      Fact("run", "\(run.runID)"), Fact("name", run.name), Fact("status", run.status),
      Fact("uuid", run.uuid), Fact("epochs", "\(run.epochs)"),
    ]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { facts.append(Fact(name, value)) }
    }
    add("message", run.message)
    add("best epoch", run.bestEpoch.map(String.init))
    add("loss", run.loss.map(NumberText.metric))
    add("accuracy", run.accuracy.map(NumberText.metric))
    add("val_loss", run.valLoss.map(NumberText.metric))
    add("val_accuracy", run.valAccuracy.map(NumberText.metric))
    add("result epoch", run.resultEpoch == run.epochs ? nil : "\(run.resultEpoch)")
    add("test_loss", run.testLoss.map(NumberText.metric))
    add("test_accuracy", run.testAccuracy.map(NumberText.metric))
    add("seed", "\(run.seed)")
    add("training", NumberText.duration(run.seconds))
    add("created", run.createdAt)
    add("finished", run.finishedAt)
    if let parent = run.parentRunID, let epoch = run.parentEpoch {
      add("forked from", "\(parent)@\(epoch)")
    }
    add("tags", run.tags == "[]" ? nil : run.tags)
    add("notes", run.notes)
    add("weights hash", lastHash)
    add("config hash", run.configHash)
    add("data hash", run.dataHash)
    add("classes", shownClasses)
    add("normalize", normalize == .none ? nil : normalize.rawValue)
    add("host", run.host)
    add("version", run.version)
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

extension Table {
  /// The place of a column of metrics, which is added if it is not there.
  fileprivate mutating func column(_ title: String) -> Int {
    if let index = columns.firstIndex(where: { $0.title == title }) { return index }
    columns.append(Column(title, .metric))
    for row in rows.indices { rows[row].append(.null) }
    return columns.count - 1
  }
}

extension String {
  /// The one element of a JSON array.
  fileprivate func trimmingArray() -> Substring {
    let array = trimmingEnd()
    return array.dropFirst().dropLast()
  }
}
