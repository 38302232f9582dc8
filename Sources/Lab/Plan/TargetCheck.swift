import LSTMEngine
import LabFormats

/// Checks that targets fit the model's output and its loss, and brings them into the engine's form.
struct TargetCheck {
  let config: Config
  let outputs: Int
  let hasSteps: Bool
  let rules: DataRules
  /// Where the number of a row of targets stands, for data of their own file.
  var place: ((_ row: Int) -> String)?
  /// How numbers to predict are scaled.
  var scaling: Normalization?

  private var loss: Loss { config.training.loss }

  /// Returns the samples for the engine; `path` is the JSON path of the data set.
  func samples(_ data: Dataset, path: String) throws(LabError) -> SampleSet {
    let isSparse = loss == .sparseCategoricalCrossentropy
    try requireOutputs(data, path: path)
    // A loss that compares every output with a value of its own needs classes as such rows.
    let data = isSparse || outputs == 1 ? data : data.withClassRows()
    try requireShape(data, isSparse: isSparse, path: path)
    try requireValues(data, path: path)
    return set(
      data, isSparse ? .classes(data.y.map { Int32($0) }) : .values(data.y, outputs: outputs))
  }

  /// Returns the samples for the engine with any targets, for data whose own are not known.
  func samples(withoutTargets data: Dataset) -> SampleSet {
    let rows = hasSteps ? data.lengths.reduce(0, +) : data.samples
    return set(
      data,
      loss == .sparseCategoricalCrossentropy
        ? .classes([Int32](repeating: 0, count: rows))
        : .values([Float](repeating: 0, count: rows * outputs), outputs: outputs))
  }

  /// - Parameter wanted: The targets in the units of the data.
  private func set(_ data: Dataset, _ wanted: SampleSet.Targets) -> SampleSet {
    var targets = wanted
    var unscaled: SampleSet.UnscaledTargets?
    if let scaling, case .values(let values, let outputs) = wanted {
      targets = .values(scaling.applied(toTargets: values), outputs: outputs)
      unscaled = .init(values: values, shifts: scaling.shifts, scales: scaling.scales)
    }
    var samples =
      data.windows.map { windows in
        SampleSet(
          windowsAt: windows.rows, steps: windows.length, rate: windows.rate,
          features: data.features, x: data.x, targets: targets,
          sharesTargets: windows.sharesTargets)
      }
      ?? SampleSet(
        lengths: Array(data.lengths), features: data.features, x: data.x, targets: targets)
    samples.unscaled = unscaled
    return samples
  }

  /// Refuses named classes that the outputs cannot tell apart, or that the loss has no form for.
  private func requireOutputs(_ data: Dataset, path: String) throws(LabError) {
    guard let names = data.classNames else { return }
    let needed = names.count
    if outputs == 1 {
      if rules.isHonest { try requireOneOutput(for: names, of: data) }
    } else if needed > outputs
      || needed < outputs && (loss != .sparseCategoricalCrossentropy || data.sharesTargets)
    {
      throw LabError(
        .data,
        "`\(path)` has \(needed) class\(needed == 1 ? "" : "es"), "
          + "and the model gives \(outputs) outputs",
        where: config.file.path,
        next: needed == 1
          ? "with one class there is nothing to tell apart: give samples of several"
          : "give the last layer \(needed) `units`, one for each class")
    }
  }

