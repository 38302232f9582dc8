import LSTMEngine
import Testing

/// What a look inside shows, against float64 values of PyTorch and Keras, step by step.
///
/// A float32 value of a short sequence is within some roundings of the truth: the bound is 1e-6 for
/// numbers up to 1, and as much of what is greater.
@Suite struct InspectionReferenceTests {
  @Test func `enough cases are looked into`() {
    #expect(InspectionReference.names.count >= 40)
  }

  private func check(_ value: Float, _ truth: Double, _ what: String) {
    let bound = 1e-6 * max(1, abs(truth))
    if !(abs(Double(value) - truth) <= bound) {
      Issue.record("\(what): \(value) is \(abs(Double(value) - truth)) from \(truth)")
    }
  }

  @Test(arguments: InspectionReference.names)
  func `each gate and state is PyTorch's, step by step`(name: String) throws {
    let reference = try ReferenceCase.load(name)
    let expected = try InspectionReference.load(name).traces
    let network = try reference.network()
    let snapshot = network.snapshot()
    let set = reference.config.samples(reference.config.data.train)
    let inspection = NetworkInspection(
      network.description.layers, features: network.description.features,
      weights: network.layout.tensors.map { $0.values(in: snapshot.weights) })
    for (sample, output) in expected.output.enumerated() {
      let trace = inspection.trace(set.sequence(sample))
      #expect(trace.output.count == output.values.count)
      for (row, truth) in zip(trace.output, output.values) {
        #expect(row.count == truth.count)
        for pair in zip(row, truth) { check(pair.0, pair.1, "output of sample \(sample)") }
      }
      let recurrent = trace.layers.filter { !$0.quantities.isEmpty }
      #expect(recurrent.map(\.layer).sorted() == expected.layers.keys.sorted())
      for layer in recurrent {
        let quantities = try #require(expected.layers[layer.layer])
        #expect(layer.quantities.map(\.name).sorted() == quantities.keys.sorted())
        for quantity in layer.quantities {
          let steps = try #require(quantities[quantity.name])[sample]
          #expect(quantity.values.map(\.count) == steps.map(\.count))
          for (step, truth) in steps.enumerated() {
            for (unit, value) in truth.enumerated() {
              check(
                quantity.values[step][unit], value,
                "\(layer.layer), \(quantity.name)[\(step)][\(unit)] of sample \(sample)")
            }
          }
        }
      }
    }
  }
}
