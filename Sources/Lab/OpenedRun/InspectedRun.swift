import LSTMEngine
import LabFormats
import LabStore

/// A stored epoch together with the run's data: what a look inside computes from.
struct InspectedRun {
  let weights: StoredWeights
  let plan: TrainingPlan
  /// The samples that are looked at.
  let samples: SampleSet
  let split: DataSplit

  /// Reads an epoch's weights and the data that the run was trained with.
  ///
  /// - Parameter plan: The run's own, where it is loaded already.
  init(_ opened: OpenedRun, split name: String?, plan: TrainingPlan? = nil) throws {
    weights = try StoredWeights(opened)
    self.plan = try plan ?? opened.plan(opened.config)
    let plan = self.plan
    let parts = plan.allSplits
    let known = parts.map(\.0.rawValue)
    let chosen = try Nearest.name(
      name ?? DataSplit.train.rawValue, among: known, what: "split", where: weights.place)
    let found = parts.first { $0.0.rawValue == chosen }
    split = found?.0 ?? .train
    samples = found?.1 ?? plan.train
  }

  /// The model with the epoch's weights.
  var network: NetworkInspection {
    NetworkInspection(
      plan.network.layers, features: plan.network.features, weights: weights.values)
  }

  /// The signs of the characters that inputs and outputs stand for; nil where the run reads no text.
  var characters: [String]? {
    plan.config.data.train.text == nil ? nil : plan.data.classes.map(Visible.character)
  }

  /// Returns the target of one row of a sample's output: one number an output.
  func target(of sample: Int, row: Int) -> [Float] {
    let place = plan.network.outputHasSteps ? samples.rows(of: sample).lowerBound + row : sample
    let outputs = plan.network.outputs
    return switch samples.targets {
    case .values(let values, _): Array(values[place * outputs..<(place + 1) * outputs])
    case .classes(let classes): (0..<outputs).map { $0 == Int(classes[place]) ? 1 : 0 }
    }
  }

  /// Returns a sample's number, if there is such a sample.
  func checked(sample: Int) throws(LabError) -> Int {
    try Nearest.number(
      sample, in: 0..<samples.count, what: "\(split.rawValue) sample", where: weights.place)
  }

  /// The recurrent layers with their names, in order; at least one.
  func recurrentLayers(_ name: String?) throws(LabError) -> [String] {
    let known = plan.network.layers.compactMap { layer in
      layer.recurrent == nil ? nil : layer.name
    }
    guard !known.isEmpty else {
      throw LabError(
        .notFound, "the model has no recurrent layer", where: weights.place,
        next: "look at its weights with: lstm-lab weights \(weights.run.runID)"
          + weights.opened.database.option)
    }
    guard let name else { return known }
    return [try Nearest.name(name, among: known, what: "recurrent layer", where: weights.place)]
  }
}
