import Lab
import LabFormats

/// Files beside the tests that other programs made; Fixtures/make.py tells how.
enum Fixture {
  static func path(_ name: String) -> String {
    SeedExperimentTests.root + "/Tests/LabTests/Fixtures/\(name)"
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try FileBytes.read(path(name), what: "fixture")
  }
}
