import LabFormats
import LabStore

/// The gates and states that a run recorded.
struct RecordedActivations {
  private let opened: OpenedRun
  private let quantities: [ActivationDescription]

  /// A sample's gates and states in an epoch, in the run's order.
  struct RecordedSample {
    /// The sample's number in the training data.
    let number: Int
    /// What each of them is, and its values: (T, H).
    let quantities: [(description: ActivationDescription, values: [[Float]])]
  }

  /// Finds out what the run records.
  init(of opened: OpenedRun) throws {
    self.opened = opened
    quantities = try opened.database.activationDescriptions(of: opened.id)
  }

  /// Reads the samples that an epoch recorded, in their order.
  ///
  /// - Throws: `LabError` where the recorded numbers are not whole steps.
  func samples(at epoch: Int) throws -> [RecordedSample] {
    try opened.database.activations(of: opened.id, at: epoch).map { recorded in
      let floats = recorded.values.floats
      // A damaged database may name more units than can be added up.
      let fits = !quantities.isEmpty && quantities.allSatisfy { $0.units <= floats.count }
      let width = fits ? quantities.reduce(0) { $0 + $1.units } : 0
      guard width > 0, !floats.isEmpty, floats.count.isMultiple(of: width) else {
        throw LabError(
          .data, "the stored gates of epoch \(epoch) do not fit the model",
          where: opened.place, next: LabError.adviceOnDamage(opened.database.path))
      }
      return sample(recorded.sample, floats, width: width)
    }
  }

  /// - Parameter width: The numbers of a step.
  private func sample(_ number: Int, _ floats: [Float], width: Int) -> RecordedSample {
    var first = 0
    return RecordedSample(
      number: number,
      quantities: quantities.map { quantity in
        let start = first
        first += quantity.units
        let values = stride(from: start, to: floats.count, by: width).map {
          Array(floats[$0..<$0 + quantity.units])
        }
        return (quantity, values)
      })
  }
}
