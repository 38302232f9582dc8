import LSTMEngine
import LabFormats

/// What in the data is almost always a mistake.
struct DataWarnings {
  let plan: TrainingPlan
  /// What the samples to train on are.
  let train: DataSurvey
  /// What the others are.
  let others: [DataSurvey]

  private var data: Dataset { plan.source.train }
  private var source: DataSource { plan.config.data.train }

  var all: [LabWarning] {
    [oneStep, targetAmongFeatures, sameClasses, missingClasses, constantTarget].compactMap(\.self)
      + collapsedFeatures + [constantFeatures].compactMap(\.self)
  }

  private func warning(_ what: String, at key: String, next: String) -> LabWarning {
    LabWarning(what, where: "\(plan.config.file.path), \(key)", next: next)
  }

  private var oneStep: LabWarning? {
    guard train.mostSteps == 1, plan.network.layers.contains(where: { $0.recurrent != nil }) else {
      return nil
    }
    let what = "every sequence has 1 time step, so nothing recurrent is learnt"
    if source.text != nil {
      return warning(
        what, at: "data.train.sequence_length", next: "choose a longer `sequence_length`")
    }
    guard case .csv(let table) = source else {
      return warning(
        what, at: "data.train",
        next: "give a sample all its time steps: x is samples × time steps × features")
    }
    if table.windows != nil {
      return warning(
        what, at: "data.train.windows.sequence_length", next: "choose a longer `sequence_length`")
    }
    guard let sequence = table.sequence, table.layout == .long else {
      return warning(
        what, at: "data.train.features",
        next: "in a wide table each feature is a time step: name more columns, or none for all")
    }
    return warning(
      what, at: "data.train.sequence",
      next: "rows of one sequence have the same text in this column, which "
        + "`\(Visible.line(sequence))` has in no two rows: name the column that tells "
        + "sequences apart; one long series is cut with `windows`, and a table with one row for each "
        + "sequence is read with `\"layout\": \"wide\"`")
  }

  private var targetAmongFeatures: LabWarning? {
    let next = "leave it out of the features, unless it is known when the model is used"
    if case .csv(let table) = source, table.windows == nil,
      let target = table.targets.first(where: { table.features?.contains($0) ?? false })
    {
      return warning(
        "the target, `\(Visible.line(target))`, is among the features",
        at: "data.train.features",
        next: next)
    }
    guard data.windows == nil, let feature = (0..<data.features).first(where: isTarget) else {
      return nil
    }
    let place = data.targets.values.count == data.samples ? " in the last time step" : ""
    return warning(
      "the target is among the features: \(name(of: feature))\(place) always equals it",
      at: "data.train.x", next: next)
  }

  /// Whether a feature is the target, in each sample's last time step or in every one.
  private func isTarget(_ feature: Int) -> Bool {
    let y = data.y
    let rows = data.x.count / data.features
    guard y.count >= 4, y.contains(where: { $0 != y[0] }) else { return false }
    let isPerStep = y.count == rows && rows > data.samples
    guard isPerStep || y.count == data.samples else { return false }
    var row = -1
    for (index, target) in y.enumerated() {
      row += isPerStep ? 1 : data.lengths[index]
      let wanted = plan.source.normalization?.scaled(Double(target), feature) ?? target
      let found = data.x[row * data.features + feature]
      guard abs(found - wanted) <= 1e-5 * max(abs(wanted), abs(found)) else { return false }
    }
    return true
  }

  /// Classes that are one number but for the way it is written, among others that are none.
  private var sameClasses: LabWarning? {
    let numbers = data.classNames?.filter { DecimalValue($0) != nil }
    guard let same = numbers.flatMap(DecimalValue.same) else { return nil }
    let names = [same.first, same.other].map { "`\(Visible.shortened($0, to: 40))`" }
    return warning(
      "classes \(names[0]) and \(names[1]) are the same number", at: "data.train",
      next: "write one class in one way")
  }

  private var missingClasses: LabWarning? {
    guard case .classes(let classes) = train.targets else { return nil }
    let present = classes.filter { $0.count > 0 }
    if present.count == 1, train.samples > 1 {
      return warning(
        "training has samples of one class only, \(list(present))", at: "data.train",
        next: "the model has nothing to tell apart: check the targets, and how the data were split")
    }
    let isNamed = data.classNames != nil
    var missing = isNamed ? classes.filter { $0.count == 0 } : []
    for case .classes(let other) in others.map(\.targets) where !isNamed {
      for (index, one) in other.enumerated()
      where one.count > 0 && (!classes.indices.contains(index) || classes[index].count == 0)
        && !missing.contains(where: { $0.name == one.name })
      {
        missing.append(one)
      }
    }
    guard !missing.isEmpty else { return nil }
    return warning(
      "training has no sample of class \(list(missing))", at: "data.train",
      next: source.text != nil
        ? "a model cannot learn it: validate with a smaller part, or give a longer text"
        : "a model cannot learn it: add samples, split with `\"stratify\": true`, or leave the class "
          + "out")
  }

  private func list(_ classes: [DataSurvey.ClassCount]) -> String {
    let shown = classes.prefix(5).map { "`\(Visible.shortened(Visible.line($0.name), to: 40))`" }
    return shown.joined(separator: ", ")
      + (classes.count > shown.count ? " and \(classes.count - shown.count) more" : "")
  }

  private var constantTarget: LabWarning? {
    guard let range = train.targetRange, range.least == range.greatest, data.y.count > 1 else {
      return nil
    }
    return warning(
      "every training target is \(data.y[0])", at: "data.train",
      next: "the model has nothing to predict: check the targets, and how the data were split")
  }

  private var collapsedFeatures: [LabWarning] {
    let collapses = plan.source.collapses
    let isScaled = plan.source.normalization != nil
    let next =
      isScaled
      ? "they are too close together for their range: give differences, look for numbers that "
        + "stand for missing ones, or split the feature in two"
      : "set `data.normalize`, which scales the numbers as they were read, or subtract a constant"
    return collapses.prefix(5).enumerated().map { index, collapse in
      let more = collapses.count - 5
      return warning(
        "\(name(of: collapse.feature)) has \(NumberText.count(collapse.distinct)) distinct numbers, "
          + "which become \(NumberText.count(collapse.left)) as float32"
          + (isScaled ? " once they are scaled" : "")
          + (collapse.rows.map {
            ", in its rows \(NumberText.count($0.lowerBound)) to \(NumberText.count($0.upperBound - 1))"
          } ?? "")
          + (index == 4 && more > 0 ? "; so do \(more) more features" : ""),
        at: "data.train", next: next)
    }
  }

  private var constantFeatures: LabWarning? {
    let width = data.features
    guard data.x.count > width else { return nil }
    var isConstant = [Bool](repeating: true, count: width)
    for start in stride(from: width, to: data.x.count, by: width) {
      for feature in 0..<width where data.x[start + feature] != data.x[feature] {
        isConstant[feature] = false
      }
    }
    let collapsed = Set(plan.source.collapses.map(\.feature))
    let constant = isConstant.indices.filter { isConstant[$0] && !collapsed.contains($0) }
    guard let first = constant.first else { return nil }
    let more =
      constant.count > 1 ? " and \(constant.count - 1) more never change" : " never changes"
    return warning(
      "\(name(of: first))\(more) in the training data", at: "data.train",
      next: "it tells the model nothing: leave it out, or check how it was read")
  }

  /// A feature as messages name it.
  private func name(of feature: Int) -> String {
    data.featureNames.map { "feature `\(Visible.shortened(Visible.line($0[feature]), to: 40))`" }
      ?? "feature \(feature)"
  }
}
