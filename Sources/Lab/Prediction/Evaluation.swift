import LSTMEngine
package import LabFormats
import LabStore

/// How well an epoch does with some samples: loss and metrics, and for classes which are told apart.
package struct Evaluation: Answer {
  private let epoch: AppliedEpoch
  /// Loss and metrics by name; of metrics without a value those that the run measures.
  private let values: [(name: String, value: Double)]
  /// What is predicted for what; nil for numbers, and for targets between two classes.
  private let classes: (titles: ClassTitles, scores: ClassScores)?

  /// Measures samples whose targets are all known.
  init(_ epoch: AppliedEpoch, resources: TrainingSession.Resources) throws(LabError) {
    let metrics = epoch.metrics
    let (measured, outputs) = epoch.computed(
      metrics: metrics.compactMap(\.ofRows), resources: resources)
    self.epoch = epoch
    values =
      [("loss", measured.loss)]
      + metrics.values(rowMeans: measured.metrics, predictions: epoch.predictions(outputs))
      .filter { !$0.value.isNaN || epoch.config.training.metrics.contains($0.metric) }
      .map { ($0.metric.rawValue, $0.value) }
    if let titles = epoch.outputs.classes,
      let scores = epoch.outputs.scores(outputs, epoch.samples.outputTargets)
    {
      classes = (titles, scores)
    } else {
      classes = nil
    }
  }

  // MARK: Forms

  /// One row a number: a metric, a class's score, or how often it was predicted for another.
  package var table: Table {
    var rows: [[Table.Cell]] = values.map { [.text($0.name), .null, .null, .real($0.value)] }
    if let (titles, scores) = classes {
      for (number, one) in scores.scores.enumerated() {
        for (name, value) in one.named {
          rows.append([.text(name), titles.cell(number), .null, .real(value)])
        }
        rows.append([.text("support"), titles.cell(number), .null, .integer(one.support)])
      }
      for (mean, one) in [("macro", scores.macro), ("weighted", scores.weighted)] {
        for (name, value) in one.named {
          rows.append([.text("\(mean)_\(name)"), .null, .null, .real(value)])
        }
      }
      for pair in scores.counts {
        rows.append([
          .text("confusion"), titles.cell(pair.target), titles.cell(pair.predicted),
          .integer(pair.count),
        ])
      }
    }
    return Table(
      columns: [
        .init("metric", .text), .init("class", .text), .init("predicted", .text),
        .init("value", .exact),
      ], rows: rows)
  }

  /// The most classes whose whole matrix is in JSON.
  private static let mostInJSON = 1000

  /// Everything; of more than 1,000 classes the matrix as its counts that are not 0.
  package var jsonText: JSONText {
    var members: [JSONTextMember] = [
      .init("run_id", .integer(Int(epoch.weights.run.runID))),
      .init("epoch", .integer(epoch.weights.epoch)),
    ]
    switch epoch.origin {
    case .split(let split): members.append(.init("split", .string(split.rawValue)))
    case .file(let path): members.append(.init("file", .string(path)))
    }
    members.append(.init("samples", .integer(epoch.samples.count)))
    members.append(
      .init("metrics", .object(values.map { .init($0.name, Self.json($0.value)) })))
    if let (titles, scores) = classes {
      members.append(
        .init(
          "classes",
          .array(scores.scores.enumerated().map { $1.json(named: titles.json($0)) })))
      members.append(.init("macro_average", scores.macro.json()))
      members.append(.init("weighted_average", scores.weighted.json()))
      members.append(.init("confusion_matrix", Self.matrix(titles, scores)))
    }
    return .object(members)
  }

  private static func matrix(_ titles: ClassTitles, _ scores: ClassScores) -> JSONText {
    guard scores.count > mostInJSON else {
      return .array(scores.matrix.map { .array($0.map(JSONText.integer)) })
    }
    return .array(
      scores.counts.map { pair in
        .object([
          "target": titles.json(pair.target), "predicted": titles.json(pair.predicted),
          "count": .integer(pair.count),
        ])
      })
  }

  private static func json(_ value: Double) -> JSONText {
    value.isFinite ? .real(value) : .null
  }

  private var heading: String { "\(epoch.weights.heading): \(epoch.description)" }

  /// Returns the metrics, a table of the classes, and what was predicted for what.
  package func text(on screen: Screen) -> String {
    let facts = values.map { Fact($0.name, NumberText.metric($0.value)) }
    let text =
      WrappedText.lines(heading, width: screen.columns) + "\n" + facts.text(width: screen.columns)
    guard let (titles, scores) = classes else { return text }
    let tables = EvaluationTables(titles: titles, scores: scores, width: screen.columns)
    return text + "\n" + tables.text(width: screen.columns)
  }

  /// Returns the same as Markdown.
  package func markdown() -> String {
    let table = Table(
      columns: [.init("metric", .text), .init("value", .metric)],
      rows: values.map { [.text($0.name), .real($0.value)] })
    let text = "\(Table.paragraph(heading))\n\n\(table.markdown())"
    guard let (titles, scores) = classes else { return text }
    let parts = EvaluationTables(titles: titles, scores: scores)
    return text + "\n\(parts.scores.markdown())\n\(parts.confusionHeading):\n\n"
      + parts.confusion.markdown()
  }
}

extension ClassScores.Scores {
  /// The scores by scikit-learn's names.
  fileprivate var named: [(String, Double)] {
    [("precision", precision), ("recall", recall), ("f1_score", f1)]
  }

  fileprivate func json(named name: JSONText? = nil) -> JSONText {
    .object([
      "class": name, "precision": .real(precision), "recall": .real(recall),
      "f1_score": .real(f1), "support": .integer(support),
    ])
  }
}
