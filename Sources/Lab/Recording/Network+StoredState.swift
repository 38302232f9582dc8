import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension Network {
  /// Sets weights and optimizer state to what an epoch stored; lengths and names must fit.
  func restore(
    _ state: StoredState, withOptimizer: Bool = true, place: String
  ) throws(LabError) {
    let stored = try TrainingState(json: state.state, place: place)
    let counts = layout.tensors.map(\.count)
    func floats(_ tensors: [Data]) throws(LabError) -> [[Float]] {
      guard tensors.map({ $0.count / 4 }) == counts else {
        throw LabError(
          .data, "the stored tensors do not have the model's sizes", where: place,
          next: "the database may be damaged; resume from an earlier epoch with --from")
      }
      return tensors.map(\.floats)
    }
    guard withOptimizer else {
      return restore(weights: try floats(withOneBias(state.weights)), slots: nil, iterations: 0)
    }
    let names = state.optimizer.map(\.name)
    let expected = description.optimizer.slotNames
    guard names == expected else {
      throw LabError(
        .data, "the stored optimizer state is \(names), and the optimizer needs \(expected)",
        where: place, next: "go on with the optimizer that the run was trained with")
    }
    var slots: [[[Float]]] = []
    for slot in state.optimizer { slots.append(try floats(slot.tensors)) }
    restore(weights: try floats(state.weights), slots: slots, iterations: stored.iterations)
  }

  /// Adds up the two rows of a bias that a foreign run has where the model has one.
  private func withOneBias(_ weights: [Data]) -> [Data] {
    guard weights.count == layout.tensors.count else { return weights }
    return zip(weights, layout.tensors).map { Data($1.withOneBias($0.floats)) }
  }
}

extension ParameterTensor {
  /// Adds up the two rows that a foreign run has of a bias where the model has one; other values stay.
  func withOneBias(_ values: [Float]) -> [Float] {
    guard source == .bias, values.count == 2 * count else { return values }
    return (0..<count).map { values[$0] + values[count + $0] }
  }
}
