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

  static let names = ReferenceRun.names(in: "Blame")

  static func load(_ name: String) throws -> BlameReference {
    try ReferenceRun.decode("Blame/\(name).json")
  }
}
