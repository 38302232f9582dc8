import LSTMEngine

/// Every prediction of a part of the data beside what it should have been, in the data's own units.
///
/// Each metric is that of scikit-learn, computed in double precision. It is NaN, which the database stores as
/// NULL, where a prediction is not finite and where scikit-learn has no value.
struct MeasuredPredictions {
  private let kind: OutputKind
  private let outputs: [Float]  // (rows, width)
  private let width: Int
  private let targets: SampleSet.Targets

  /// - Parameters:
  ///   - outputs: (rows, width), a row for each of the samples' targets, in the units of the data.
  ///   - hasClasses: Whether the targets are classes with names.
  init(_ outputs: [Float], of samples: SampleSet, width: Int, loss: Loss, hasClasses: Bool) {
    self.init(
      outputs, width: width,
      targets: samples.unscaled.map { .values($0.values, outputs: width) } ?? samples.outputTargets,
      kind: OutputKind(loss, outputs: width, hasClasses: hasClasses))
  }

  /// - Parameter outputs: (rows, width), a row for each of the targets.
  init(_ outputs: [Float], width: Int, targets: SampleSet.Targets, kind: OutputKind) {
    precondition(outputs.count == targets.rows * width, "\(outputs.count) outputs")
    self.outputs = outputs
    self.width = width
    self.targets = targets
    self.kind = kind
  }

  /// The values of those metrics that are computed from every prediction; others have none.
  func values(of metrics: [Metric]) -> [Metric: Double] {
    let wanted = metrics.filter { $0.ofRows == nil }
    guard !wanted.isEmpty else { return [:] }
    let isFinite = !outputs.isEmpty && outputs.allSatisfy(\.isFinite)
    let scores = wanted.contains { $0.classScore != nil } && isFinite ? scores : []
    let errors = wanted.contains { !$0.comparesClasses } && isFinite ? errors : []
    var values: [Metric: Double] = [:]
    for metric in wanted {
      values[metric] =
        switch metric {
        case _ where !isFinite: .nan
        case .auc: mean(areas.filter { !$0.isNaN })
        case .topKCategoricalAccuracy: topKAccuracy(5)
        case .r2Score: mean(errors.map(\.r2))
        case .rootMeanSquaredError: mean(errors.map(\.root))
        case .meanAbsolutePercentageError: mean(errors.map(\.share))
        default: metric.classScore.map { score in mean(scores.map { $0[keyPath: score] }) } ?? .nan
        }
    }
    return values
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  // MARK: Classes and labels

  /// The scores of every class that occurs, or of every label.
  private var scores: [ClassScores.Scores] {
    if kind == .labels {
      return (0..<width).map { label in
        let pairs = (0..<targets.rows).map { row in
          (
            target: target(row, label) > 0.5 ? 1 : 0,
            predicted: outputs[row * width + label] > 0.5 ? 1 : 0
          )
        }
        return ClassScores(pairs, count: 2).scores[1]
      }
    }
    return kind.scores(outputs, targets, count: max(width, 2))?.occurring ?? []
  }

  /// The area of every class or label; of two classes that of the second, whose mirror the first is.
  private var areas: [Double] {
    let isOneOfTwo = kind == .second || kind == .classes && width == 2
    return (isOneOfTwo ? width - 1..<width : 0..<width).map { output in
      RankedScores(
        (0..<targets.rows).map { row in
          let isThere =
            kind == .classes
            ? kind.target(targets, row: row) == output : target(row, output) > 0.5
          return (outputs[row * width + output], isThere)
        }
      ).area
    }
  }

  /// The part of rows whose class is among the `k` greatest outputs; of equal ones the later are greater, as
  /// in scikit-learn's `top_k_accuracy_score`.
  private func topKAccuracy(_ k: Int) -> Double {
    guard kind == .classes else { return .nan }
    let right = (0..<targets.rows).count { row in
      guard let target = kind.target(targets, row: row) else { return false }
      let first = row * width
      let own = outputs[first + target]
      let before = (0..<width).count {
        outputs[first + $0] > own || outputs[first + $0] == own && $0 > target
      }
      return before < k
    }
    return Double(right) / Double(targets.rows)
  }

  // MARK: Numbers

  /// How far each output is from what it should be.
  private var errors: [NumberErrors] {
    (0..<width).map { output in
      NumberErrors(
        (0..<targets.rows).map { row in
          (target: Double(target(row, output)), predicted: Double(outputs[row * width + output]))
        })
    }
  }

  /// What an output should have been in a row.
  private func target(_ row: Int, _ output: Int) -> Float {
    switch targets {
    case .values(let values, let width): values[row * width + output]
    case .classes(let classes): Int(classes[row]) == output ? 1 : 0
    }
  }
}

extension [Metric] {
  /// Returns the metrics with their values.
  ///
  /// - Parameters:
  ///   - rowMeans: What the engine measured of those that are means over rows, in their order.
  ///   - predictions: From which all others are computed; nil where there are no others.
  func values(
    rowMeans: [Double], predictions: MeasuredPredictions?
  ) -> [(metric: Metric, value: Double)] {
    let others = predictions?.values(of: self) ?? [:]
    var means = rowMeans.makeIterator()
    return map { metric in
      (metric, (metric.ofRows == nil ? others[metric] : means.next()) ?? .nan)
    }
  }
}

extension Metric {
  /// The score of a class whose mean it is.
  fileprivate var classScore: KeyPath<ClassScores.Scores, Double>? {
    switch self {
    case .precision: \.precision
    case .recall: \.recall
    case .f1Score: \.f1
    default: nil
    }
  }
}
