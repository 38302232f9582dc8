import Foundation
import Testing

/// A run's data are found again wherever they lie, and the stored hash proves that they are the same.
@Suite struct MovedDataTests {
  static let series = DataSourceTests.header + DataSourceTests.series

  /// A project in `old` whose run has data in a folder, in a folder above and by an absolute path, as
  /// `data` says.
  private func trained(_ data: String = #"{"train":{"ts":"a.ts"},"test":{"ts":"b.ts"}}"#) throws
    -> Workplace
  {
    let place = try Workplace()
    _ = try place.shell("mkdir -p old/parts new far")
    for name in ["a.ts", "b.ts", "parts/a.ts"] { try place.write(Self.series, to: "old/\(name)") }
    try place.write(Self.series, to: "up.ts")
    try place.write(
      """
      {"data":\(data),
      "model":{"layers":[{"type":"lstm","units":3},
      {"type":"dense","units":2,"activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":2,"batch_size":2}}
      """, to: "old/config.json")
    #expect(try place.shell("cd old && exec \"$LAB\" run config.json -q").output == "1\n")
    return place
  }

  /// Every command that opens a run's data.
  static let commands = [
    "gates 1 --sample 0", "gates 1 --saturation", "explain 1", "verify 1",
    "blame 1 'lstm/kernel[0,0]'", "predict 1 --split train", "evaluate 1 --split train",
    "resume 1 --epochs 3 -q", "resume 1 --from 1 -q",
    "report 1 -o page",
  ]

  /// Runs every command in a folder; each must succeed.
  private func expectAll(_ place: Workplace, in folder: String, _ options: String = "") throws {
    for command in Self.commands {
      let outcome = try place.shell("cd \(folder) && exec \"$LAB\" \(command) \(options)")
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    let page = try place.text("\(folder)/page/report.html")
    #expect(!page.contains("are not found"))
  }

  @Test func `a project that was moved goes on`() throws {
    let place = try trained()
    _ = try place.shell("rmdir new && mv old new")
    try expectAll(place, in: "new")
    // A fork remembers where its data were found, and a database goes its own ways.
    _ = try place.shell("mv new/lab.db far/lab.db")
    #expect(try place.shell("cd far && exec \"$LAB\" verify 2").status == 0)
    #expect(try place.shell("cd far && exec \"$LAB\" verify 1").status == 66)
  }

  @Test(arguments: [
    #"{"train":{"ts":"a.ts"},"test":{"ts":"b.ts"}}"#, #"{"train":{"ts":"parts/a.ts"}}"#,
    #"{"train":{"ts":"../up.ts"}}"#,
  ])
  func `data that lie elsewhere are named`(data: String) throws {
    let place = try trained(data)
    _ = try place.shell("mv old/lab.db new; mkdir hidden; mv old up.ts hidden")
    let far = data.contains("up.ts") ? "../hidden" : "../hidden/old"
    for command in Self.commands.dropLast() {
      let outcome = try place.shell("cd new && exec \"$LAB\" \(command)")
      #expect(outcome.status == 66)
      #expect(outcome.errors.hasPrefix("error: the data of run 1 cannot be found: `"))
      for folder in ["old", "new"] { #expect(outcome.errors.contains("\(place.file(folder))/")) }
      #expect(outcome.errors.contains("--data DIR\n"))
    }
    try expectAll(place, in: "new", "--data \(far)")
  }

  @Test func `an absolute path is looked for by its name in the folder that is named`() throws {
    let place = try trained()
    try place.write(Self.series, to: "abs.ts")
    let config = try place.text("old/config.json")
      .replacing(#""ts":"a.ts""#, with: #""ts":"\#(place.file("abs.ts"))""#)
    try place.write(config, to: "old/config.json")
    #expect(try place.shell("cd old && exec \"$LAB\" run config.json -q").output == "2\n")
    _ = try place.shell("mv abs.ts far; mv old/b.ts far")
    #expect(try place.shell("cd old && exec \"$LAB\" verify 2").status == 66)
    #expect(try place.shell("cd old && exec \"$LAB\" verify 2 --data ../far").status == 0)
  }

  @Test func `other data in a nearer folder are passed over`() throws {
    let place = try trained()
    _ = try place.shell("cp old/*.ts far; mv old/lab.db old/b.ts new")
    let other = Self.series.replacing("1,2,3", with: "1,2,4")
    try place.write(other, to: "old/a.ts")
    let outcome = try place.shell("cd new && exec \"$LAB\" verify 1")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors == """
        error: these are not the data that run 1 was trained with: `data.train.x` changed \
        (\(place.file("old/a.ts")))
          put them back as they were, name their folder with --data DIR, or start a new run with them

        """)
    try expectAll(place, in: "new", "--data ../far")
    // One file is right beside the database, the other in the old folder.
    try place.write(Self.series, to: "new/a.ts")
    _ = try place.shell("mv new/b.ts old")
    try expectAll(place, in: "new")
  }

  @Test func `a folder that is not there is refused, and a fork takes no other data`() throws {
    let place = try trained()
    let absent = try place.shell("cd old && exec \"$LAB\" verify 1 --data nowhere")
    #expect(absent.status == 66)
    #expect(absent.errors.hasPrefix("error: there is no such folder (nowhere)\n"))
    let fork = try place.shell("cd old && exec \"$LAB\" resume 1 --from 1 --set data.train.ts=b.ts")
    #expect(fork.status == 64)
    #expect(fork.errors.contains("name their folder: --data DIR"))
  }
}
