import Foundation
import Lab
import LabFormats

/// The models that Keras and PyTorch have computed, as runs of the program; see
/// Tests/LSTMEngineTests/Reference/README.md.
enum ReferenceRun {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../LSTMEngineTests/Reference").standardizedFileURL

  /// The names of the cases of which a folder holds something.
  static func names(in part: String) -> [String] {
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path))
      ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }

  static func decode<Value: Decodable>(_ path: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appending(path: path)))
  }

  private struct Case: Decodable {
    struct Tensor: Decodable { let shape: [Int]; let data: [Float] }
    let initial_weights: [String: Tensor]
  }

  /// Writes a case as `config.json`, which begins with the case's weights.
  static func write(_ name: String, to place: Workplace) throws {
    let reference: Case = try decode("\(name).json")
    try write(name, first: reference.initial_weights.mapValues { ($0.shape, $0.data) }, to: place)
  }

  /// Writes a case as `config.json`, which begins with these weights.
  static func write(
    _ name: String, first: [String: (shape: [Int], data: [Float])], to place: Workplace
  ) throws {
    try SafetensorsFile.write(
      first.sorted { $0.key < $1.key }.map {
        NamedTensor(name: $0.key, shape: $0.value.shape, values: $0.value.data)
      }, to: place.file("first.safetensors"))
    let text = try String(contentsOf: folder.appending(path: "\(name).json"), encoding: .utf8)
    // A line has one key of the file: the second is the configuration.
    let line = text.split(separator: "\n")[1].dropFirst(#""config":"#.count).dropLast()
    let config = line.replacing(
      #""model":{"#, with: #""model":{"initial_weights":"first.safetensors","#, maxReplacements: 1)
    try place.write(String(config), to: "config.json")
  }
}
