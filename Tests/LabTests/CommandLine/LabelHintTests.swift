import Testing

/// Labels that a model's outputs do not have: what is told names the line, the label and a way that works.
@Suite struct LabelHintTests {
  struct Labels: Sendable {
    let table: String
    let told: String
    let better: @Sendable (String) -> String
    var isSigmoid = false
    var units = 3
  }

  static let softmax: @Sendable (String) -> String = {
    HintTrial.config(HintTrial.columns + $0, units: 3)
  }

  static let labels: [Labels] = [
    Labels(
      table: "1,1,1\n2,2,2\n3,3,3",
      told:
        "error: column `y` is `3` (d.csv:4:5)\n  the classes of 3 outputs are the integers 0 to 2; "
        + "labels that are numbers need names: `\"classes\": [\"1\", \"2\", \"3\"]` in `data.train`\n",
      better: { _ in softmax(#", "classes": ["1", "2", "3"]"#) }),
    Labels(
      table: "1,1,-1\n2,2,+1.0",
      told:
        "error: column `y` is `-1` (d.csv:2:5)\n  `binary_crossentropy` needs targets from 0 to 1; "
        + "labels that are numbers need names: `\"classes\": [\"-1\", \"+1.0\"]` in `data.train`\n",
      better: { _ in HintTrial.sigmoid(HintTrial.columns + #", "classes": ["-1", "+1.0"]"#) },
      isSigmoid: true),
    Labels(
      table: "1,1,0\n2,2,1\n3,3,2",
      told:
        "error: column `y` is `2` (d.csv:4:5)\n  `binary_crossentropy` needs targets from 0 to 1; "
        + "3 classes need 3 outputs: give the last layer 3 `units`, `\"activation\": \"softmax\"`, and "
        + "`training.loss` `\"sparse_categorical_crossentropy\"`\n", better: { _ in softmax("") },
      isSigmoid: true),
    Labels(
      table: "1,1,5\n2,2,1\n3,3,2",
      told:
        "error: column `y` is `5` (d.csv:2:5)\n  `binary_crossentropy` needs targets from 0 to 1; "
        + "3 classes need 3 outputs: give the last layer 3 `units`, `\"activation\": \"softmax\"`, and "
        + "`training.loss` `\"sparse_categorical_crossentropy\"`; labels that are numbers need names: "
        + "`\"classes\": [\"1\", \"2\", \"5\"]` in `data.train`\n",
      better: { _ in softmax(#", "classes": ["1", "2", "5"]"#) }, isSigmoid: true),
    Labels(
      table: "1,1,walk\n2,2,sit\n3,3,run",
      told: "error: 3 classes (run, sit, walk) need 3 outputs with softmax and "
        + "sparse_categorical_crossentropy; the model gives one output (config.json; `run` first "
        + "stands at d.csv:4:5)\n  give the last layer 3 `units` and `\"activation\": \"softmax\"`, and "
        + "`training.loss` `\"sparse_categorical_crossentropy\"`\n", better: { _ in softmax("") },
      isSigmoid: true),
    Labels(
      table: "1,1,0\n2,2,1\n3,3,2",
      told:
        "error: column `y` is `2` (d.csv:4:5)\n  the classes of 2 outputs are the integers 0 to 1; "
        + "3 classes need 3 outputs: give the last layer 3 `units`\n", better: { _ in softmax("") },
      units: 2),
  ]

  @Test(arguments: labels)
  func `labels that the outputs do not have are told with line, label and way`(labels: Labels)
    throws
  {
    let place = try Workplace()
    try place.write("id,v,y\n\(labels.table)\n", to: "d.csv")
    let config =
      labels.isSigmoid
      ? HintTrial.sigmoid(HintTrial.columns)
      : HintTrial.config(HintTrial.columns, units: labels.units)
    #expect(try place.refusal(of: config) == labels.told)
    try place.mustTrain(labels.better(""))
  }

  @Test func `labels in a file to validate with are told with their line there`() throws {
    let place = try Workplace()
    try place.write("id,v,y\n1,1,0\n2,2,1\n", to: "d.csv")
    try place.write("id,v,y\n\n1,1,0\n2,2,2\n", to: "v.csv")
    let both = { (labels: String) in
      HintTrial.config(HintTrial.columns + labels).replacing(
        "\"data\":{",
        with: "\"data\":{\"validation\":{"
          + HintTrial.columns.replacing("d.csv", with: "v.csv") + labels + "},")
    }
    let told = try place.refusal(of: both(""))
    #expect(told.hasPrefix("error: column `y` is `2` (v.csv:4:5)\n"), "\(told)")
    // Scaled, split and kept apart, targets stand where they stood.
    try place.write("id,v,y\n1,1,0\n2,2,1\n3,3,1\n4,4,0\n5,5,7\n", to: "d.csv")
    let split = HintTrial.config(HintTrial.columns).replacing(
      "\"data\":{", with: #""data":{"validation":{"split":0.2},"normalize":"standard","#)
    #expect(try place.refusal(of: split).hasPrefix("error: column `y` is `7` (d.csv:6:5)\n"))
  }

  @Test(arguments: [
    ([1, 2, 3], "labels from 1 on: save `y - 1`", [0, 1, 2]),
    ([-1, 0, 1], "labels from -1 on: save `y + 1`", [0, 1, 2]),
    ([-1, 1, 1], "labels -1 and 1: save `(y + 1) / 2`", [0, 1, 1]),
    (
      [2, 30, 7], "number the classes: save `np.unique(y, return_inverse=True)[1]`", [0, 2, 1]
    ),
    ([0, 3, 1, 2], "4 classes need 4 outputs: give the last layer 4 `units`", [0, 1, 2, 0]),
  ])
  func `labels in arrays are told with the numbers to save`(
    labels: [Int], next: String, better: [Int]
  ) throws {
    let place = try Workplace()
    let x = "[" + labels.map { "[[\($0)]]" }.joined(separator: ",") + "]"
    let write = { (labels: [Int]) in
      try place.write(
        NPYBytes.file(shape: [labels.count], values: labels.map(Double.init)), to: "y.npy")
    }
    let source = "\"x\":\(x),\"y\":\"y.npy\""
    try write(labels)
    let told = try place.refusal(of: HintTrial.config(source, units: 3))
    #expect(
      told.hasPrefix("error: `data.train.y[") && told.hasSuffix("0 to 2; \(next)\n"), "\(told)")
    try write(better)
    try place.mustTrain(HintTrial.config(source, units: 3))
    let inline = try place.refusal(of: HintTrial.config("\"x\":\(x),\"y\":\(labels)", units: 3))
    if !next.contains("classes") {
      let list = labels.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }.sorted()
      #expect(
        inline.hasSuffix(
          "; write 0 to \(list.count - 1) for the labels "
            + list.map(String.init).joined(separator: ", ") + "\n"), "\(inline)")
    }
  }

  @Test func `labels of a wide table are told likewise`() throws {
    let place = try Workplace()
    try place.write("y,a,b\n1,0.5,1\n3,0.25,2\n2,1,1\n", to: "w.csv")
    let source = #""csv":"w.csv","layout":"wide","target":"y""#
    let told = try place.refusal(of: HintTrial.config(source, units: 3))
    #expect(told.hasPrefix("error: column `y` is `3` (w.csv:3:1)\n"), "\(told)")
    let classes = #", "classes": ["1", "2", "3"]"#
    #expect(told.contains(classes.dropFirst(2)), "\(told)")
    try place.mustTrain(HintTrial.config(source + classes, units: 3))
  }

  @Test func `numbers to predict get no advice about labels`() throws {
    let place = try Workplace()
    let rows = (0..<30).map { "\($0),1,\($0 * 7)" }.joined(separator: "\n")
    try place.write("id,v,y\n\(rows)\n", to: "d.csv")
    let told = try place.refusal(of: HintTrial.sigmoid(HintTrial.columns))
    #expect(told.hasSuffix("\n  `binary_crossentropy` needs targets from 0 to 1\n"), "\(told)")
    let inline = try place.refusal(of: HintTrial.sigmoid(#""x":[[[1]],[[2]]],"y":[0.5,1.5]"#))
    #expect(inline.hasSuffix("\n  `binary_crossentropy` needs targets from 0 to 1\n"), "\(inline)")
  }
}
