/// A part of a weight's gradient: what one time step of one sample adds to it.
package struct GradientTerm: Equatable, Sendable {
  /// The sample's number in its set.
  package let sample: Int
  /// The time step.
  package let step: Int
  /// What it adds.
  package let value: Double
}

/// What one batch did to one weight.
package struct WeightStep: Equatable, Sendable {
  /// The number of optimizer steps before this one.
  package let iteration: Int
  /// Whether the weight's layer is trained at all.
  package let isTrained: Bool
  /// The terms that the gradient is the sum of, in the order of the batch's rows.
  package let terms: [GradientTerm]
  /// The gradient as it was applied: summed in float32, and limited where the training asks for it.
  package internal(set) var gradient: Float = 0
  /// The share of the gradient that was applied, below 1 where it was limited.
  package internal(set) var share = 1.0
  /// The weight before the step.
  package let before: Float
  /// The weight after the step.
  package internal(set) var after: Float = 0
  /// The optimizer's slots before the step, in the order of their names.
  package let slotsBefore: [Float]
  /// The optimizer's slots after the step.
  package internal(set) var slotsAfter: [Float] = []
}

/// Watches what optimizer steps do, without changing a bit of it.
protocol StepProbe: AnyObject {
  /// Looks at a batch after its back-propagation.
  func begin(_ batch: Batch, _ network: Network)
  /// Looks at the gradients of some panels of a layer before they are limited.
  func look(_ placement: Placement, panels: Range<Int>, _ network: Network)
  /// Looks at what the optimizer made of it; the batch's rows are still as they were.
  func end(_ network: Network)
}

/// Watches one weight while an epoch is trained.
final class WeightProbe: StepProbe {
  private let address: WeightAddress
  private let placement: Placement
  private(set) var steps: [WeightStep] = []
  private var sum: Float = 0

  init(_ tensor: ParameterTensor, row: Int, column: Int) {
    address = WeightAddress(tensor, row: row, column: column)
    placement = tensor.placement
  }

  func begin(_ batch: Batch, _ network: Network) {
    let isTrained = network.trainedLayers.contains { $0.placement == placement }
    // Asked of the whole layers, which know what the rows of their parts stand for.
    let sums = isTrained ? network.layers.flatMap { $0.gradientSums(batch) } : []
    let terms = sums.filter { $0.placement == placement }
      .flatMap { $0.terms(of: address, batch) }
    let offset = address.offset(placement)
    steps.append(
      unsafe WeightStep(
        iteration: network.iterations, isTrained: isTrained, terms: terms,
        before: network.parameters.weights[offset],
        slotsBefore: network.optimizer.slots.map { unsafe $0[offset] }))
  }

  func look(_ placement: Placement, panels: Range<Int>, _ network: Network) {
    guard placement == self.placement, panels.contains(address.panel) else { return }
    sum = unsafe network.parameters.gradients[address.offset(placement)]
  }

  func end(_ network: Network) {
    let offset = address.offset(placement), last = steps.count - 1
    steps[last].share = network.clipper.share(of: sum, placement, row: address.row)
    unsafe steps[last].gradient = network.parameters.gradients[offset]
    unsafe steps[last].after = network.parameters.weights[offset]
    unsafe steps[last].slotsAfter = network.optimizer.slots.map { unsafe $0[offset] }
  }
}

extension Network {
  /// Trains an epoch as `trainEpoch` does, to the same bits, and tells what each batch did to one weight.
  ///
  /// - Parameter tensor: The tensor's place in the layout.
  package func trainEpoch(
    _ set: SampleSet, order: [Int], learningRate: LearningRate, watching tensor: Int, row: Int,
    column: Int
  ) -> (result: EpochResult, steps: [WeightStep]) {
    let probe = WeightProbe(layout.tensors[tensor], row: row, column: column)
    self.probe = probe
    defer { self.probe = nil }
    let result = trainEpoch(set, order: order, learningRate: learningRate)
    return (result, probe.steps)
  }
}
