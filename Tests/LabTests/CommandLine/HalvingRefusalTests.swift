import Foundation
import Testing

/// Halving that cannot be.
struct HalvingRefusalTests {
  private func sweep(_ place: Workplace, options: [String]) throws -> Program.Outcome {
    try Program.run(Program.path, ["sweep"] + options, in: place.path, environment: [:])
  }

  private func begun() throws -> Workplace {
    let place = try Workplace()
    try place.write(Trial(epochs: 12))
    return place
  }

  static let refusals: [(options: [String], told: String)] = [
    (["--halving"], "add --rungs"),
    (["--rungs", "2,4"], "add --halving"),
    (["--metric", "loss"], "add --halving"),
    (["--halving", "--rungs", "4,2"], "rising epochs"),
    (["--halving", "--rungs", "2,2"], "rising epochs"),
    (["--halving", "--rungs", "0,2"], "rising epochs"),
    (["--halving", "--rungs", "2,x"], "rising epochs"),
    (["--halving", "--rungs", ""], "rising epochs"),
    (["--halving", "--rungs", "2,4", "--keep", "1"], "between 0 and 1"),
    (["--halving", "--rungs", "2,4", "--keep", "0"], "between 0 and 1"),
    (["--halving", "--rungs", "2,4", "--keep", "3/2"], "between 0 and 1"),
    (["--halving", "--rungs", "2,4", "--keep", "1/0"], "between 0 and 1"),
    (["--halving", "--rungs", "2,4", "--keep=-0.5"], "between 0 and 1"),
    (["--halving", "--rungs", "2,4", "--metric", "val_los"], "did you mean `val_loss`?"),
    (["--halving", "--rungs", "2,4", "--metric", "auc"], "add `auc` to `training.metrics`"),
    (["--halving", "--rungs", "2,13"], "the last rung is epoch 13, and a run ends at 12"),
    (
      ["--halving", "--rungs", "1,2,3,4"], "no point is left for epoch 4: 1/3 of 1 is less than one"
    ),
    (["--finish"], "no rungs"),
    (["--task", "0/3"], "no part of a sweep"),
    (["--task", "4/3"], "no part of a sweep"),
    (["--task", "10/10"], "nothing to do for task 10"),
    (["--among", "x.db"], "add --task"),
  ]

  @Test(arguments: refusals.indices)
  func `halving that cannot be is refused before anything is trained`(index: Int) throws {
    let place = try begun()
    let outcome = try sweep(place, options: HalvingTests.grid + Self.refusals[index].options)
    #expect([64, 65, 66].contains(outcome.status), "\(outcome)")
    #expect(outcome.errors.contains(Self.refusals[index].told), "\(outcome.errors)")
    #expect(try !place.names().contains("lab.db"))
  }

  static let files: [(halving: String, told: String)] = [
    (#"{"rungs":[2,5],"kep":0.5}"#, "did you mean `keep`?"),
    (#"{"keep":0.5}"#, "names no rungs"), (#"{"rungs":2}"#, "rising epochs"),
    (#"{"rungs":[2,"x"]}"#, "rising epochs"), (#"{"rungs":[2,5],"keep":2}"#, "between 0 and 1"),
    (#"{"rungs":[2,5],"metric":"x"}"#, "no loss or metric `x`"),
  ]

  @Test(arguments: files.indices)
  func `a file that asks for what cannot be is refused with its place`(index: Int) throws {
    let place = try begun()
    try place.write(
      #"{"config":"config.json","set":{"lstm.units":[2,3,4]},"halving":\#(Self.files[index].halving)}"#,
      to: "sweep.json")
    let outcome = try sweep(place, options: ["sweep.json"])
    #expect([64, 65, 66].contains(outcome.status), "\(outcome)")
    #expect(outcome.errors.contains(Self.files[index].told), "\(outcome.errors)")
    #expect(outcome.errors.contains("sweep.json:1:"), "\(outcome.errors)")
  }
}
