import LSTMEngine
package import LabFormats

/// What some samples are: how many, how long, of which classes or numbers.
package struct DataSurvey: Equatable, Sendable {
  /// The number of samples.
  package let samples: Int
  /// The number of time steps of the shortest sample, the middle one and the longest.
  package let leastSteps, mostSteps: Int
  /// Between two whole numbers where the number of samples is even.
  package let medianSteps: Double
  /// The number of features.
  package let features: Int
  /// The characters of the text that the samples are cut from; nil for other data.
  package let characters: Int?
  /// What the targets are.
  package let targets: Targets

  /// What the model should tell.
  package enum Targets: Equatable, Sendable {
    /// Classes, in the order of their numbers, with how many samples or time steps have each.
    case classes([ClassCount])
    /// Numbers between these two.
    case numbers(least: Float, greatest: Float)
  }

  /// A class and how often it is a target.
  package struct ClassCount: Equatable, Sendable {
    /// Its name, or its number where it has none.
    package let name: String
    /// The number of samples, or of time steps where each has a target.
    package let count: Int
  }

  /// Looks at samples as they were loaded.
  ///
  /// - Parameter outputs: The number of outputs of the model, to which targets without names belong.
  init(_ data: Dataset, outputs: Int, loss: Loss) {
    samples = data.samples
    features = data.features
    // The last one is a target only.
    characters = data.sharesTargets ? data.x.count + 1 : nil
    let sorted = data.isRectangular ? [data.steps] : data.lengths.sorted()
    let middle = sorted.count / 2
    leastSteps = sorted[0]
    mostSteps = sorted[sorted.count - 1]
    medianSteps =
      sorted.count.isMultiple(of: 2)
      ? Double(sorted[middle - 1] + sorted[middle]) / 2 : Double(sorted[middle])
    targets = Self.targets(data, outputs: outputs, loss: loss)
  }

  private static func targets(_ data: Dataset, outputs: Int, loss: Loss) -> Targets {
    if let names = data.classNames { return .classes(counts(data.y.lazy.map { Int($0) }, names)) }
    let width = loss == .sparseCategoricalCrossentropy ? 1 : outputs
    if let classes = classes(data.y, width: width, loss: loss) {
      return .classes(counts(classes, (0..<max(outputs, 2)).map(String.init)))
    }
    return .numbers(least: data.y.min() ?? 0, greatest: data.y.max() ?? 0)
  }

  private static func counts(_ classes: some Sequence<Int>, _ names: [String]) -> [ClassCount] {
    var counts = [Int](repeating: 0, count: names.count)
    for number in classes { counts[number] += 1 }
    return zip(names, counts).map { ClassCount(name: $0, count: $1) }
  }

  /// The class of each row of targets without names; nil where they are numbers.
  private static func classes(_ y: [Float], width: Int, loss: Loss) -> [Int]? {
    if loss == .sparseCategoricalCrossentropy { return y.map { Int($0) } }
    if width == 1 {
      return loss.isCrossentropy && y.allSatisfy { $0 == 0 || $0 == 1 } ? y.map { Int($0) } : nil
    }
    var classes: [Int] = []
    for start in stride(from: 0, to: y.count, by: width) {
      let row = y[start..<start + width]
      guard let hot = row.firstIndex(of: 1), row.allSatisfy({ $0 == 0 || $0 == 1 }),
        row.lastIndex(of: 1) == hot
      else { return nil }
      classes.append(hot - start)
    }
    return classes
  }
}

extension DataSurvey {
  /// The time steps as people read them, in two parts: the range, and the median where there is one.
  package var stepsText: (range: String, median: String) {
    leastSteps == mostSteps
      ? ("\(leastSteps)", "")
      : ("\(leastSteps) to \(mostSteps)", ", median \(medianSteps.formattedBriefly)")
  }

  /// What the targets are, where they are numbers.
  package var rangeText: String? {
    targetRange.map { "\($0.formattedBriefly) to \($1.formattedBriefly)" }
  }

  /// The least and the greatest target, written as short as they can be; nil for classes.
  package var targetRange: (least: Double, greatest: Double)? {
    guard case .numbers(let least, let greatest) = targets else { return nil }
    return (Double(least.description) ?? 0, Double(greatest.description) ?? 0)
  }

  /// The classes with their counts, or the range of the numbers.
  package var targetsText: String {
    guard case .classes(let classes) = targets else { return rangeText ?? "" }
    let shown = classes.prefix(10).map { "\(Visible.shortened($0.name, to: 40)): \($0.count)" }
    return Visible.line(shown.joined(separator: ", "))
      + (classes.count > shown.count ? ", … (\(classes.count))" : "")
  }
}

extension DataSurvey {
  /// The text that the samples are cut from in a few words; nil for other data.
  package var charactersText: String? {
    characters.map { "\(NumberText.count($0)) characters" }
  }
}

extension Double {
  /// Without a fraction where it has none.
  fileprivate var formattedBriefly: String { Int(exactly: self).map(\.description) ?? description }
}

/// What a plan's data are, and what in it is allowed and almost always a mistake.
package struct PlanSurvey: Sendable {
  /// The samples to train on.
  package let train: DataSurvey
  /// The samples to validate with; nil for none.
  package let validation: DataSurvey?
  /// The samples to test with; nil for none.
  package let test: DataSurvey?
  /// What looks like a mistake, most telling first.
  package let warnings: [LabWarning]

  /// Looks at everything that a plan was made of.
  package init(_ plan: TrainingPlan) {
    let survey = { (data: Dataset) in
      DataSurvey(data, outputs: plan.network.outputs, loss: plan.network.loss)
    }
    train = survey(plan.source.train)
    validation = plan.source.validation.map(survey)
    test = plan.source.test.map(survey)
    warnings =
      plan.source.warnings
      + DataWarnings(plan: plan, train: train, others: [validation, test].compactMap(\.self)).all
      + ModelWarnings(plan: plan, train: train).all
  }
}
