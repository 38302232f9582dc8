import Foundation
import LSTMEngine
import Testing

/// One model with what Keras and PyTorch computed for it; see Reference/README.md.
struct ReferenceCase: Decodable {
  struct Tensor: Decodable {
    let shape: [Int]
    let data: [Double]
  }
  struct Truth: Decodable {
    let loss: [Double]
    let metrics: [String: [Double]]
    let val_loss: [Double]?
    let val_metrics: [String: [Double]]?
    let weights: [String: [String: [Double]]]
  }
  struct Error: Decodable {
    let loss: [Double]
    let metrics: [String: [Double]]
    let val_loss: [Double]?
    let val_metrics: [String: [Double]]?
    let weights: [String: [String: Double]]
  }

  let config: ReferenceConfig
  let initial_weights: [String: Tensor]
  let float64: Truth
  let float32_error: Error
  let gradients: [String: Tensor]?
  let float32_gradient_error: [String: Double]?

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Reference").standardizedFileURL

  /// The names of all committed cases.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func load(_ name: String) throws -> ReferenceCase {
    let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
    return try JSONDecoder().decode(ReferenceCase.self, from: data)
  }

  /// The network with the case's initial weights.
  func network(threads: Int = 1, kernels: Kernels = .best) throws -> Network {
    let network = Network(
      try config.description, threads: threads, kernels: kernels)
    #expect(
      network.layout.tensors.map(\.path).sorted() == initial_weights.keys.sorted())
    let weights = try network.layout.tensors.map { tensor in
      let stored = try #require(initial_weights[tensor.path], "\(tensor.path)")
      #expect(stored.shape.reduce(1, *) == tensor.count)
      return stored.data.map { Float($0) }
    }
    network.restore(weights: weights, slots: nil, iterations: 0)
    return network
  }
}