  /// Refuses classes behind one output, which only a crossentropy between two can use: any other loss
  /// would compare the output with the classes' numbers.
  private func requireOneOutput(for names: [String], of data: Dataset) throws(LabError) {
    guard loss != .binaryCrossentropy || names.count > 2 else { return }
    let shown = names.prefix(10).map { Visible.shortened(Visible.line($0), to: 40) }
    let list = shown.joined(separator: ", ") + (names.count > shown.count ? ", …" : "")
    let count = names.count
    let isSingle = count == 1
    let units = max(count, 2)
    throw LabError(
      .data,
      "\(count) class\(isSingle ? "" : "es") (\(list)) need\(isSingle ? "s" : "") "
        + "\(units) outputs with softmax and sparse_categorical_crossentropy; "
        + "the model gives one output",
      where: config.file.path + thirdClass(data),
      next: "give the last layer \(units) `units` and `\"activation\": \"softmax\"`, "
        + "and `training.loss` `\"sparse_categorical_crossentropy\"`"
        + (count > 2 ? "" : ", or one unit, `\"sigmoid\"` and `\"binary_crossentropy\"`"))
  }

  /// Where the class stands that is one too many for one output.
  private func thirdClass(_ data: Dataset) -> String {
    guard let texts = data.targetTexts?.texts, texts.count > 2 else { return "" }
    return
      "; `\(Visible.shortened(Visible.line(texts[2].text), to: 40))` first stands at \(texts[2].place)"
  }

  /// The shape of each sample's target must be that of its output; a last axis of one may be left
  /// out.
  private func requireShape(_ data: Dataset, isSparse: Bool, path: String) throws(LabError) {
    let width = isSparse ? 1 : outputs
    if data.sharesTargets { return try requireSteps(path) }
    // Where all are alike, the first one tells.
    let areAlike = data.isRectangular && data.targets.isRectangular
    for sample in 0..<(areAlike ? min(1, data.samples) : data.samples) {
      let wanted = (hasSteps ? [data.lengths[sample]] : []) + [width]
      let found = data.targets.shape(of: sample)
      guard found != wanted, width > 1 || found != wanted.dropLast() else { continue }
      throw wrongShape(data, sample, wanted: wanted, path: path)
    }
  }

  /// Refuses a model that says nothing of most characters of a text.
  private func requireSteps(_ path: String) throws(LabError) {
    guard !hasSteps else { return }
    throw LabError(
      .data,
      "the text `\(path)` has a target at each time step, and the model gives an output at the last "
        + "alone", where: config.file.path,
      next: "set `\"return_sequences\": true` in the last recurrent layer")
  }

  private func wrongShape(
    _ data: Dataset, _ sample: Int, wanted: [Int], path: String
  ) -> LabError {
    let found = data.targets.shape(of: sample)
    let isAlone = !data.targets.isRectangular || !data.isRectangular
    let place =
      isAlone ? "`\(path).y[\(sample)]` has the shape" : "`\(path).y` has targets of shape"
    return LabError(
      .data,
      "\(place) \(shape(found, isAlone: isAlone)), and the model gives \(outputs) "
        + (outputs == 1 ? "output" : "outputs") + (hasSteps ? " at each time step" : "")
        + (isAlone && hasSteps ? ", of which this sample has \(data.lengths[sample])" : ""),
      where: config.file.path,
      next: "`\(loss.rawValue)` needs "
        + (isAlone ? "there" : "y of") + " the shape \(shape(wanted, isAlone: isAlone)); "
        + "change y, the last layer's `units`, or `return_sequences`")
  }

  private func shape(_ shape: [Int], isAlone: Bool) -> String {
    "(" + ((isAlone ? [] : ["samples"]) + shape.map(String.init)).joined(separator: ", ") + ")"
  }

  private func requireValues(_ data: Dataset, path: String) throws(LabError) {
    switch loss {
    case .sparseCategoricalCrossentropy: try requireClasses(data, path: path)
    case .binaryCrossentropy: try requireUnitInterval(data, path: path)
    case .categoricalCrossentropy:
      try requireUnitInterval(data, path: path)
      try requireDistributions(data, path: path)
    case .meanSquaredError, .meanAbsoluteError, .huber: break
    }
  }

