import Foundation
import Testing

/// What is allowed and almost always a mistake is told, with its place and what to do next.
@Suite struct WarningTests {
  /// A configuration and what is said of it; nothing for one that is sound.
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    var train = #"{"x":[[[1],[2]],[[3],[5]],[[2],[2]],[[0],[4]]],"y":[0,1,1,0]}"#
    var more = ""
    var output = #"{"type":"dense","units":1,"activation":"sigmoid"}"#
    var training = #""loss":"binary_crossentropy""#
    var warnings: [String] = []
    /// The keys that they name.
    var keys: [String] = []
    var testDescription: String { id }

    var json: String {
      """
      {"data":{"train":\(train)\(more)},"model":{"layers":[{"type":"lstm","units":2},\(output)]},
      "training":{\(training),"epochs":1}}
      """
    }
  }

  private static let numbers =
    #"{"x":[[[1],[2]],[[3],[5]],[[2],[2]],[[0],[4]]],"y":[-0.5,1.5,0.25,3]}"#
  private static let linear = #"{"type":"dense","units":1}"#
  private static let table =
    #"{"csv":"d.csv","sequence":"id","features":["v","w"],"target":"t"}"#

  /// A time step of seven time stamps.
  private static func stamps(_ seconds: Int) -> String {
    "\(Array(repeating: 1_700_000_000 + seconds, count: 7))"
  }

  static let cases = [
    Case(id: "sound"),
    Case(
      id: "steps of one", train: #"{"x":[[[1]],[[3]],[[2]],[[0]]],"y":[0,1,1,0]}"#,
      warnings: ["every sequence has 1 time step, so nothing recurrent is learnt"],
      keys: ["data.train"]),
    Case(
      id: "one sample of one step among others",
      train: #"{"x":[[[1]],[[3],[4]],[[2]],[[0]]],"y":[0,1,1,0]}"#),
    Case(
      id: "one row a sequence", train: table.replacing("\"id\"", with: "\"row\""),
      output: linear, training: #""loss":"huber""#,
      warnings: ["every sequence has 1 time step, so nothing recurrent is learnt"],
      keys: ["data.train.sequence"]),
    Case(
      id: "softmax over one output",
      output: #"{"type":"dense","units":1,"activation":"softmax"}"#,
      warnings: ["softmax over one output is always 1"], keys: ["model.layers[1].activation"]),
    Case(
      id: "linear crossentropy", output: linear,
      warnings: [
        "`binary_crossentropy` follows a linear output, which gives no probabilities"
      ],
      keys: ["model.layers[1].activation"]),
    Case(
      id: "a dropout behind it",
      output: #"{"type":"dense","units":2},{"type":"dropout","rate":0.1}"#,
      training: #""loss":"sparse_categorical_crossentropy""#,
      warnings: [
        "`sparse_categorical_crossentropy` follows a linear output, which gives no probabilities"
      ], keys: ["model.layers[1].activation"]),
    Case(
      id: "crossentropy behind tanh",
      output: #"{"type":"lstm","units":1}"#.replacing(
        "lstm", with: "dense"
      ).replacing("}", with: #","activation":"tanh"}"#),
      warnings: [
        "`binary_crossentropy` follows an output with `tanh`, which gives no probabilities"
      ], keys: ["model.layers[1].activation"]),
    Case(
      id: "accuracy of numbers", train: numbers, output: linear,
      training: #""loss":"mean_squared_error","metrics":["accuracy","mean_absolute_error"]"#,
      warnings: [
        "accuracy has no meaning for numbers to predict: it counts targets of 0 and 1 only"
      ],
      keys: ["training.metrics"]),
    Case(
      id: "accuracy of rows",
      train: #"{"x":[[[1],[2]],[[3],[5]]],"y":[[0,1],[1,0]]}"#,
      output: #"{"type":"dense","units":2}"#,
      training: #""loss":"mean_squared_error","metrics":["accuracy"]"#),
    Case(
      id: "sigmoid for numbers", train: numbers, training: #""loss":"huber""#,
      warnings: ["the targets are -0.5 to 3, but `sigmoid` gives 0 to 1"],
      keys: ["model.layers[1].activation"]),
    Case(
      id: "tanh for numbers", train: numbers,
      output: #"{"type":"dense","units":1,"activation":"tanh"}"#, training: #""loss":"huber""#,
      warnings: ["the targets are -0.5 to 3, but `tanh` gives -1 to 1"],
      keys: ["model.layers[1].activation"]),
    Case(
      id: "relu for numbers", train: numbers,
      output: #"{"type":"dense","units":1,"activation":"relu"}"#, training: #""loss":"huber""#,
      warnings: ["the targets are -0.5 to 3, but `relu` gives nothing below 0"],
      keys: ["model.layers[1].activation"]),
    Case(
      id: "tanh for what it gives", train: numbers.replacing("1.5,0.25,3", with: "1,0.25,-1"),
      output: #"{"type":"dense","units":1,"activation":"tanh"}"#, training: #""loss":"huber""#),
    Case(
      id: "the target's column", train: table.replacing("\"w\"", with: "\"t\""), output: linear,
      training: #""loss":"huber""#, warnings: ["the target, `t`, is among the features"],
      keys: ["data.train.features"]),
    Case(
      id: "the target in x",
      train: #"{"x":[[[1,9],[2,-1]],[[3,9],[5,2]],[[2,9],[2,4]],[[1,3],[0,7]]],"y":[-1,2,4,7]}"#,
      output: linear, training: #""loss":"huber""#,
      warnings: [
        "the target is among the features: feature 1 in the last time step always equals it"
      ],
      keys: ["data.train.x"]),
    Case(
      id: "the target in x, scaled",
      train: #"{"x":[[[1,9],[2,-1]],[[3,9],[5,2]],[[2,9],[2,4]],[[1,3],[0,7]]],"y":[-1,2,4,7]}"#,
      more: #","normalize":"standard""#, output: linear, training: #""loss":"huber""#,
      warnings: [
        "the target is among the features: feature 1 in the last time step always equals it"
      ],
      keys: ["data.train.x"]),
    Case(
      id: "the target in all but one",
      train: #"{"x":[[[1,9],[2,-1]],[[3,9],[5,2]],[[2,9],[2,4]],[[1,3],[0,6]]],"y":[-1,2,4,7]}"#,
      output: linear, training: #""loss":"huber""#),
    Case(
      id: "a declared class",
      train: table.replacing("}", with: #","classes":["a","b","c"]}"#)
        .replacing("\"t\"", with: "\"kind\""),
      output: #"{"type":"dense","units":3,"activation":"softmax"}"#,
      training: #""loss":"sparse_categorical_crossentropy""#,
      warnings: ["training has no sample of class `c`"], keys: ["data.train"]),
    Case(
      id: "a class of the validation",
      more: #","validation":{"x":[[[1],[2]]],"y":[2]}"#,
      output: #"{"type":"dense","units":3,"activation":"softmax"}"#,
      training: #""loss":"sparse_categorical_crossentropy""#,
      warnings: ["training has no sample of class `2`"], keys: ["data.train"]),
    Case(
      id: "one class", more: #","validation":{"split":0.25}"#,
      training: #""loss":"binary_crossentropy""#),
    Case(
      id: "one class only",
      train: #"{"x":[[[1],[2]],[[3],[5]],[[2],[2]],[[0],[4]]],"y":[0,0,0,1]}"#,
      more: #","validation":{"split":0.25}"#,
      warnings: ["training has samples of one class only, `0`"], keys: ["data.train"]),
    Case(
      id: "one number", train: numbers.replacing("-0.5,1.5,0.25,3", with: "2,2,2,2"),
      output: linear, training: #""loss":"huber""#, warnings: ["every training target is 2.0"],
      keys: ["data.train"]),
    Case(
      id: "time stamps",
      train: #"{"x":[[[1700000001,1],[1700000002,2]],[[1700000004,0],[1700000100,5]]],"y":[0,1]}"#,
      warnings: ["feature 0 has 4 distinct numbers, which become 2 as float32"],
      keys: ["data.train"]),
    Case(
      id: "time stamps that become one",
      train: #"{"x":[[[1,1700000001],[0,1700000002]],[[3,1700000004],[2,1700000008]]],"y":[0,1]}"#,
      warnings: ["feature 1 has 4 distinct numbers, which become 1 as float32"],
      keys: ["data.train"]),
    Case(
      id: "time stamps, scaled",
      train: #"{"x":[[[1700000001,1],[1700000002,2]],[[1700000004,0],[1700000100,5]]],"y":[0,1]}"#,
      more: #","normalize":"standard""#),
    Case(
      id: "time stamps, scaled, with a missing one",
      train: #"{"x":[[[1700000001,1],[1700000002,2]],[[1700000004,0],[0,5]]],"y":[0,1]}"#,
      more: #","normalize":"minmax""#,
      warnings: [
        "feature 0 has 4 distinct numbers, which become 2 as float32 once they are scaled"
      ],
      keys: ["data.train"]),
    Case(
      id: "many time stamps",
      train: "{\"x\":[[\(stamps(1)),\(stamps(2)),\(stamps(3))]],\"y\":[0]}",
      warnings: (0..<5).map {
        "feature \($0) has 3 distinct numbers, which become 1 as float32"
          + ($0 == 4 ? "; so do 2 more features" : "")
      }, keys: Array(repeating: "data.train", count: 5)),
    Case(
      id: "constant features",
      train: #"{"x":[[[1,7,0],[2,7,0]],[[3,7,0],[5,7,0]]],"y":[0,1]}"#,
      warnings: ["feature 1 and 1 more never change in the training data"], keys: ["data.train"]),
    Case(
      id: "a constant column", train: table.replacing("\"w\"", with: "\"same\""), output: linear,
      training: #""loss":"huber""#,
      warnings: ["feature `same` never changes in the training data"], keys: ["data.train"]),
    Case(
      id: "padding on the other side",
      train: #"{"x":[[[0],[0],[1],[2]],[[0],[0],[4],[3]]],"y":[0,1],"lengths":[2,2]}"#,
      warnings: [
        "`data.train.x[0]` and 1 more keeps its padding and loses its data: the steps that count are "
          + "all the same, the others are not",
        "feature 0 never changes in the training data",
      ], keys: ["data.train.lengths", "data.train"]),
    Case(
      id: "two at once", train: numbers,
      output: #"{"type":"dense","units":1,"activation":"softmax"}"#,
      training: #""loss":"mean_squared_error","metrics":["accuracy"]"#,
      warnings: [
        "softmax over one output is always 1",
        "the targets are -0.5 to 3, but `softmax` gives 0 to 1",
        "accuracy has no meaning for numbers to predict: it counts targets of 0 and 1 only",
      ],
      keys: ["model.layers[1].activation", "model.layers[1].activation", "training.metrics"]),
  ]

  private struct Told: Decodable {
    let what, next: String
    let place: String

    enum CodingKeys: String, CodingKey {
      case what, next
      case place = "where"
    }
  }

  private struct Row: Decodable {
    let warnings: [Told]
    let features: Int
  }

  @Test(arguments: cases) func `a mistake is told, and nothing else is`(_ example: Case) throws {
    let place = try Workplace()
    try place.write(
      """
      row,id,v,w,t,same,kind
      1,a,1,4,0.5,7,a
      2,a,2,4,0.5,7,a
      3,b,3,2,1.5,7,b
      4,b,4,1,1.5,7,b
      5,c,5,9,2.5,7,b

      """, to: "d.csv")
    try place.write(example.json, to: "c.json")
    let rows = try JSONDecoder().decode(
      [Row].self, from: Data(place.lab("check", "c.json", "--json").utf8))
    let told = try #require(rows.first).warnings
    try #require(told.map(\.what) == example.warnings)
    #expect(told.map(\.place) == example.keys.map { "c.json, \($0)" })
    #expect(told.allSatisfy { !$0.next.isEmpty })
    let text = told.map { "warning: \($0.what) (\($0.place))\n  \($0.next)\n" }.joined()
    let checked = try place.run("check", "c.json")
    #expect(checked.status == 0 && checked.errors.isEmpty)
    for warning in told { #expect(checked.output.contains("\nwarning: \(warning.what) (")) }
    // Quiet is not blind.
    let quiet = try place.run("run", "c.json", "-q")
    #expect(quiet.errors == text && quiet.output == "1\n")
    let seeds = try place.run("run", "c.json", "--seeds", "1,2")
    #expect(seeds.errors.hasPrefix("c: ") && seeds.errors.contains("\nForecast: about "))
    #expect(text.isEmpty || seeds.errors.contains("\n" + text))
    #expect(try place.run("resume", "1", "--epochs", "2", "-q").errors.isEmpty)
  }

  @Test func `ready configurations have nothing of that kind`() throws {
    let place = try Workplace()
    let root = SeedExperimentTests.root + "/examples"
    let names = try #require(FileManager.default.enumerator(atPath: root))
    var count = 0
    for case let name as String in names where name.hasSuffix(".json") {
      let checked = try place.run("check", "\(root)/\(name)", "--json")
      if checked.status == 66 { continue }  // its data are downloaded
      let rows = try JSONDecoder().decode([Row].self, from: Data(checked.output.utf8))
      #expect(rows.first?.warnings.map(\.what) == [], "\(name)")
      count += 1
    }
    #expect(count >= 3)
  }

  /// The facts that a newcomer looks for, of every part and in every form.
  @Test func `the data are told`() throws {
    let place = try Workplace()
    try place.write(
      """
      {"data":{"train":{"x":[[[1,0],[2,1]],[[3,0]],[[1,0],[2,0],[4,0],[4,0],[4,1]],[[1,1],[0,1],[1,0]]],
      "y":[2,0,2,2]},
      "validation":{"x":[[[1,0]]],"y":[0]},"test":{"x":[[[1,0]],[[1,0],[2,0]]],"y":[1,2]}},
      "model":{"layers":[{"type":"gru","units":2},
      {"type":"dense","units":3,"activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":3}}
      """, to: "c.json")
    let text = try place.lab("check", "c.json")
    for line in [
      "samples          4", "validation       1 (0: 1, 1: 0, 2: 0)",
      "test             2 (0: 0, 1: 1, 2: 1)",
      "time steps       1 to 5, median 2.5", "features         2",
      "classes          0: 1, 1: 0, 2: 3",
    ] { #expect(text.contains("\n" + line + "\n"), "\(line)") }
    #expect(text.contains(/\nrun time         about [0-9.]+(µs|ms|s)\n/))
    let json = try place.lab("check", "c.json", "--json")
    #expect(
      json.contains(
        #""test":2,"time_steps_least":1,"time_steps_median":2.5,"time_steps_most":5,"features":2,"#
          + #""characters":null,"vocabulary":null,"classes":[{"name":"0","train":1,"validation":1,"test":0},"#
          + #"{"name":"1","train":0,"validation":0,"test":1},"#
          + #"{"name":"2","train":3,"validation":0,"test":1}],"target_least":null"#), "\(json)")
    let csv = try place.lab("check", "c.json", "--csv").split(separator: "\n")
    #expect(csv[0].hasSuffix(",classes,target_least,target_most,run_seconds,warnings"))
    #expect(csv[1].contains(#","0: 1, 1: 0, 2: 3",,,"#), "\(csv[1])")
    #expect(csv[1].hasSuffix(",\"training has no sample of class `1` (c.json, data.train)\""))
    let told = try place.run("run", "c.json")
    let lines = told.errors.split(separator: "\n")
    #expect(lines[0].hasPrefix("c: "))
    #expect(
      lines[1] == "Data: 4 samples of 1 to 5 time steps, median 2.5, 2 features, "
        + "classes 0: 1, 1: 0, 2: 3; 1 for validation; 2 for test")
  }

  /// A forecast is about right: within a factor of five of what a run then takes.
  @Test func `the forecast is near`() throws {
    let place = try Workplace()
    try place.write(
      #"""
      {"data":{"train":{"generator":"adding","samples":400,"length":100,"seed":1}},
      "model":{"layers":[{"type":"lstm","units":16},{"type":"dense","units":1}]},
      "training":{"loss":"huber","epochs":5},
      "record":{"weights":{"every":5},"optimizer":{"every":5}}}
      """#, to: "c.json")
    let json = try place.lab("check", "c.json", "--json")
    let forecast = try #require(json.firstMatch(of: /"run_seconds":([0-9.e-]+)/)).output.1
    try place.lab("run", "c.json", "-q")
    let taken = try #require(Double(place.sqlite("SELECT sum(seconds) FROM epochs")))
    let ratio = try #require(Double(forecast)) / taken
    #expect(ratio > 0.2 && ratio < 5, "\(forecast) for \(taken)")
  }
}
