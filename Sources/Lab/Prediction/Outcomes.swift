import LSTMEngine
import LabFormats
import LabStore

/// What an epoch makes of samples beside what it should, in the units of the data.
struct Outcomes {
  let meaning: OutputMeaning
  let split: DataSplit
  let epoch: Int
  /// What is predicted, each by every so many-th output.
  let names: [String]
  /// Whether the outputs are probabilities, which no distance is told of.
  private let areProbabilities: Bool
  /// The numbers of a row.
  let width: Int
  let predicted: [Float]  // (rows, width)
  let targets: [Float]  // likewise; a class is 1 among zeros
  /// The place of each row among all rows of the samples, and the number of those: where samples differ
  /// in length some are left out.
  let rows: [Int], allRows: Int

  /// Takes what is stored of a run's result, of test data before validation data; nil where there is nothing.
  init?(storedOf opened: OpenedRun) throws {
    let (run, database) = (opened.run, opened.database)
    let stored = try database.predictions(
      of: run.runID, at: run.resultEpoch, in: [.test, .validation])
    guard let predictions = stored.first,
      let targets = try database.targets(of: run.runID, in: [predictions.split]).first
    else { return nil }
    let features = try database.tensors(of: run.runID).first { $0.source == .input }?.rows ?? 0
    let config = try opened.config
    guard let width = config.model.layers.shapes(features: features).last?.outputs else {
      return nil
    }
    let names = try database.targets(scaledIn: run.runID).compactMap(\.name)
    try self.init(
      predictions.values.floats, targets.values.floats, width: width,
      OutputMeaning(
        config, classes: database.classes(of: run.runID), names: names, outputs: width),
      names: config.data.train.cutting?.targets ?? names, loss: config.training.loss,
      split: predictions.split, epoch: run.resultEpoch)
  }

  /// Computes them of a part of the run's own data; nil of a file.
  init?(_ applied: AppliedEpoch, resources: TrainingSession.Resources) {
    guard case .split(let split) = applied.origin else { return nil }
    let width = applied.network.outputs
    self.init(
      applied.computed(resources: resources).outputs,
      applied.samples.targetValues(outputs: width), width: width, applied.outputs,
      names: applied.config.data.train.cutting?.targets ?? applied.data.targetNames ?? [],
      loss: applied.config.training.loss, split: split, epoch: applied.weights.epoch)
  }

  /// Takes the rows that are there: of samples that are shorter than others NaN stands for the rest. Nil
  /// where both do not belong together.
  private init?(
    _ predicted: [Float], _ targets: [Float], width: Int, _ meaning: OutputMeaning,
    names: [String], loss: Loss, split: DataSplit, epoch: Int
  ) {
    guard width > 0, predicted.count == targets.count, targets.count.isMultiple(of: width) else {
      return nil
    }
    let rows = stride(from: 0, to: targets.count, by: width).filter { !targets[$0].isNaN }
    guard !rows.isEmpty else { return nil }
    let isWhole = rows.count * width == targets.count
    self.predicted = isWhole ? predicted : rows.flatMap { predicted[$0..<$0 + width] }
    self.targets = isWhole ? targets : rows.flatMap { targets[$0..<$0 + width] }
    self.rows = rows.map { $0 / width }
    allRows = targets.count / width
    self.width = width
    self.meaning = meaning
    areProbabilities = loss.isCrossentropy
    let isNamed = !names.isEmpty && width.isMultiple(of: names.count)
    self.names = isNamed ? names : width == 1 ? ["target"] : (0..<width).map { "y\($0)" }
    self.split = split
    self.epoch = epoch
  }

  /// How well classes are told apart; nil for numbers, and for targets between two classes.
  var classes: (titles: ClassTitles, scores: ClassScores)? {
    guard let titles = meaning.classes,
      let scores = meaning.scores(predicted, .values(targets, outputs: width))
    else { return nil }
    return (titles, scores)
  }

  /// How far numbers are off, by what is predicted; nil for classes, and for several probabilities of
  /// which each stands for itself.
  var numbers: [(name: String, scores: NumberScores)]? {
    guard meaning.classes == nil, !areProbabilities else { return nil }
    return names.indices.map { target in
      let places = stride(from: target, to: targets.count, by: names.count)
      let scores = NumberScores(
        places.map { predicted[$0] }, places.map { targets[$0] }, width: width / names.count)
      return (names[target], scores)
    }
  }

  /// What is to be said of some of what is predicted: alone without its name, of many the first ones.
  static func told(
    _ numbers: [(name: String, scores: NumberScores)], most: Int,
    _ value: (NumberScores) -> Double?
  ) -> String? {
    let told = numbers.prefix(most).compactMap { name, scores in
      value(scores).map { value in
        let text = NumberText.metric(value)
        return numbers.count == 1
          ? text : "\(Visible.shortened(Visible.line(name), to: 16)) \(text)"
      }
    }
    guard !told.isEmpty else { return nil }
    return told.joined(separator: ", ") + (numbers.count > most ? ", …" : "")
  }
}
