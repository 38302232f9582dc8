import LSTMEngine
import Testing

/// What each time step of each sample adds to a weight's gradient.
@Suite struct GradientTermTests {
  /// The float32 terms of a gradient are some roundings from the float64 ones of PyTorch.
  @Test(arguments: InspectionReference.names)
  func `each term is PyTorch's, by sample and step`(name: String) throws {
    let reference = try ReferenceCase.load(name)
    let set = reference.config.samples(reference.config.data.train)
    let first = Array(0..<min(set.count, reference.config.training.batch_size))
    let expected = try InspectionReference.load(name).terms
    let network = try reference.network()
    #expect(expected.keys.sorted() == network.layout.tensors.map(\.path).sorted())
    for (index, tensor) in network.layout.tensors.enumerated() {
      for (element, samples) in try #require(expected[tensor.path]) {
        let place = try #require(Int(element))
        let network = try reference.network()
        let steps = network.trainEpoch(
          set, order: first, learningRate: .constant(0), watching: index,
          row: place / tensor.columns, column: place % tensor.columns
        ).steps
        #expect(steps.count == 1)
        var seen = samples.map { $0.map { _ in 0.0 } }
        for term in steps[0].terms { seen[term.sample][term.step] += term.value }
        for (sample, truth) in samples.enumerated() {
          for (step, value) in truth.enumerated() {
            let found = seen[sample][step]
            if !(abs(found - value) <= 1e-6 * max(1, abs(value))) {
              Issue.record(
                "\(tensor.path)[\(place)], sample \(sample), step \(step): \(found), not \(value)")
            }
          }
        }
      }
    }
  }
}
