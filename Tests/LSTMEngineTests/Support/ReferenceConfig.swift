import Foundation
import LSTMEngine

/// As much of a configuration file as the reference cases use.
struct ReferenceConfig: Decodable {
  struct Source: Decodable {
    let x: [[[Float]]]
    let y: ReferenceTargets

    /// The number of time steps of the longest sample.
    var longest: Int { x.map(\.count).max() ?? 0 }
  }
  struct Sources: Decodable {
    let train: Source
    let validation: Source?
    let test: Source?
  }
  struct Layer: Decodable {
    let type: String
    let name: String?
    let units: Int?
    let input_dim, output_dim: Int?
    /// The layer of each direction of a two-way one.
    let layer: Inner?
    let activation: Activation?
    let recurrent_activation: Activation?
    let use_bias: Bool?
    let return_sequences: Bool?
    let dropout, recurrent_dropout, rate: Double?
    let trainable: Bool?
  }
  struct Inner: Decodable {
    let type: RecurrentCell
    let units: Int
    let activation: Activation?
    let recurrent_activation: Activation?
    let use_bias: Bool?
    let return_sequences: Bool?
    var dropout, recurrent_dropout: Double?
  }
  struct Model: Decodable { let layers: [Layer] }
  struct Optimizer: Decodable {
    let type: String
    let learning_rate, momentum, beta_1, beta_2, epsilon, weight_decay, rho: Double?
    let nesterov, amsgrad, centered: Bool?
  }
  struct Training: Decodable {
    let epochs: Int
    let batch_size: Int
    let loss: Loss
    let optimizer: Optimizer
    let metrics: [RowMetric]?
    let learning_rate_schedule: Schedule?
    let clip_norm, global_clip_norm, clip_value: Double?
    let class_weight: [String: Float]?
  }

  let seed: UInt64?
  let data: Sources
  let model: Model
  let training: Training

  var description: NetworkDescription {
    get throws {
      var description = NetworkDescription(
        layers: layers, loss: training.loss, metrics: training.metrics ?? [],
        optimizer: training.optimizer.specification, features: data.train.x[0][0].count,
        steps: [data.train, data.validation].compactMap { $0?.longest }.max() ?? 0,
        batchSize: training.batch_size)
      description.seed = seed ?? 0
      description.clipping = training.clipping
      description.classWeights = training.classWeights(outputs: description.outputs)
      return description
    }
  }

  private var layers: [LayerSpecification] {
    model.layers.enumerated().map { index, layer in
      let before = model.layers[..<index].filter { $0.type == layer.type }.count
      let name = layer.name ?? (before == 0 ? layer.type : "\(layer.type)_\(before)")
      return LayerSpecification(
        name: name, kind: kind(of: layer), trainable: layer.trainable ?? true)
    }
  }

  private func kind(of layer: Layer) -> LayerSpecification.Kind {
    if let inner = layer.layer { return .bidirectional(inner.specification) }
    if let numbers = layer.input_dim, let outputs = layer.output_dim {
      return .embedding(EmbeddingSpecification(inputDimension: numbers, outputDimension: outputs))
    }
    if let rate = layer.rate { return .dropout(DropoutSpecification(rate: rate)) }
    let units = layer.units ?? 0
    if let cell = RecurrentCell(rawValue: layer.type) {
      let inner = Inner(
        type: cell, units: units, activation: layer.activation,
        recurrent_activation: layer.recurrent_activation, use_bias: layer.use_bias,
        return_sequences: layer.return_sequences, dropout: layer.dropout,
        recurrent_dropout: layer.recurrent_dropout)
      return .recurrent(inner.specification)
    }
    var dense = DenseSpecification(units: units)
    dense.activation = layer.activation ?? .linear
    dense.useBias = layer.use_bias ?? true
    return .dense(dense)
  }

  /// The samples as the engine takes them.
  func samples(_ source: Source) -> SampleSet {
    let sparse = training.loss == .sparseCategoricalCrossentropy
    let width = layers.shapes(features: 0).last?.outputs ?? 0
    let y = source.y.values
    return SampleSet(
      lengths: source.x.map(\.count), features: source.x[0][0].count,
      x: source.x.flatMap { $0.flatMap { $0 } },
      targets: sparse ? .classes(y.map { Int32($0) }) : .values(y, outputs: width))
  }
}

/// Targets of any rank, flattened.
struct ReferenceTargets: Decodable {
  var values: [Float] = []

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Float.self) {
      values = [number]
    } else {
      values = try container.decode([ReferenceTargets].self).flatMap(\.values)
    }
  }
}

extension ReferenceConfig.Inner {
  var specification: RecurrentSpecification {
    var recurrent = RecurrentSpecification(type, units: units)
    recurrent.activation = activation ?? .tanh
    recurrent.recurrentActivation = recurrent_activation ?? .sigmoid
    recurrent.useBias = use_bias ?? true
    recurrent.returnSequences = return_sequences ?? false
    recurrent.dropout = dropout ?? 0
    recurrent.recurrentDropout = recurrent_dropout ?? 0
    return recurrent
  }
}

extension RecurrentCell: Decodable {}
extension Activation: Decodable {}
extension Loss: Decodable {}
extension RowMetric: Decodable {}

extension ReferenceConfig.Optimizer {
  var specification: OptimizerSpecification {
    var adam = AdamSettings()
    adam.beta1 = beta_1 ?? adam.beta1
    adam.beta2 = beta_2 ?? adam.beta2
    adam.epsilon = epsilon ?? adam.epsilon
    adam.amsgrad = amsgrad ?? false
    let kind: OptimizerSpecification.Kind
    switch type {
    case "sgd": kind = .sgd(momentum: momentum ?? 0, nesterov: nesterov ?? false)
    case "adam": kind = .adam(adam)
    case "adamw": kind = .adamw(adam, weightDecay: weight_decay ?? 0.004)
    default:
      var rmsprop = RMSpropSettings()
      rmsprop.rho = rho ?? rmsprop.rho
      rmsprop.momentum = momentum ?? 0
      rmsprop.epsilon = epsilon ?? rmsprop.epsilon
      rmsprop.centered = centered ?? false
      kind = .rmsprop(rmsprop)
    }
    return OptimizerSpecification(
      kind: kind, learningRate: learning_rate ?? (type == "sgd" ? 0.01 : 0.001))
  }
}
