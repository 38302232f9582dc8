import Foundation
import LabExamples
package import LabFormats

/// The configuration that `init` writes: the seed experiment, `examples/zero-position/config.json`.
package enum ExampleConfig {
  /// The file's text.
  package static var text: String { Examples.zeroPosition }

  /// Writes the example; an existing file stays as it is.
  package static func write(to path: String) throws(LabError) {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw LabError(
        .cannotCreate, "the file exists already", where: path,
        next: "name another one: lstm-lab init FILE")
    }
    try FileBytes.write(Array(text.utf8), to: path)
  }
}
