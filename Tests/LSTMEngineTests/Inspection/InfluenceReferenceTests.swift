import Foundation
import LSTMEngine
import Testing

/// Influence by captum's TracInCP and PyTorch's autograd, in float64; see Reference/README.md.
struct InfluenceReference: Decodable {
  struct State: Decodable {
    let epoch: Int
    let learning_rate: Double
    let weights: [String: ReferenceCase.Tensor]
  }
  struct Part: Decodable {
    let layer: String
    let gate: String?
    let influence: [[Double]]
  }

  let config: ReferenceConfig
  let states: [State]
  let influence, lengths: [[Double]]
  let by_part: [Part]
  let self_influence: [Double]

  static let folder = ReferenceCase.folder.appending(path: "History")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func load(_ name: String) throws -> InfluenceReference {
    let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
    return try JSONDecoder().decode(InfluenceReference.self, from: data)
  }
}

/// What single samples' gradients give, against captum: the bound is 1e-5 of Σ rate·‖g‖·‖g′‖.
@Suite struct InfluenceReferenceTests {
  @Test func `captum has computed enough models`() {
    #expect(InfluenceReference.names.count >= 20)
  }

  /// The sum over the states from epoch 1 on, part by part: (test, train, parts); and each with itself.
  private func traced(
    _ reference: InfluenceReference, threads: Int, kernels: Kernels = .best
  ) throws -> (influence: [[[Double]]], own: [Double], parts: [ParameterPart]) {
    let config = reference.config
    let train = config.samples(config.data.train)
    let tested = config.samples(try #require(config.data.test))
    var description = try config.description
    description.steps = max(train.steps, tested.steps)
    let network = Network(description, threads: threads, kernels: kernels)
    let parts = network.layout.parts
    let all = Array(0..<train.count)
    var influence = [[[Double]]](
      repeating: all.map { _ in parts.map { _ in 0 } }, count: tested.count)
    var own = all.map { _ in 0.0 }
    for state in reference.states where state.epoch > 0 {
      let weights = try network.layout.tensors.map { tensor in
        try #require(state.weights[tensor.path], "\(tensor.path)").data.map { Float($0) }
      }
      network.restore(weights: weights, slots: nil, iterations: 0)
      for sample in 0..<tested.count {
        let products = network.gradientProducts(
          of: all, in: train, with: network.gradient(of: [sample], in: tested))
        for (index, numbers) in products.enumerated() {
          for (part, number) in numbers.enumerated() {
            influence[sample][index][part] += state.learning_rate * number
          }
        }
      }
      for (index, numbers) in network.gradientSquares(of: all, in: train).enumerated() {
        own[index] += state.learning_rate * numbers.reduce(0, +)
      }
    }
    return (influence, own, parts)
  }

  @Test(arguments: InfluenceReference.names)
  func `the influence of each sample is captum's, in all and by gate`(name: String) throws {
    let reference = try InfluenceReference.load(name)
    let (influence, own, parts) = try traced(reference, threads: 2)
    let names = parts.map { part in
      let gate = [part.direction?.rawValue, part.gate?.rawValue].compactMap(\.self)
      return "\(part.layer) \(gate.joined(separator: "/"))"
    }
    for (test, row) in reference.influence.enumerated() {
      for (train, truth) in row.enumerated() {
        let bound = 1e-5 * reference.lengths[test][train]
        let value = influence[test][train].reduce(0, +)
        #expect(abs(value - truth) <= bound, "\(test), \(train): \(value), not \(truth)")
        for part in reference.by_part {
          let index = try #require(
            names.firstIndex(of: "\(part.layer) \(part.gate ?? "")"), "\(part.layer)")
          #expect(
            abs(influence[test][train][index] - part.influence[test][train]) <= bound,
            "\(test), \(train), \(names[index])")
        }
      }
      // The first ten in the same order.
      func order(_ values: [Double]) -> [Int] {
        Array(values.indices.sorted { values[$0] > values[$1] }.prefix(10))
      }
      #expect(order(influence[test].map { $0.reduce(0, +) }) == order(row))
    }
    for (index, truth) in reference.self_influence.enumerated() {
      #expect(abs(own[index] - truth) <= 1e-5 * truth, "\(index): \(own[index]), not \(truth)")
    }
  }

  @Test(arguments: ["lstm_unequal", "gru_stacked", "two_way_lstm", "embedding", "step_labels"])
  func `threads and processors show in no bit`(name: String) throws {
    let reference = try InfluenceReference.load(name)
    let one = try traced(reference, threads: 1)
    for level in Kernels.available {
      let kernels = try #require(Kernels(level: level))
      let other = try traced(reference, threads: 3, kernels: kernels)
      #expect(other.influence == one.influence && other.own == one.own, "\(level)")
    }
  }
}
