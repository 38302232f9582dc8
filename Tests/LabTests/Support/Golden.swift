import Foundation
import Testing

/// Text that is meant to stay: `Golden/<name>`. A missing file is written and fails once; so to
/// record one anew, delete it.
func expectGolden(
  _ text: String, _ name: String, at location: SourceLocation = #_sourceLocation
) throws {
  let path = SeedExperimentTests.root + "/Tests/LabTests/Golden/\(name)"
  guard FileManager.default.fileExists(atPath: path) else {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    Issue.record("\(name) is recorded; look at it, then commit it", sourceLocation: location)
    return
  }
  #expect(try text == String(contentsOfFile: path, encoding: .utf8), sourceLocation: location)
}
