import Foundation
import LabStore

/// What an epoch stored beside what training gives, byte by byte.
struct StateComparison {
  let tensors: [TensorDescription]
  let epoch: Int

  /// Notes each tensor that differs; returns whether all are equal.
  @discardableResult
  func compare(
    _ stored: [Data], with trained: [Data], of name: String, in verification: inout Verification
  ) -> Bool {
    var isEqual = true
    for (index, tensor) in tensors.enumerated() where stored[index] != trained[index] {
      isEqual = false
      verification.add(
        epoch, name.isEmpty ? tensor.path : "\(name) of \(tensor.path)",
        Self.difference(stored[index].floats, trained[index].floats) { element in
          WeightPlace(
            tensor: index, row: element / tensor.cols, col: element % tensor.cols,
            description: tensor
          ).name
        })
    }
    return isEqual
  }

  /// Notes predictions, targets or activations that differ. A NaN may have another sign: that depends on the
  /// processor, and earlier versions have stored it so.
  func compare(
    _ stored: Data, with trained: Data, of part: String, in verification: inout Verification
  ) {
    guard stored != trained else { return }
    let values = stored.floats.map { $0.bitPattern == 0xFFC0_0000 ? .nan : $0 }
    guard Data(values) != trained else { return }
    verification.add(epoch, part, Self.difference(values, trained.floats) { "value \($0)" })
  }

  /// Says how many values differ, and which is the first.
  static func difference(
    _ stored: [Float], _ trained: [Float], name: (Int) -> String
  ) -> String {
    guard stored.count == trained.count else {
      return "\(stored.count) values are stored, training gives \(trained.count)"
    }
    let differing = stored.indices.filter { stored[$0].bitPattern != trained[$0].bitPattern }
    guard let first = differing.first else { return "equal" }
    return "\(differing.count) of \(stored.count) values differ, the first \(name(first)): "
      + "stored \(stored[first]), trained \(trained[first])"
  }
}
