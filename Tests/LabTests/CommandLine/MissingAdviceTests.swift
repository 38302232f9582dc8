import Foundation
import Testing

/// Values and labels that are not there: what is told names the place and the key that helps, and the key
/// does.
@Suite struct MissingAdviceTests {
  /// A source of data that misses a value of a feature or a target.
  struct Gap: Sendable, CustomTestStringConvertible {
    let id: String
    let file: String
    let text: String
    /// The members of the source.
    let source: String
    /// Where it is.
    let place: String
    /// What is said of it.
    let what: String
    var isTarget = false
    var testDescription: String { id }
  }

  private static let columns = #""csv":"d.csv","sequence":"id","features":["v"],"target":"y""#
  private static let end = "e,1,a\ne,2,a\nf,4,b\nf,3,b\ng,4,a\ng,5,a\n"
  private static let series = "1,2:a\n3,4:b\n5,4:a\n"

  static let gaps = [
    Gap(
      id: "a field that is empty", file: "d.csv", text: "id,v,y\nd,1,a\nd,,a\n" + end,
      source: columns, place: "d.csv:3:3", what: "column `v` is missing"),
    Gap(
      id: "a field that says so", file: "d.csv", text: "id,v,y\nd,1,a\nd,NaN,a\n" + end,
      source: columns, place: "d.csv:3:3", what: "column `v` is missing: it is `NaN`"),
    Gap(
      id: "a class of a table", file: "d.csv", text: "id,v,y\nd,1,?\nd,2,?\n" + end,
      source: columns, place: "d.csv:2:5", what: "column `y` is missing: it is `?`",
      isTarget: true),
    Gap(
      id: "a named class of a table", file: "d.csv", text: "id,v,y\nd,1,?\nd,2,?\n" + end,
      source: columns + #","classes":["a","b"]"#, place: "d.csv:2:5",
      what: "the class is missing: it is `?`", isTarget: true),
    Gap(
      id: "a wide table", file: "d.csv", text: "y,v,w\na,1,?\na,1,2\nb,4,3\n",
      source: #""csv":"d.csv","layout":"wide","target":"y""#, place: "d.csv:2:5",
      what: "column `w` is missing: it is `?`"),
    Gap(
      id: "a value of a series", file: "d.ts",
      text: "@classLabel true a b\n@data\n1,?:a\n" + series, source: #""ts":"d.ts""#,
      place: "d.ts:3:3", what: "value 2 of dimension 1 is missing: it is `?`"),
    Gap(
      id: "a label of a series", file: "d.ts", text: "@classLabel true a b\n@data\n1,2:\n" + series,
      source: #""ts":"d.ts""#, place: "d.ts:3:5", what: "the class is missing", isTarget: true),
    Gap(
      id: "a label that says so", file: "d.ts",
      text: "@classLabel true a b\n@data\n1,2:?\n" + series, source: #""ts":"d.ts""#,
      place: "d.ts:3:5", what: "the class is missing: it is `?`", isTarget: true),
  ]

  private static func refused(
    _ gap: Gap, _ outcome: Program.Outcome, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == 65 && outcome.output == "", sourceLocation: sourceLocation)
    #expect(
      outcome.errors.hasPrefix("error: \(gap.what) (\(gap.place))\n"), "\(outcome.errors)",
      sourceLocation: sourceLocation)
    let advised = outcome.errors.matches(of: /"(drop|forward_fill|mean|zero)"/).map { $0.output.1 }
    #expect(outcome.errors.contains("\"missing\""), sourceLocation: sourceLocation)
    #expect(
      advised == (gap.isTarget ? ["drop"] : ["drop", "forward_fill", "mean", "zero"]),
      sourceLocation: sourceLocation)
  }

  @Test(arguments: gaps)
  func `the key that is named helps, in training and of new data`(gap: Gap) throws {
    let place = try Workplace()
    try place.write(gap.text, to: gap.file)
    let config = { (missing: String) in
      HintTrial.config(gap.source + (missing == "error" ? "" : ",\"missing\":\"\(missing)\""))
    }
    try place.write(config("error"), to: "config.json")
    Self.refused(gap, try place.run("check", "config.json"))
    let values = gap.isTarget ? ["drop"] : ["drop", "forward_fill", "mean", "zero"]
    for value in values { try place.mustTrain(config(value)) }
    // A run that was trained without gaps, and one that was trained with the key.
    let parts = gap.text.split(separator: "\n").filter { line in
      !line.hasPrefix("d,") && !line.contains("?") && line != "1,2:"
    }
    try place.write(parts.joined(separator: "\n") + "\n", to: gap.file)
    try place.mustTrain(config("error"))
    try place.write(gap.text, to: gap.file)
    let last = "\(values.count + 1)"
    if !gap.isTarget { Self.refused(gap, try place.run("predict", last, gap.file)) }
    let evaluated = try place.run("evaluate", last, gap.file)
    #expect(evaluated.status == 65 && evaluated.errors.contains(" is missing"))
    #expect(evaluated.errors.contains("(\(gap.place))\n"), "\(evaluated.errors)")
    #expect(evaluated.errors.contains("\"missing\""), "\(evaluated.errors)")
    for run in 1...values.count { try place.lab("evaluate", "\(run)", gap.file) }
  }

  @Test func `a label more is told where classes are named`() throws {
    let place = try Workplace()
    let text = { (names: String) in "@classLabel true \(names)\n@data\n" + Self.series + "1,2:xyz\n"
    }
    let config = HintTrial.config(#""ts":"d.ts""#, units: 3)
    try place.write(text("a b"), to: "d.ts")
    #expect(
      try place.refusal(of: config)
        == "error: `xyz` is not a class of the header (d.ts:6:5)\n"
        + "  known: a, b; a class more is named behind `@classLabel true`\n")
    try place.write(text("a b xyz"), to: "d.ts")
    try place.mustTrain(config)
    try place.write(text("a b xyz uvw").replacing(":xyz", with: ":uvw"), to: "new.ts")
    for command in ["predict", "evaluate"] {
      let outcome = try place.run(command, "1", "new.ts")
      #expect(outcome.status == 65 && outcome.output == "")
      #expect(
        outcome.errors == "error: `uvw` is not a class of the training data (new.ts:6:5)\n"
          + "  known: a, b, xyz; a class more must be among the training data\n")
    }
    try place.write(text("a b xyz uvw").replacing(":xyz", with: ""), to: "new.ts")
    let outcome = try place.run("predict", "1", "new.ts")
    #expect(
      outcome.errors == "error: the line has no `:` before its class or target (new.ts:6:1)\n"
        + "  write the values of each dimension, a colon, and the class or target; nothing behind the "
        + "colon where it is not known\n")
    try place.write(text("a b xyz uvw").replacing(":xyz", with: ":"), to: "new.ts")
    #expect(try place.lab("predict", "1", "new.ts").split(separator: "\n").count == 5)
  }
}
