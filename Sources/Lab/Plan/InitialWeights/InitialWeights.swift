import LSTMEngine
import LabFormats

/// Initial weights from a file, by the names of Keras or PyTorch.
package struct InitialWeights: Equatable, Sendable {
  /// The values of each tensor in the layout's order; nil where the seed draws them.
  package let values: [[Float]?]
  /// What was not as it is in the model: conversions, sums, layers that were drawn or passed over.
  package let notes: [String]

  /// The numbers of the tensors that the seed draws.
  package var drawn: [Int] { values.indices.filter { values[$0] == nil } }
}

extension Network {
  /// Sets the weights that a plan's training starts with: a file's, or drawn from the seed.
  func setInitialWeights(_ plan: TrainingPlan) {
    let given = plan.initialWeights?.values ?? layout.tensors.map { _ in nil }
    if given.contains(nil) { initialize(seed: UInt64(plan.config.seed)) }
    guard plan.initialWeights != nil else { return }
    let drawn = snapshot().weights
    let values = zip(layout.tensors, given).map { $1 ?? $0.values(in: drawn) }
    restore(weights: values, slots: nil, iterations: 0)
  }
}

extension InitialWeights {
  /// Reads the file at `path`, which must have every tensor of a model, or with `isPartial` every one
  /// of some layers.
  ///
  /// - Throws: `LabError` naming the tensor that is missing, too much or of another shape.
  init(_ path: String, isPartial: Bool, for places: WeightPlaces) throws(LabError) {
    var hasState = false
    let tensors = try TensorFile.read(path) { name in
      let isState = WeightName.isState(name)
      hasState = hasState || isState
      return !isState
    }
    let file = GivenWeights(path: path, isPartial: isPartial, places: places)
    let given = try file.placed(tensors)
    var values: [[Float]?] = []
    var notes = hasState ? ["the state of the optimizer and of random numbers is left out"] : []
    notes += Self.conversions(tensors)
    for (index, tensor) in places.tensors.enumerated() {
      let weights = given.tensors.filter { $0.key.tensor == index }
      guard let source = PlacedWeights(weights.map { ($0.key.form, $0.value) }, of: tensor) else {
        values.append(nil)
        continue
      }
      values.append(source.values)
      if let note = source.note { notes.append(note) }
    }
    self.values = values
    self.notes = notes + given.notes
  }

  /// What was converted, a line for each type.
  private static func conversions(_ tensors: [NamedTensor]) -> [String] {
    var types: [String] = []
    for case let type? in tensors.map(\.conversion?.type) where !types.contains(type) {
      types.append(type)
    }
    return types.map { type in
      let converted = tensors.filter { $0.conversion?.type == type }
      let rounded = converted.reduce(0) { $0 + ($1.conversion?.rounded ?? 0) }
      let numbers = converted.reduce(0) { $0 + $1.values.count }
      return "\(converted.count == tensors.count ? "all" : "\(converted.count)") of "
        + "\(tensors.count) tensors are \(type) and become float32, "
        + (rounded == 0 ? "exactly" : "which rounds \(rounded) of \(numbers) numbers")
    }
  }
}

/// A tensor of the model as a file has it, in one part or, of PyTorch's biases, two.
private struct PlacedWeights {
  let values: [Float]
  /// What was done to the numbers, where they are no longer the file's.
  var note: String?

  /// Brings weights into the model's order; nil where there are none.
  init?(_ parts: [(form: WeightPlaces.Form, tensor: NamedTensor)], of tensor: ParameterTensor) {
    let part = { (form: WeightPlaces.Form) in parts.first { $0.form == form }?.tensor }
    let blocks = tensor.pytorchBlocks
    if let same = part(.same) {
      values = same.values
    } else if let turned = part(.turned) {
      values = Self.turned(turned.values, tensor, blocks)
    } else if let input = part(.inputBias), let hidden = part(.hiddenBias) {
      let rows = [input, hidden].map { Self.ordered($0.values, tensor, blocks) }
      guard tensor.rows == 1 else {
        values = rows[0] + rows[1]
        return
      }
      let sums = zip(rows[0], rows[1]).map(Self.sum)
      values = sums.map(\.sum)
      let rounded = sums.count { $0.isRounded }
      if zip(rows[0], rows[1]).contains(where: { $0 != 0 && $1 != 0 }) {
        note =
          "`\(tensor.path)` is `\(input.name)` + `\(hidden.name)` in float32, "
          + (rounded == 0 ? "all sums exact" : "\(rounded) of \(sums.count) sums rounded")
      }
    } else {
      return nil
    }
  }

  /// A matrix whose rows are another's columns, (columns, rows) to (rows, columns).
  private static func turned(
    _ values: [Float], _ tensor: ParameterTensor, _ blocks: [Int]
  ) -> [Float] {
    var turned = [Float](repeating: 0, count: tensor.count)
    for column in 0..<tensor.columns {
      let source = blocks[column / tensor.units] * tensor.units + column % tensor.units
      for row in 0..<tensor.rows {
        turned[row * tensor.columns + column] = values[source * tensor.rows + row]
      }
    }
    return turned
  }

  private static func ordered(
    _ values: [Float], _ tensor: ParameterTensor, _ blocks: [Int]
  ) -> [Float] {
    blocks.flatMap { values[$0 * tensor.units..<($0 + 1) * tensor.units] }
  }

  /// The float32 nearest to a sum; a zero leaves the other number its bits.
  private static func sum(_ a: Float, _ b: Float) -> (sum: Float, isRounded: Bool) {
    if b == 0 { return (a, false) }
    if a == 0 { return (b, false) }
    let sum = a + b
    let part = sum - a
    return (sum, (a - (sum - part)) + (b - part) != 0)  // Knuth's error of a sum
  }
}

extension ParameterTensor {
  /// The shape that Keras shows: a bias is a vector.
  package var kerasShape: [Int] { source == .bias && rows == 1 ? [columns] : [rows, columns] }

  /// For each block of columns, the number of the block that PyTorch has for it.
  fileprivate var pytorchBlocks: [Int] {
    guard let cell = RecurrentCell.allCases.first(where: { $0.gates == gates && !gates.isEmpty })
    else { return [0] }
    return gates.compactMap { cell.pytorchGates.firstIndex(of: $0) }
  }
}
