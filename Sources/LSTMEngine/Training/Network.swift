internal import LSTMKernels

/// A model with its memory: weights, gradients, optimizer state and the activations of one batch.
///
/// Not safe to use from several threads at once; it keeps a team of its own. What it computes depends
/// on weights, samples and order alone: not on the number of threads, nor on the processor.
///
/// ```swift
/// let network = Network(plan.network, threads: 2)
/// network.initialize(seed: 1)
/// let result = network.trainEpoch(plan.train, order: plan.order(epoch: 1), learningRate: 0.01)
/// let loss = if case .finished(let measured) = result { measured.loss } else { Double.nan }
/// #expect(loss < 1 && network.iterations == 5)
/// ```
@safe package final class Network {
  /// What the network is made from.
  package let description: NetworkDescription
  /// Where the weights stand in the flat buffers.
  package let layout: ParameterLayout
  /// The number of optimizer steps made so far.
  package internal(set) var iterations = 0
  /// The mean loss of the epoch's batches so far, after each of them.
  package internal(set) var runningLoss = Double.nan
  /// The number of threads that work on a step.
  package var threads: Int { team.members }

  /// The level of instructions that it computes with.
  package let kernels: Kernels
  let team: ThreadTeam
  let parameters: ParameterBuffers
  let optimizer: OptimizerState
  let clipper: GradientClipper
  private let arena: Arena
  let batchRows: BatchRows
  let samples: PanelMatrix  // (R, F)
  let inputGradient: PanelMatrix?  // (R, F)
  let layers: [any Layer]
  /// The layers whose parameters are updated: those of `layers` that are trained, or their parts.
  let trainedLayers: [any Layer]
  /// The layers that gradients go through, last first: down to the first one that is trained.
  let backwardLayers: [any Layer]
  let head: OutputHead
  /// The optimizer's numbers in the last step.
  var settingsOfStep = lk_optimizer()
  /// What watches the steps while an epoch is trained.
  var probe: (any StepProbe)?

  /// Takes all the memory that training needs. Weights start at zero: call `initialize` or `restore`.
  package init(_ description: NetworkDescription, threads: Int, kernels: Kernels = .best) {
    self.description = description
    self.kernels = kernels
    layout = ParameterLayout(description.layers, features: description.features)
    team = ThreadTeam(members: threads)
    arena = Arena(floats: Int(Self.floats(description, layout)))
    batchRows = BatchRows(description.batch, arena: arena)
    let parts = NetworkParts(description, layout, arena: arena, kernels: kernels)
    samples = parts.samples
    inputGradient = parts.inputGradient
    parameters = parts.parameters
    optimizer = parts.optimizer
    layers = parts.layers
    head = parts.head
    clipper = GradientClipper(description.clipping, tensors: layout.tensors)
    let isTrained = zip(description.layers, layout.placements).map { layer, placement in
      layer.trainable && placement.panels > 0
    }
    trainedLayers = zip(layers, isTrained).flatMap { $1 ? $0.parts : [] }
    let first = description.givesInputGradient ? 0 : isTrained.firstIndex(of: true)
    backwardLayers = layers[(first ?? layers.count)...].reversed()
  }

  /// The bytes that a network of this description takes, without overflow for any size.
  package static func estimatedBytes(_ description: NetworkDescription) -> Double {
    let layout = ParameterLayout(description.layers, features: description.features)
    return floats(description, layout) * Double(MemoryLayout<Float>.stride)
  }

  /// The bytes that the parts of the network have taken.
  package var bytes: Int { Int(arena.used) * MemoryLayout<Float>.stride }

  /// What a network takes is what it takes from an arena that only counts.
  private static func floats(_ description: NetworkDescription, _ layout: ParameterLayout) -> Double
  {
    let arena = Arena.counting()
    _ = NetworkParts(description, layout, arena: arena, kernels: .best)
    return BatchRows.floats(description.batch) + arena.used
  }

  /// Draws Keras's default initial weights from the seed and clears the optimizer's state.
  package func initialize(seed: UInt64) {
    let forgetBias = description.layers.map { layer in
      layer.recurrent?.unitForgetBias ?? false
    }
    let names = description.layers.map { $0.name }
    let values = layout.tensors.enumerated().map { number, tensor in
      let layer = names.firstIndex(of: tensor.layer) ?? 0
      return Initializers.values(
        for: tensor, number: number, seed: seed, unitForgetBias: forgetBias[layer])
    }
    restore(weights: values, slots: nil, iterations: 0)
  }

  /// Sets weights and optimizer state: row-major values of each tensor in the layout's order; slots in
  /// the order of the optimizer's names, or nil for a fresh optimizer.
  package func restore(weights: [[Float]], slots: [[[Float]]]?, iterations: Int) {
    unsafe write(weights, to: parameters.weights)
    let fresh = unsafe optimizer.slots.map { _ in
      layout.tensors.map { [Float](repeating: 0, count: $0.count) }
    }
    let stored = slots ?? fresh
    precondition(unsafe stored.count == optimizer.slots.count, "\(stored.count) optimizer slots")
    for index in stored.indices { unsafe write(stored[index], to: optimizer.slots[index]) }
    self.iterations = iterations
    for layer in layers.flatMap({ $0.parts }) {
      layer.weightsChanged(panels: 0..<layer.placement.panels)
    }
  }

  private func write(_ values: [[Float]], to buffer: UnsafeMutablePointer<Float>) {
    precondition(values.count == layout.tensors.count, "\(values.count) tensors")
    var flat = [Float](repeating: 0, count: layout.floats)
    for (tensor, values) in zip(layout.tensors, values) { tensor.write(values, to: &flat) }
    unsafe flat.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        unsafe buffer.update(from: base, count: source.count)
      }
    }
  }

  /// Copies weights, optimizer state and the last gradients.
  package func snapshot() -> Snapshot {
    func copy(_ buffer: UnsafeMutablePointer<Float>) -> [Float] {
      unsafe Array(UnsafeBufferPointer(start: buffer, count: layout.floats))
    }
    return unsafe Snapshot(
      weights: copy(parameters.weights), gradients: copy(parameters.gradients),
      slots: optimizer.slots.map { unsafe copy($0) }, iterations: iterations)
  }
}

