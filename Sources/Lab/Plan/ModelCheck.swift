import Foundation
import LSTMEngine
import LabFormats

/// Checks that the layers fit each other and the data, and the machine.
struct ModelCheck {
  let config: Config
  let features: Int

  /// Returns the network that the configuration describes.
  func description(steps: Int, samples: Int) throws(LabError) -> NetworkDescription {
    let layers = config.model.layers
    for (index, shape) in layers.shapes(features: features).enumerated() {
      let layer = shape.layer
      if case .embedding(let embedding) = layer.kind {
        try require(embedding, layer.name, at: index)
      }
      guard layer.recurrent == nil || shape.readsSteps else {
        throw LabError(
          .data,
          "layer `\(layer.name)` needs a sequence, and the layer before it gives its last step only",
          where: "\(config.file.path), model.layers[\(index)]",
          next: "set `\"return_sequences\": true` in the recurrent layer before it")
      }
    }
    let counts = try ParameterCount.byLayer(layers, features: features)
    guard counts.contains(where: { $0 > 0 }) else {
      throw LabError(
        .data, "the model has no weights, so there is nothing to train",
        where: "\(config.file.path), model.layers",
        next: "add a layer that has some, such as `dense`")
    }
    var network = NetworkDescription(
      layers: layers, loss: config.training.loss,
      metrics: config.training.metrics.compactMap(\.ofRows),
      optimizer: config.training.optimizer, features: features, steps: steps,
      batchSize: min(config.training.batchSize, samples))
    network.seed = UInt64(config.seed)
    return network
  }

  /// Refuses an embedding that does not read the samples, or samples that it cannot read.
  private func require(
    _ embedding: EmbeddingSpecification, _ name: String, at index: Int
  ) throws(LabError) {
    let place = "\(config.file.path), model.layers[\(index)]"
    guard index == 0 else {
      throw LabError(
        .data, "layer `\(name)` reads whole numbers, and the layer before it gives others",
        where: place, next: "an `embedding` can only be the first layer")
    }
    guard features == 1 else {
      throw LabError(
        .data, "layer `\(name)` reads one number at each time step, and the data have \(features)",
        where: place, next: "give `data.train.x` the shape (samples, time steps, 1)")
    }
  }

  /// Refuses a model whose parameters and activations do not fit into the machine's memory.
  func requireRoom(_ network: NetworkDescription) throws(LabError) {
    let needed = Network.estimatedBytes(network)
    let present = Double(ProcessInfo.processInfo.physicalMemory)
    let isGiven = SystemResources.hasMemory(needed)
    guard needed > present || !isGiven else { return }
    throw LabError(
      .data,
      "the model needs \(NumberText.bytes(needed)) of memory, "
        + (needed > present
          ? "this machine has \(NumberText.bytes(present))" : "which the system does not give"),
      where: config.file.path,
      next: "use fewer units, shorter sequences or a smaller `training.batch_size`")
  }
}
