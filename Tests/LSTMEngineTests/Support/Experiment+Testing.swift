import LSTMEngine
import Testing

extension Experiment: CustomTestStringConvertible {
  var testDescription: String {
    "\(features)→\(cells.map(\.rawValue)) \(units)→\(outputs), T \(steps), N \(samples), B \(batch), seed \(seed), "
      + "\(optimizer.slotNames)" + (sequences ? ", sequences" : "")
      + (mixed ? ", mixed lengths" : "")
      + (twoWay ? ", two-way" : "") + (embedding == nil ? "" : ", embedded")
      + (dropout + recurrentDropout + layerDropout > 0
        ? ", dropout \(dropout) \(recurrentDropout) \(layerDropout)" : "")
      + (frozen.map { ", layer \($0) not trained" } ?? "")
  }

  func network(threads: Int = 1, level: String? = nil) throws -> Network {
    let kernels = try level.map { try #require(Kernels(level: $0)) } ?? .best
    let network = Network(description, threads: threads, kernels: kernels)
    network.initialize(seed: seed)
    return network
  }
}

extension SampleSet {
  /// A set of one of the sequences.
  func alone(_ sample: Int) -> SampleSet {
    let hasSteps = targets.rows != count
    let own = hasSteps ? rows(of: sample) : sample..<sample + 1
    let targets: Targets =
      switch targets {
      case .classes(let classes): .classes(Array(classes[own]))
      case .values(let values, let outputs):
        .values(
          Array(values[own.lowerBound * outputs..<own.upperBound * outputs]), outputs: outputs)
      }
    let steps = rows(of: sample)
    return SampleSet(
      lengths: [steps.count], features: features,
      x: Array(x[steps.lowerBound * features..<steps.upperBound * features]), targets: targets)
  }
}