/// A copy of a network's parameters in the layout's flat order.
package struct Snapshot: Sendable {
  /// The weights.
  package let weights: [Float]
  /// The gradients of the last batch; zero before the first.
  package let gradients: [Float]
  /// The optimizer's slots, in the order of its names.
  package let slots: [[Float]]
  /// The number of optimizer steps made so far.
  package let iterations: Int
}

/// What a network computes with, taken from an arena.
@safe private struct NetworkParts {
  let samples: PanelMatrix
  let inputGradient: PanelMatrix?
  let parameters: ParameterBuffers
  let optimizer: OptimizerState
  let layers: [any Layer]
  let head: OutputHead

  init(
    _ description: NetworkDescription, _ layout: ParameterLayout, arena: Arena, kernels: Kernels
  ) {
    let batch = description.batch
    samples = PanelMatrix(arena, rows: batch.rows, columns: description.features)
    parameters = unsafe ParameterBuffers(
      weights: arena.take(layout.floats), gradients: arena.take(layout.floats))
    optimizer = OptimizerState(description.optimizer, floats: layout.floats, arena: arena)
    let builder = LayerBuilder(
      description: description, batch: batch, parameters: parameters, arena: arena,
      kernels: kernels)
    inputGradient =
      description.givesInputGradient
      ? PanelMatrix(arena, rows: batch.rows, columns: description.features) : nil
    layers = builder.layers(layout, samples: samples, gradient: inputGradient)
    head = OutputHead(
      description, batch: batch, output: layers[layers.count - 1], arena: arena, kernels: kernels)
  }
}
