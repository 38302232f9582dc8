import LSTMEngine

/// What the outputs of a model say.
enum OutputKind: Equatable {
  /// One output a class: the first greatest is what is predicted.
  case classes
  /// One output: how likely the second of two classes is; above ½ it is what is predicted.
  case second
  /// Each output by itself: how likely a label is there; above ½ it is predicted.
  case labels
  /// A number an output.
  case numbers

  /// - Parameter hasClasses: Whether the targets are classes with names.
  init(_ loss: Loss, outputs: Int, hasClasses: Bool) {
    let isOneOfSeveral = [.sparseCategoricalCrossentropy, .categoricalCrossentropy].contains(loss)
    if outputs > 1, isOneOfSeveral || hasClasses {
      self = .classes
    } else if loss == .binaryCrossentropy {
      self = outputs == 1 ? .second : .labels
    } else {
      self = .numbers
    }
  }

  /// The class that a row of outputs says; nil where it says none.
  func predicted(_ row: ArraySlice<Float>) -> Int? {
    switch self {
    case .classes: firstGreatest(of: row.count) { row[row.startIndex + $0] }
    case .second: row[row.startIndex] > 0.5 ? 1 : 0
    case .labels, .numbers: nil
    }
  }

  /// The class that a row of targets says; nil where it says none, and between two classes.
  func target(_ targets: SampleSet.Targets, row: Int) -> Int? {
    switch (self, targets) {
    case (.numbers, _), (.labels, _): nil
    case (_, .classes(let classes)): Int(classes[row])
    case (.second, .values(let values, _)):
      values[row] == 0 ? 0 : values[row] == 1 ? 1 : nil
    case (.classes, .values(let values, let width)):
      firstGreatest(of: width) { values[row * width + $0] }
    }
  }

  /// How well `count` classes are told apart; nil for numbers and labels, and where a target is between two
  /// classes.
  ///
  /// - Parameter outputs: (rows, width), a row for each of the targets.
  func scores(_ outputs: [Float], _ targets: SampleSet.Targets, count: Int) -> ClassScores? {
    guard targets.rows > 0 else { return nil }
    let width = outputs.count / targets.rows
    var pairs: [(target: Int, predicted: Int)] = []
    for row in 0..<targets.rows {
      guard let target = target(targets, row: row),
        let predicted = predicted(outputs[row * width..<(row + 1) * width])
      else { return nil }
      pairs.append((target, predicted))
    }
    return ClassScores(pairs, count: count)
  }

  /// What the outputs are, in messages.
  var words: String {
    switch self {
    case .classes: "classes"
    case .second: "one of two classes"
    case .labels: "labels, each by itself"
    case .numbers: "numbers"
    }
  }

  /// Whether a metric says something about such outputs.
  func fits(_ metric: Metric, _ loss: Loss) -> Bool {
    switch metric {
    case .accuracy: true
    case .meanAbsoluteError, .meanSquaredError: loss != .sparseCategoricalCrossentropy
    case .precision, .recall, .f1Score, .auc: self != .numbers
    case .topKCategoricalAccuracy: self == .classes
    case .r2Score, .rootMeanSquaredError, .meanAbsolutePercentageError: self == .numbers
    }
  }
}
