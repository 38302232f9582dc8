import Foundation
import Testing

/// Mistakes in new data and on the command line: one error, with place and way on, and no output.
@Suite struct PredictRefusalTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let id: String
    /// The kind of data that the run was trained on, by its name.
    let kind: String
    /// What `new.csv`, `new.ts` or `new.npy` holds.
    var csv: String?
    var ts: String?
    var npy: (shape: [Int], values: [Double])?
    let arguments: [String]
    var status: Int32 = 65
    let error: String
    var testDescription: String { id }
  }

  private static let classes = "a table with classes, scaled"
  private static let steps = "a table with a number a step, both directions"
  private static let symbols = "a table of symbols, a class a step"
  private static let numbered = "a table of numbered classes"
  private static let series = "series of two classes"
  private static let arrays = "arrays in files"
  private static let archive = "arrays of an archive, scaled targets"
  private static let padded = "padded arrays with lengths, a class a step"

  static let mistakes = tables + others

  private static let tables = [
    Mistake(
      id: "an unknown label", kind: classes, csv: "walk,speed,slope,kind\na,1,2,low\nb,1,2,lwo\n",
      arguments: ["predict", "1", "new.csv"],
      error: "error: `lwo` is not a class of the training data (new.csv:3:7)\n"
        + "  did you mean `low`? known: high, low, very high; a class more must be among the training data\n"
    ),
    Mistake(
      id: "a missing column", kind: classes, csv: "walk,speed,kind\na,1,low\n",
      arguments: ["predict", "1", "new.csv"],
      error: "error: there is no column `slope`, which `data.train.features[1]` names "
        + "(new.csv:1:1)\n  columns: walk, speed, kind\n"),
    Mistake(
      id: "no number", kind: classes, csv: "walk,speed,slope\na,1,2\na,fast,2\n",
      arguments: ["predict", "1", "new.csv"],
      error: "error: column `speed` is `fast`, which is not a number (new.csv:3:3)\n"
        + "  write finite decimal numbers, such as -1.5 or 2e-3\n"),
    Mistake(
      id: "a missing target that is needed", kind: classes,
      csv: "walk,speed,slope,kind\na,1,2,low\nb,1,2,?\n", arguments: ["evaluate", "1", "new.csv"],
      error: "error: the class is missing: it is `?` (new.csv:3:7)\n"
        + "  write it, or train with `\"missing\": \"drop\"`, which leaves its sample out; known: high, low, very high\n"
    ),
    Mistake(
      id: "no targets where they are needed", kind: classes, csv: "walk,speed,slope\na,1,2\n",
      arguments: ["evaluate", "1", "new.csv"],
      error: "error: there is no column `kind`, which `data.train.target` names (new.csv:1:1)\n"
        + "  columns: walk, speed, slope\n"),
    Mistake(
      id: "a target that changes", kind: classes,
      csv: "walk,speed,slope,kind\na,1,2,low\na,1,2,?\n", arguments: ["predict", "1", "new.csv"],
      error: "error: column `kind` changes to `?` within a sequence (new.csv:3:7)\n"
        + "  give all rows of a sequence the same target; for one at each time step set "
        + "`data.train.target_per` to \"step\"\n"),
    Mistake(
      id: "text for a number", kind: steps, csv: "walk,speed,slope,height\na,1,2,tall\n",
      arguments: ["predict", "1", "new.csv"],
      error: "error: column `height` is `tall`, but a number in the training data (new.csv:2:7)\n"
        + "  write numbers only\n"),
    Mistake(
      id: "a symbol beyond the embedding's", kind: symbols,
      csv: "walk,slope,speed\na,1,2\nb,1,0\na,1,6\n", arguments: ["predict", "1", "new.csv"],
      error: "error: `data.x[0][1][0]` is 6.0 (new.csv:4:5)\n"
        + "  layer `embedding` with `input_dim` 6 reads whole numbers from 0 to 5\n"),
    Mistake(
      id: "a numbered class beyond all", kind: numbered,
      csv: "walk,speed,slope\na,1,2\nb,1,0\na,6,6\n", arguments: ["evaluate", "1", "new.csv"],
      error: "error: `data.y[0][1][0]` is 6.0 (new.csv:4:3)\n"
        + "  the classes of 6 outputs are the integers 0 to 5\n"),
    Mistake(
      id: "a row too short", kind: classes, csv: "walk,speed,slope\na,1\n",
      arguments: ["predict", "1", "new.csv"],
      error: "error: the row has 2 fields, the header has 3 (new.csv:2:1)\n"
        + "  give every row one field for each column\n"),
    Mistake(
      id: "an array for a table", kind: classes, npy: ([1, 1, 2], [1, 2]),
      arguments: ["predict", "1", "new.npy"], status: 64,
      error: "error: run 1 reads tables, not arrays (new.npy)\n"
        + "  write the samples as those of the run; its configuration is in: lstm-lab show 1 --json\n"
    ),
    Mistake(
      id: "targets beside a table", kind: classes, csv: "walk,speed,slope\na,1,2\n",
      arguments: ["predict", "1", "new.csv", "--y", "y.npy"], status: 64,
      error: "error: `--y` belongs to arrays; run 1 reads tables (--y)\n"
        + "  leave it out: tables hold their targets themselves\n"),
  ]

  private static let others = [
    Mistake(
      id: "numbers for labels in a .ts file", kind: series,
      ts: "@targetLabel true\n@data\n1,2:1,1:0.5\n", arguments: ["predict", "1", "new.ts"],
      error: "error: the file's targets are numbers, and run 1 predicts classes (new.ts)\n"
        + "  give targets of the kind that the run was trained with\n"),
    Mistake(
      id: "another number of dimensions", kind: series,
      ts: "@classLabel false\n@data\n1,2\n", arguments: ["predict", "1", "new.ts"],
      error: "error: the samples have 1 feature, run 1 reads 2 (new.ts)\n"
        + "  give the features that the run was trained with, in the same order\n"),
    Mistake(
      id: "an unknown label in a .ts file", kind: series,
      ts: "@classLabel true low high odd\n@data\n1,2:1,1:low\n1:1:odd\n",
      arguments: ["predict", "1", "new.ts"],
      error: "error: `odd` is not a class of the training data (new.ts:4:5)\n"
        + "  known: low, high; a class more must be among the training data\n"),
    Mistake(
      id: "no labels where they are needed", kind: series,
      ts: "@classLabel false\n@data\n1,2:1,2\n", arguments: ["evaluate", "1", "new.ts"],
      error: "error: the header promises neither classes nor targets (new.ts:1:1)\n"
        + "  write `@classLabel true` and the names of the classes, or `@targetLabel true`\n"),
    Mistake(
      id: "x with other features", kind: arrays, npy: ([1, 2, 3], [1, 2, 3, 4, 5, 6]),
      arguments: ["predict", "1", "new.npy"],
      error: "error: the samples have 3 features, run 1 reads 2 (new.npy)\n"
        + "  give the features that the run was trained with, in the same order\n"),
    Mistake(
      id: "x with two axes", kind: arrays, npy: ([3, 2], [1, 2, 3, 4, 5, 6]),
      arguments: ["predict", "1", "new.npy"],
      error: "error: `data.x` has the shape [3, 2], not (samples, time steps, features) (new.npy)\n"
        + "  for one feature: `x[:, :, None]`; for one time step: `x[:, None, :]`\n"),
    Mistake(
      id: "x that is not finite", kind: arrays, npy: ([1, 1, 2], [1, .nan]),
      arguments: ["predict", "1", "new.npy"],
      error: "error: `data.x[0][0][1]` is nan as float32 (new.npy)\n"
        + "  NaN is a missing value: write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\"\n"
    ),
    Mistake(
      id: "no y where it is needed", kind: arrays, npy: ([1, 1, 2], [1, 2]),
      arguments: ["evaluate", "1", "new.npy"], status: 64,
      error: "error: the targets of new.npy are not given (--y)\n"
        + "  name the .npy file that holds them: --y FILE\n"),
    Mistake(
      id: "y of other samples", kind: arrays, npy: ([1, 1, 2], [1, 2]),
      arguments: ["evaluate", "1", "new.npy", "--y", "y.npy"],
      error: "error: data has 1 samples in x but 9 targets in y (y.npy)\n"
        + "  give every sample one target\n"),
    Mistake(
      id: "y of another shape", kind: arrays, npy: ([9, 4, 2], [Double](repeating: 0, count: 72)),
      arguments: ["evaluate", "1", "x.npy", "--y", "new.npy"],
      error:
        "error: `data.y` has targets of shape (samples, 4, 2), and the model gives 2 outputs (new.npy)\n"
        + "  `mean_absolute_error` needs y of the shape (samples, 2); change y, the last layer's "
        + "`units`, or `return_sequences`\n"),
    Mistake(
      id: "no lengths", kind: padded, arguments: ["predict", "1", "x.npy"], status: 64,
      error: "error: run 1 was trained with the lengths of its samples (--lengths)\n"
        + "  name the .npy file with the number of time steps of each sample: --lengths FILE\n"),
    Mistake(
      id: "a class beyond all", kind: padded,
      npy: ([7, 4, 1], (0..<28).map { $0 == 13 ? 3 : 0 }),
      arguments: ["predict", "1", "x.npy", "--lengths", "n.npy", "--y", "new.npy"],
      error: "error: `data.y[3][0][0]` is 3.0 (new.npy)\n"
        + "  the classes of 3 outputs are the integers 0 to 2\n"),
    Mistake(
      id: "no such split", kind: arrays, arguments: ["predict", "1", "--split", "tst"], status: 66,
      error: "error: there is no split `tst` (DATABASE, run 1)\n"
        + "  did you mean `test`? there are `train`, `validation`, `test`\n"),
    Mistake(
      id: "an archive without the name of an array", kind: archive,
      arguments: ["predict", "1", "data.npz"], status: 64,
      error: "error: a .npz file holds arrays by name, and none is named (data.npz)\n"
        + "  name one of x, unused, y: data.npz:x\n"),
    Mistake(
      id: "no such array in an archive", kind: archive,
      arguments: ["predict", "1", "data.npz:z", "--y", "data.npz:y"],
      error: "error: the file has no array `z` (data.npz)\n"
        + "  did you mean `x`? members: x, unused, y\n"),
    Mistake(
      id: "an array of an archive for a table", kind: classes,
      arguments: ["predict", "1", "data.npz:x"], status: 64,
      error: "error: run 1 reads tables, not arrays (data.npz:x)\n"
        + "  write the samples as those of the run; its configuration is in: lstm-lab show 1 --json\n"
    ),
    Mistake(
      id: "no such file", kind: arrays, arguments: ["predict", "1", "z.npy"], status: 66,
      error: "error: no such .npy file (z.npy)\n"
        + "  check the path; a relative path inside a configuration starts at its folder\n"),
    Mistake(
      id: "no such epoch", kind: arrays, arguments: ["predict", "1@5", "x.npy"], status: 66,
      error: "error: run 1 has no epoch 5 (DATABASE)\n"
        + "  its last is 4; list them with: lstm-lab show 1 --all\n"),
  ]

  @Test(arguments: mistakes) func `a mistake is told with its place`(mistake: Mistake) throws {
    let kind = try #require(PredictedKind.all.first { $0.id == mistake.kind })
    let place = try kind.place()
    if let csv = mistake.csv { try place.write(csv, to: "new.csv") }
    if let ts = mistake.ts { try place.write(ts, to: "new.ts") }
    if let (shape, values) = mistake.npy {
      try place.write(NPYBytes.file(shape: shape, values: values), to: "new.npy")
    }
    let outcome = try Program.run(Program.path, mistake.arguments, in: place.path)
    #expect(outcome.status == mistake.status)
    #expect(outcome.output == "")
    #expect(outcome.errors.replacing(place.file("lab.db"), with: "DATABASE") == mistake.error)
  }

  @Test func `options that belong to something else are refused`() throws {
    let place = try Workplace()
    for (arguments, error) in [
      (
        ["1", "a.csv", "--split", "test"],
        "name either a file, or a split of the run's own data with --split"
      ),
      (["1", "--y", "y.npy"], "--y needs the file of x before it"),
      (["1", "--lengths", "n.npy"], "--lengths needs the file of x before it"),
      (["1", "--threads", "0"], "--threads is 0; allowed: 1 to 256"),
    ] {
      for command in ["predict", "evaluate"] {
        let outcome = try Program.run(Program.path, [command] + arguments, in: place.path)
        #expect(outcome.status == 64)
        #expect(outcome.errors.hasPrefix("error: \(error)\n"), "\(outcome.errors)")
      }
    }
  }
}
