import Testing

@testable import LSTMEngine

/// What limits do to a step's gradients.
@Suite struct ClippingTests {
  private static let models = [
    Experiment(units: [5]), Experiment(units: [17, 33], outputs: 18, samples: 9, seed: 2),
    Experiment(units: [6], outputs: 3, seed: 3, sequences: true),
    Experiment(units: [5, 17], cells: [.gru, .lstm], seed: 4, mixed: true, twoWay: true),
  ]

  /// The gradients of one batch, a tensor each, as the optimizer took them.
  private func gradients(
    _ experiment: Experiment, _ clipping: GradientClipping, threads: Int = 1
  ) throws -> [[Float]] {
    var experiment = experiment
    experiment.controls.clipping = clipping
    let network = try experiment.network(threads: threads)
    _ = network.trainEpoch(experiment.set, order: Array(0..<4), learningRate: 0)
    let gradients = network.snapshot().gradients
    return network.layout.tensors.map { $0.values(in: gradients) }
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  @Test(arguments: models, [1, 3])
  func `each tensor is scaled to the limit`(experiment: Experiment, threads: Int) throws {
    let free = try gradients(experiment, GradientClipping())
    let norms = free.map(norm).sorted()
    let limit = norms[norms.count / 2] * 0.999  // some are longer, some are not
    let limited = try gradients(
      experiment, GradientClipping(norm: .ofEachTensor(limit)), threads: threads)
    #expect(limited.count == free.count)
    var touched = 0
    for (before, after) in zip(free, limited) {
      guard norm(before) > limit else {
        #expect(after.map(\.bitPattern) == before.map(\.bitPattern))
        continue
      }
      touched += 1
      let factor = Float(limit / norm(before))
      #expect(abs(norm(after) / limit - 1) < 1e-6)
      for (a, b) in zip(after, before) { #expect(abs(a - b * factor) <= abs(b) * 1e-6) }
    }
    #expect(touched > 0 && touched < free.count)
  }

  @Test(arguments: models, [1, 3])
  func `all together are scaled to the limit`(experiment: Experiment, threads: Int) throws {
    let free = try gradients(experiment, GradientClipping())
    let whole = norm(free.flatMap { $0 })
    let limited = try gradients(
      experiment, GradientClipping(norm: .ofAll(whole / 3)), threads: threads)
    #expect(abs(norm(limited.flatMap { $0 }) / (whole / 3) - 1) < 1e-6)
    let untouched = try gradients(experiment, GradientClipping(norm: .ofAll(whole * 1.001)))
    #expect(untouched == free)
  }

  @Test(arguments: models, [1, 3])
  func `values are limited before norms`(experiment: Experiment, threads: Int) throws {
    let free = try gradients(experiment, GradientClipping())
    let most = free.flatMap { $0 }.map(abs).max() ?? 0
    let value = Double(most / 4)
    let expected = free.map { $0.map { min(max($0, -Float(value)), Float(value)) } }
    let limited = try gradients(experiment, GradientClipping(value: value), threads: threads)
    #expect(limited == expected)
    let norms = expected.map(norm)
    let limit = (norms.max() ?? 0) / 2
    let both = try gradients(
      experiment, GradientClipping(value: value, norm: .ofEachTensor(limit)), threads: threads)
    for (tensor, before) in zip(both, norms) {
      #expect(abs(norm(tensor) - min(before, limit)) <= 1e-6 * limit)
    }
  }

  /// Where no class counts more than another, nothing changes; doubled weights double the gradient.
  @Test(arguments: models)
  func `class weights scale loss and gradient`(experiment: Experiment) throws {
    var plain = experiment, doubled = experiment
    plain.controls.classWeights = [Float](repeating: 1, count: experiment.outputs)
    doubled.controls.classWeights = [Float](repeating: 2, count: experiment.outputs)
    var results: [(Measurement, [Float])] = []
    for experiment in [experiment, plain, doubled] {
      let network = try experiment.network()
      let result = network.trainEpoch(experiment.set, order: Array(0..<4), learningRate: 0)
      guard case .finished(let measured) = result else {
        Issue.record("\(result)")
        return
      }
      results.append((measured, network.snapshot().gradients))
      var none: [Float]?
      // Measuring without training knows no weights.
      #expect(
        network.evaluate(experiment.set, predictions: &none)
          == (try experiment.network()).evaluate(experiment.set, predictions: &none))
    }
    #expect(results[1].0 == results[0].0)
    #expect(results[1].1 == results[0].1)
    #expect(results[2].0.loss == results[0].0.loss * 2)
    #expect(results[2].0.metrics == results[0].0.metrics)
    #expect(results[2].1 == results[0].1.map { $0 * 2 })
  }
}