  private func requireClasses(_ data: Dataset, path: String) throws(LabError) {
    guard outputs > 1 else {
      throw LabError(
        .data, "`sparse_categorical_crossentropy` with one output has nothing to choose from",
        where: config.file.path,
        next: "give the last layer one unit for each class, or use `binary_crossentropy`")
    }
    guard
      let bad = data.y.firstIndex(where: { $0 < 0 || $0 >= Float(outputs) || $0 != $0.rounded() })
    else { return }
    throw wrongValue(
      data, bad, path: path,
      next: "the classes of \(outputs) outputs are the integers 0 to \(outputs - 1)"
        + advice(data))
  }

  /// Advice for targets that are classes by other numbers than the model's, after a semicolon.
  private func advice(_ data: Dataset) -> String {
    guard place == nil else { return "" }
    let labels = Set(data.y).sorted().prefix(21).compactMap { Int(exactly: $0) }
    let count = labels.count
    guard (2...20).contains(count), count == Set(data.y).count else { return "" }
    var advice = ""
    if count > max(outputs, 2) {
      let isSparse = loss == .sparseCategoricalCrossentropy
      advice =
        "; \(count) classes need \(count) outputs: give the last layer \(count) `units`"
        + (isSparse
          ? ""
          : ", `\"activation\": \"softmax\"`, and `training.loss` "
            + "`\"sparse_categorical_crossentropy\"`")
    }
    return labels == Array(0..<count) ? advice : advice + naming(labels, of: data)
  }

  /// Advice to give labels names, or the numbers from 0.
  private func naming(_ labels: [Int], of data: Dataset) -> String {
    switch config.data.train {
    case .csv:
      guard let texts = data.targetTexts, !texts.texts.isEmpty else { return "" }
      return "; labels that are numbers need names: `\"classes\": \(texts.classes)` in `data.train`"
    case .arrays(let arrays):
      if case .inline = arrays.y {
        let list = labels.map(String.init).joined(separator: ", ")
        return "; write 0 to \(labels.count - 1) for the labels \(list)"
      }
      if labels == Array(labels[0]..<labels[0] + labels.count) {
        return "; labels from \(labels[0]) on: save `y - \(labels[0])`".replacing("- -", with: "+ ")
      }
      if labels == [-1, 1] { return "; labels -1 and 1: save `(y + 1) / 2`" }
      return "; number the classes: save `np.unique(y, return_inverse=True)[1]`"
    default: return ""
    }
  }

  private func requireUnitInterval(_ data: Dataset, path: String) throws(LabError) {
    guard let bad = data.y.firstIndex(where: { !(0...1).contains($0) }) else { return }
    throw wrongValue(
      data, bad, path: path,
      next: "`\(loss.rawValue)` needs targets from 0 to 1" + advice(data))
  }

  private func requireDistributions(_ data: Dataset, path: String) throws(LabError) {
    for row in 0..<(data.y.count / outputs) {
      let sum = data.y[row * outputs..<(row + 1) * outputs].reduce(0, +)
      guard abs(sum - 1) > 1e-3 else { continue }
      let place = data.targets.place(of: row * outputs).dropLast("[0]".count)
      throw LabError(
        .data, "the targets `\(path).y\(place)` add up to \(sum)", where: config.file.path,
        next: "`categorical_crossentropy` needs probabilities that add up to 1; for several "
          + "independent answers use `binary_crossentropy`")
    }
  }

  private func wrongValue(_ data: Dataset, _ index: Int, path: String, next: String) -> LabError {
    let indices = data.targets.place(of: index)
    let row = loss == .sparseCategoricalCrossentropy ? index : index / outputs
    if place == nil, let texts = data.targetTexts,
      let text = texts.texts.first(where: { $0.value == data.y[index] })
    {
      return LabError(
        .data,
        "column `\(Visible.line(texts.column))` is "
          + "`\(Visible.shortened(Visible.line(text.text), to: 40))`", where: text.place, next: next
      )
    }
    return LabError(
      .data, "`\(path).y\(indices)` is \(data.y[index])", where: place?(row) ?? config.file.path,
      next: next)
  }
}
