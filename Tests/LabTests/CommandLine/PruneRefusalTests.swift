import Foundation
import Testing

/// What `prune` does not remove, and epochs that cannot be trained again.
struct PruneRefusalTests {
  /// A run of three series in a file.
  private func trained() throws -> Workplace {
    let place = try Workplace()
    try place.write("s,x,y\n1,1,0\n1,2,0\n2,2,1\n3,3,0\n", to: "a.csv")
    try place.write(
      #"""
      {"data":{"train":{"csv":"a.csv","sequence":"s","features":["x"],"target":"y"}},
       "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1}]},
       "training":{"epochs":12,"loss":"mean_squared_error"}}
      """#, to: "config.json")
    try place.lab("run", "config.json", "-q")
    return place
  }

  static let refusals: [(options: [String], status: Int32, told: String)] = [
    (["1"], 64, "--weights every=10"),
    (["1", "--weights", "every=0", "--yes"], 64, "every=10 for every tenth epoch"),
    (["1", "--weights", "none", "--yes"], 64, "does not say which epochs stay"),
    (["1", "--optimizer", "10", "--yes"], 64, "does not say which epochs stay"),
    (["--weights", "last", "--yes"], 64, "no run is named"),
    (["9", "--weights", "last", "--yes"], 66, "there is no run 9"),
    (["1@3", "--weights", "last", "--yes"], 64, "names an epoch"),
    (["1", "--weights", "last"], 64, "--yes"),
  ]

  @Test(arguments: refusals.indices)
  func `what cannot be pruned is refused, and nothing has changed`(index: Int) throws {
    let (options, status, told) = Self.refusals[index]
    let place = try trained()
    let before = try place.bits(of: "1")
    let outcome = try Program.run(
      Program.path, ["prune"] + options, in: place.path, environment: [:])
    #expect(outcome.status == status && outcome.errors.contains(told), "\(options): \(outcome)")
    #expect(try place.bits(of: "1") == before)
  }

  @Test func `a run whose data are gone or others is pruned only by force`() throws {
    let place = try trained()
    try place.lab("run", "config.json", "--set", "seed=2", "-q")
    let before = try place.bits(of: "1")
    for change in ["mv a.csv b.csv", "sed s/3,3,0/3,4,0/ b.csv > a.csv"] {
      _ = try place.shell(change)
      let refused = try place.run("prune", "1", "2", "--weights", "every=5", "--yes")
      #expect([65, 66].contains(refused.status), "\(refused)")
      #expect(refused.errors.contains("run 1 could not be trained again: "), "\(refused.errors)")
      #expect(refused.errors.contains("to prune it all the same: --force"))
      #expect(try place.bits(of: "1") == before)
    }
    _ = try place.shell("mkdir far; mv b.csv far/a.csv; rm a.csv")
    let found = try place.run("prune", "2", "--weights", "every=5", "--yes", "--data", "far")
    #expect(found.status == 0, "\(found)")
    #expect(try place.run("prune", "1", "--weights", "every=5", "--yes", "--force").status == 0)
    // What is not there is told as before, with the reason and a way.
    for command in ["weights 1@3", "diff 1@3 1@5", "export 1@3 w.npz"] {
      let lost = try place.shell("exec \"$LAB\" \(command)")
      #expect(lost.status == 66, "\(command): \(lost)")
      #expect(
        lost.errors.contains(
          "has stored no weights at epoch 3")
          && lost.errors.contains("the nearest epochs with weights: 0 and 5")
          && lost.errors.contains("it cannot be trained again: the data of run 1 cannot be found")
          && lost.errors.contains("--data DIR"), "\(lost.errors)")
      #expect(try place.shell("exec \"$LAB\" \(command) --data far").status < 2)
    }
    // No epoch is shown that is not the one that was stored.
    try place.lab("prune", "2", "--weights", "last", "--yes", "--data", "far")
    _ = try place.sqlite("UPDATE epoch SET hash = randomblob(32) WHERE run_id = 2 AND epoch = 3")
    let other = try place.run("weights", "2@3", "--data", "far")
    #expect(other.status == 65 && other.output == "", "\(other)")
    #expect(other.errors.contains("epoch 3 of run 2 does not have its stored hash"))
  }

  @Test func `a run that is being trained is not pruned, nor those beside it`() throws {
    let place = try trained()
    let before = try place.bits(of: "1")
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    let outcome = try place.shell(
      """
      "$LAB" run long.json -q & long=$!
      until sqlite3 lab.db 'SELECT 1 / (count(*) - 1) FROM runs' 2>/dev/null | grep -q 1; do :; done
      "$LAB" prune 1 2 --weights last --yes; echo $?
      kill $long; wait $long; :
      """)
    #expect(outcome.output.hasPrefix("75\n"), "\(outcome)")
    #expect(outcome.errors.contains("run 2 is being trained"))
    #expect(try place.bits(of: "1") == before)
  }
}
