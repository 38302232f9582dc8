import Lab
import LabFormats
import Testing

/// Classes whose names are numbers: a label is the class that is the same number, however it is written.
@Suite struct ClassNumberTests {
  @Test(arguments: [
    (["1", "+1", "1.0", "01", "1.", "10e-1", ".1E1", "100e-2"], true),
    (["0", "-0", "0.000", "0e9", "+0"], true),
    (["-2.5", "-25e-1", "-02.50"], true),
    (["1", "-1"], false), (["1", "10"], false), (["1", "1.0000000000000000000000000001"], false),
    (["9007199254740992", "9007199254740993"], false), (["1e400", "1e401"], false),
  ])
  func `a number is the same however it is written`(texts: [String], areSame: Bool) throws {
    let values = try texts.map { try #require(DecimalValue($0)) }
    #expect(Set(values).count == (areSame ? 1 : texts.count))
  }

  @Test(arguments: [
    "", "-", ".", "1,0", "1e", "e1", "0x1", "1 ", "nan", "inf", "1e1234567890", "1.2.3",
  ])
  func `other texts are no numbers`(text: String) { #expect(DecimalValue(text) == nil) }

  /// Labels of one file, and the same written otherwise, among the classes of another.
  @Test func `a validation file may write its classes otherwise`() throws {
    let place = try Workplace()
    let table = { (labels: [String]) in
      "id,v,y\n" + labels.enumerated().map { "\($0),\($0),\($1)\n" }.joined()
    }
    let series = { (labels: [String]) in
      "@classLabel true \(Set(labels).sorted().joined(separator: " "))\n@data\n"
        + labels.enumerated().map { "\($0):\($1)\n" }.joined()
    }
    let classes = ["1", "2", "-3"]
    for (name, text) in [
      ("train.csv", table(["1", "2", "-3", "1.0"])), ("other.csv", table(["2.0", "1e0", "-03"])),
      ("train.ts", series(classes)), ("other.ts", series(["2.0", "1e0", "-03"])),
      ("german.csv", table(["\"2,0\"", "1", "\"-3,00\""])),
    ] { try place.write(text, to: name) }
    let csv = { (name: String, more: String) in
      """
      {"csv": "\(name).csv", "sequence": "id", "features": ["v"], "target": "y",
       "classes": ["1", "2", "-3"]\(more)}
      """
    }
    for (train, other, order) in [
      (csv("train", ""), csv("other", ""), [1, 0, 2]),
      (csv("train", ""), csv("german", #", "decimal": ",""#), [1, 0, 2]),
      (#"{"ts": "train.ts"}"#, #"{"ts": "other.ts"}"#, [2, 1, 0]),
    ] as [(String, String, [Float])] {
      let data = try TrainingData(
        DatasetTests.config(
          "{\"train\": \(train), \"validation\": \(other)}", file: place.file("c.json")))
      let known = try #require(data.train.classNames)
      #expect(data.validation?.classNames == known)
      #expect(data.validation?.y == order, "\(known)")
    }
  }

  @Test(arguments: [
    (
      #"{"csv": "a.csv", "sequence": "id", "features": ["v"], "target": "y", "classes": ["1", "1.0"]}"#,
      "`data.train.classes` has the same number twice: `1` and `1.0`", 65
    ),
    (#"{"ts": "a.ts"}"#, "the classes `1` and `1.0` are the same number (a.ts:1:20)", 65),
    // Not all are numbers: they are texts, and that is told.
    (
      #"{"csv": "b.csv", "sequence": "id", "features": ["v"], "target": "y"}"#,
      "classes `1` and `1.0` are the same number (config.json, data.train)", 0
    ),
    (
      #"{"csv": "c.csv", "sequence": "id", "features": ["v"], "target": "y", "classes": ["1", "x"]}"#,
      "`1.0` is not a class of `data.train.classes` (c.csv:3:5)", 65
    ),
  ])
  func `classes that could be one are refused or told`(
    source: String, message: String, status: Int32
  ) throws {
    let place = try Workplace()
    try place.write("id,v,y\na,1,1\nb,2,1.0\n", to: "a.csv")
    try place.write("id,v,y\na,1,x\nb,2,1.0\nc,3,1\n", to: "b.csv")
    try place.write("id,v,y\na,1,x\nb,2,1.0\n", to: "c.csv")
    try place.write("@classLabel true 1 1.0\n@data\n1:1\n", to: "a.ts")
    try place.write(
      """
      {"data": {"train": \(source)},
       "model": {"layers": [{"type": "lstm", "units": 2},
         {"type": "dense", "units": 3, "activation": "softmax"}]},
       "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"}}
      """, to: "config.json")
    let outcome = try place.run("check", "config.json")
    #expect(outcome.status == status)
    #expect((outcome.errors + outcome.output).contains(message), "\(outcome)")
  }
}
