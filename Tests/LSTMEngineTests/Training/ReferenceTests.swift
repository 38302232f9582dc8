import LSTMEngine
import Testing

/// The engine against a float64 run of Keras, and its gradients against PyTorch's.
///
/// The bound is three times the distance of Keras's own float32 run from the same truth, and never
/// below 1e-6.
@Suite struct ReferenceTests {
  @Test func `all cases are there`() {
    #expect(ReferenceCase.names.count >= 119)
  }

  @Test(arguments: ReferenceCase.names)
  func `training follows Keras`(name: String) throws {
    let reference = try ReferenceCase.load(name)
    let network = try reference.network()
    let set = reference.config.samples(reference.config.data.train)
    let validation = reference.config.data.validation.map { reference.config.samples($0) }
    let truth = reference.float64, error = reference.float32_error
    let epochs = reference.config.training.epochs
    #expect(truth.loss.count == epochs)
    for epoch in 1...epochs {
      let result = network.trainEpoch(
        set, order: Array(0..<set.count), learningRate: reference.config.training.learningRate)
      guard case .finished(let measured) = result else {
        Issue.record("epoch \(epoch): \(result)")
        return
      }
      check(measured.loss, truth.loss[epoch - 1], error.loss[epoch - 1], "loss, epoch \(epoch)")
      #expect(truth.metrics.count == network.description.metrics.count)
      for (metric, value) in zip(network.description.metrics, measured.metrics) {
        let name = metric.rawValue
        let values = try #require(truth.metrics[name]), errors = try #require(error.metrics[name])
        check(value, values[epoch - 1], errors[epoch - 1], "\(name), epoch \(epoch)")
      }
      if let validation {
        var none: [Float]?
        let measured = network.evaluate(validation, predictions: &none)
        let values = try #require(truth.val_loss), errors = try #require(error.val_loss)
        check(measured.loss, values[epoch - 1], errors[epoch - 1], "val_loss, epoch \(epoch)")
      }
      try checkWeights(network, reference, epoch: epoch)
    }
  }

  /// Keras narrows Adam's betas to float32, which is most of its distance in long runs; ours are double.
  @Test(arguments: ReferenceCase.names.filter { $0.hasPrefix("long_") })
  func `long runs of Adam are nearer than Keras`(name: String) throws {
    let reference = try ReferenceCase.load(name)
    let network = try reference.network()
    let set = reference.config.samples(reference.config.data.train)
    let epochs = reference.config.training.epochs
    for _ in 1...epochs {
      _ = network.trainEpoch(
        set, order: Array(0..<set.count), learningRate: reference.config.training.learningRate)
    }
    let truth = try #require(reference.float64.weights["\(epochs)"])
    let errors = try #require(reference.float32_error.weights["\(epochs)"])
    let keras = try #require(errors.values.max())
    let snapshot = network.snapshot()
    for tensor in network.layout.tensors {
      let expected = try #require(truth[tensor.path])
      let values = tensor.values(in: snapshot.weights)
      #expect(values.count == expected.count)
      for (value, exact) in zip(values, expected) {
        #expect(abs(Double(value) - exact) <= keras / 2, "\(tensor.path)")
      }
    }
  }

  @Test(arguments: ReferenceCase.names)
  func `the gradients of one step are PyTorch's`(name: String) throws {
    let reference = try ReferenceCase.load(name)
    let network = try reference.network()
    let set = reference.config.samples(reference.config.data.train)
    let first = Array(0..<min(set.count, reference.config.training.batch_size))
    _ = network.trainEpoch(set, order: first, learningRate: 0)
    let gradients = network.snapshot().gradients
    let expected = try #require(reference.gradients)
    #expect(expected.count == network.layout.tensors.count)
    for tensor in network.layout.tensors {
      let truth = try #require(expected[tensor.path])
      let error = try #require(reference.float32_gradient_error?[tensor.path])
      let values = tensor.values(in: gradients)
      #expect(values.count == truth.data.count)
      for (index, pair) in zip(values, truth.data).enumerated() {
        check(Double(pair.0), pair.1, error, "\(tensor.path)[\(index)]")
      }
    }
  }

  private func checkWeights(_ network: Network, _ reference: ReferenceCase, epoch: Int) throws {
    guard let truth = reference.float64.weights["\(epoch)"] else { return }
    let errors = try #require(reference.float32_error.weights["\(epoch)"])
    let snapshot = network.snapshot()
    #expect(truth.count == network.layout.tensors.count)
    for tensor in network.layout.tensors {
      let expected = try #require(truth[tensor.path]), error = try #require(errors[tensor.path])
      let values = tensor.values(in: snapshot.weights)
      #expect(values.count == expected.count)
      for (index, pair) in zip(values, expected).enumerated() {
        check(Double(pair.0), pair.1, error, "\(tensor.path)[\(index)], epoch \(epoch)")
      }
    }
  }

  private func check(_ value: Double, _ truth: Double, _ error: Double, _ what: String) {
    let bound = max(3 * error, 1e-6)
    if !(abs(value - truth) <= bound) {
      Issue.record("\(what): \(value) is \(abs(value - truth)) from \(truth); allowed \(bound)")
    }
  }
}
