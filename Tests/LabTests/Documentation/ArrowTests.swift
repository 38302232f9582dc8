import Foundation
import Testing

/// `Scripts/check-imports` lets the sources pass and finds each kind of fault that is planted in them.
@Suite struct ArrowTests {
  struct Plant: Sendable, CustomTestStringConvertible {
    let id: String
    let file: String
    let text: String
    let complaint: String
    var testDescription: String { id }
  }

  static let plants = [
    Plant(
      id: "a type of a higher floor", file: "Lab/Config/Planted.swift",
      text: "struct Planted { let session: TrainingSession }",
      complaint: "TrainingSession is Training's, which is not below Config"),
    Plant(
      id: "a type of the same floor", file: "Lab/Repeats/Planted.swift",
      text: "func planted(_ page: ReportPage) {}",
      complaint: "ReportPage is Report's, which is not below Repeats"),
    Plant(
      id: "a member of a higher floor", file: "Lab/Plan/Planted.swift",
      text: "let planted = opened.hasItsHash(state, at: 1)",
      complaint: "hasItsHash is OpenedRun's, which is not below Plan"),
    Plant(
      id: "a folder without a floor", file: "Lab/Attic/Planted.swift", text: "struct Planted {}",
      complaint: "the floors do not name the folder Attic"),
    Plant(
      id: "an import upwards", file: "LabFormats/Text/Planted.swift", text: "import LabStore",
      complaint: "Sources/LabFormats may import"),
    Plant(
      id: "a library that prints", file: "LabFormats/Text/Planted.swift",
      text: #"func planted() { print("!") }"#, complaint: "only Sources/lstm-lab prints"),
    Plant(
      id: "SQL", file: "Lab/Runs/Planted.swift",
      text: #"let planted = "SELECT count(*) FROM runs WHERE run_id = 1""#,
      complaint: "SQL stands in"),
  ]

  @Test func `the sources keep to the arrows`() throws {
    let outcome = try Program.run(
      "/usr/bin/env", ["bash", "Scripts/check-imports"], in: SeedExperimentTests.root)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test(arguments: plants) func `a planted fault is found`(plant: Plant) throws {
    let folder = try Workplace()
    for part in ["Sources", "Scripts", "migrations", "reports", "examples"] {
      try FileManager.default.copyItem(
        atPath: "\(SeedExperimentTests.root)/\(part)", toPath: folder.file(part))
    }
    let path = folder.file("Sources/\(plant.file)")
    try FileManager.default.createDirectory(
      atPath: String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)),
      withIntermediateDirectories: true)
    try Data((plant.text + "\n").utf8).write(to: URL(filePath: path))
    let outcome = try Program.run(
      "/usr/bin/env", ["bash", "Scripts/check-imports"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("Sources/\(plant.file):1:"), "\(outcome.errors)")
    #expect(outcome.errors.contains(plant.complaint), "\(outcome.errors)")
  }
}
