import Foundation

/// A fresh folder for the duration of one closure.
struct TemporaryFolder {
  let path: String

  /// Runs `body` with a fresh folder and removes it afterwards.
  static func use<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/lstm-lab-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(TemporaryFolder(path: path))
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of the folder's files, sorted.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
