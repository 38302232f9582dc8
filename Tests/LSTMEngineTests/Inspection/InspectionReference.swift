import Foundation
import Testing

/// What PyTorch and Keras say about the inside of a reference case; see Reference/README.md.
struct InspectionReference: Decodable {
  struct Traces: Decodable {
    /// Sample by sample: a row, or a row a time step.
    let output: [Rows]
    /// Layer → quantity → (sample, step, unit).
    let layers: [String: [String: [[[Double]]]]]
  }

  /// One row of numbers or several.
  struct Rows: Decodable {
    let values: [[Double]]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let row = try? container.decode([Double].self) {
        values = [row]
      } else {
        values = try container.decode([[Double]].self)
      }
    }
  }

  let traces: Traces
  /// Tensor → element → (sample, step).
  let terms: [String: [String: [[Double]]]]

  private static let folder = ReferenceCase.folder.appending(path: "Inspection")

  /// The names of the cases that have been looked into.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func load(_ name: String) throws -> InspectionReference {
    let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
    return try JSONDecoder().decode(InspectionReference.self, from: data)
  }
}
