import Foundation
import Lab

/// Who moved some weights of a reference case, by PyTorch; see
/// Tests/LSTMEngineTests/Reference/README.md.
struct BlameReference: Decodable {
  /// What one batch did to a weight.
  struct Batch: Decodable {
    let samples: [Int]
    /// What each time step of each of the samples moved.
    let moved: [[Double]]
    let momentum, decay: Double
  }

  let epoch: Int
  /// The weight's place as the program writes it → its batches.
  let weights: [String: [Batch]]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../LSTMEngineTests/Reference").standardizedFileURL

  /// The names of the cases whose weights have been followed.
  static let names: [String] = {
    let files =
      (try? FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "Blame").path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func load(_ name: String) throws -> BlameReference {
    try JSONDecoder().decode(
      BlameReference.self, from: Data(contentsOf: folder.appending(path: "Blame/\(name).json")))
  }

  private struct Case: Decodable {
    struct Tensor: Decodable { let shape: [Int]; let data: [Float] }
    let initial_weights: [String: Tensor]
  }

  /// Writes the case as `config.json`, which begins with the case's weights.
  static func write(_ name: String, to place: Workplace) throws {
    let text = try String(contentsOf: folder.appending(path: "\(name).json"), encoding: .utf8)
    let reference = try JSONDecoder().decode(Case.self, from: Data(text.utf8))
    try SafetensorsFile.write(
      reference.initial_weights.sorted { $0.key < $1.key }.map {
        NamedTensor(name: $0.key, shape: $0.value.shape, values: $0.value.data)
      }, to: place.file("first.safetensors"))
    // A line has one key of the file: the second is the configuration.
    let line = text.split(separator: "\n")[1].dropFirst(#""config":"#.count).dropLast()
    let config = line.replacing(
      #""model":{"#, with: #""model":{"initial_weights":"first.safetensors","#, maxReplacements: 1)
    try place.write(String(config), to: "config.json")
  }
}
