import LSTMEngine
import LabFormats
import LabStore

/// A stored epoch together with samples: what a look inside computes from.
struct InspectedRun {
  let weights: StoredWeights
  /// The model, for batches of these samples.
  let description: NetworkDescription
  /// The names of the run's classes; of a text its characters.
  let classes: [String]
  /// Whether inputs stand for characters.
  let readsText: Bool
  /// The samples that are looked at.
  let samples: SampleSet
  /// Where they are from.
  let origin: Origin

  /// Where samples are from.
  enum Origin: Equatable {
    /// A part of the run's own data.
    case split(DataSplit)
    /// A file, by its path; `hasTargets` tells whether it says what the outputs should be.
    case file(String, hasTargets: Bool)

    /// What headings call the samples.
    var name: String {
      switch self {
      case .split(let split): split.rawValue
      case .file(let path, _): Visible.line(path)
      }
    }

    /// Whether a sample's target is known.
    var hasTargets: Bool {
      if case .file(_, let hasTargets) = self { hasTargets } else { true }
    }
  }

  /// Takes samples of a file that were read for the run.
  init(
    _ weights: StoredWeights, _ description: NetworkDescription, classes: [String],
    readsText: Bool, samples: SampleSet, of origin: Origin
  ) {
    self.weights = weights
    self.description = description
    self.classes = classes
    self.readsText = readsText
    self.samples = samples
    self.origin = origin
  }

  /// Reads an epoch's weights and the data that the run was trained with.
  ///
  /// - Parameter plan: The run's own, where it is loaded already.
  init(_ opened: OpenedRun, split name: String?, plan: TrainingPlan? = nil) throws {
    let weights = try StoredWeights(opened)
    let plan = try plan ?? opened.plan(opened.config)
    let parts = plan.allSplits
    let known = parts.map(\.0.rawValue)
    let chosen = try Nearest.name(
      name ?? DataSplit.train.rawValue, among: known, what: "split", where: weights.place)
    let found = parts.first { $0.0.rawValue == chosen }
    self.init(
      weights, plan.network, classes: plan.data.classes,
      readsText: plan.config.data.train.text != nil, samples: found?.1 ?? plan.train,
      of: .split(found?.0 ?? .train))
  }

  /// The model with the epoch's weights.
  var network: NetworkInspection {
    NetworkInspection(
      description.layers, features: description.features, weights: weights.values(for: description))
  }

  /// The signs of the characters that inputs and outputs stand for; nil where the run reads no text.
  var characters: [String]? { readsText ? classes.map(Visible.character) : nil }

  /// Returns the target of one row of a sample's output: one number an output.
  func target(of sample: Int, row: Int) -> [Float] {
    let place = description.outputHasSteps ? samples.rows(of: sample).lowerBound + row : sample
    let outputs = description.outputs
    return switch samples.targets {
    case .values(let values, _): Array(values[place * outputs..<(place + 1) * outputs])
    case .classes(let classes): (0..<outputs).map { $0 == Int(classes[place]) ? 1 : 0 }
    }
  }

  /// Returns a sample's number, if there is such a sample.
  func checked(sample: Int) throws(LabError) -> Int {
    try Nearest.number(
      sample, in: 0..<samples.count, what: "\(origin.name) sample", where: weights.place)
  }

  /// The recurrent layers with their names, in order; at least one.
  func recurrentLayers(_ name: String?) throws(LabError) -> [String] {
    let known = description.layers.compactMap { layer in
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
