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
  init(_ text: String, split name: String?, in laboratory: Laboratory) throws {
    let database = try laboratory.reading()
    weights = try StoredWeights(text, in: database)
    let run = weights.run
    let config = try Config(of: run)
    plan = try laboratory.restoredPlan(config, of: run, in: database)
    let parts = plan.splits + (plan.test.map { [(DataSplit.test, $0)] } ?? [])
    let known = parts.map(\.0.rawValue)
    let chosen = try Nearest.name(
      name ?? DataSplit.train.rawValue, among: known, what: "part of the data",
      where: weights.place)
    let found = parts.first { $0.0.rawValue == chosen }
    split = found?.0 ?? .train
    samples = found?.1 ?? plan.train
  }

  /// The model with the epoch's weights.
  var network: NetworkInspection {
    NetworkInspection(
      plan.network.layers, features: plan.network.features, weights: weights.values)
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
        next: "look at its weights with: lstm-lab weights \(weights.run.runID)")
    }
    guard let name else { return known }
    return [try Nearest.name(name, among: known, what: "recurrent layer", where: weights.place)]
  }
}
