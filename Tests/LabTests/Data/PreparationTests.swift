import Lab
import LabFormats
import LabStore
import Testing

/// Lengths, scales and stratified splits.
@Suite struct PreparationTests {
  /// Samples of one feature with the given targets.
  static func dataset(targets: [Float]) -> Dataset {
    let lengths = targets.indices.map { $0 % 3 + 1 }
    return Dataset(
      x: RaggedArray(
        axes: 3, lengths: lengths, values: (0..<lengths.reduce(0, +)).map(Float.init)),
      targets: RaggedArray(axes: 1, lengths: targets.map { _ in 1 }, values: targets))
  }

  // MARK: Splits

  /// Each class is split by itself, as Keras would split it; the order stays.
  @Test(arguments: 0..<40) func `a stratified split takes the last of each target`(seed: Int) throws
  {
    var random = CounterRandom(seed: UInt64(seed))
    let targets = (0..<Int.random(in: 8..<60, using: &random)).map { _ in
      Float(Int.random(in: 0..<3, using: &random))
    }
    let data = Self.dataset(targets: targets)
    let fraction = Double.random(in: 0.3..<0.7, using: &random)
    let parts = data.split(ValidationSplit(fraction, isStratified: true))
    var trained: [Int] = []
    for target in Set(targets) {
      let members = targets.indices.filter { targets[$0] == target }
      let most = Int((Double(members.count) * (1 - fraction)).rounded(.down))
      trained += members.prefix(max(most, 1))
    }
    let train = data.selecting(trained.sorted())
    let validation = data.selecting(targets.indices.filter { !trained.contains($0) })
    #expect(parts?.train == train)
    #expect(parts?.validation == validation)
    #expect(train.samples + validation.samples == data.samples)
  }

  @Test func `one sample a target cannot be split`() {
    let data = Self.dataset(targets: [0, 1, 2, 3])
    #expect(data.split(ValidationSplit(0.5, isStratified: true)) == nil)
  }

  /// However few samples a class has and however great the fraction is, one is trained on.
  @Test(arguments: [0.01, 0.2, 0.5, 0.75, 0.999]) func `every class is trained on`(fraction: Double)
    throws
  {
    let targets: [Float] = [0, 0, 0, 0, 0, 1, 2, 2]
    let data = Self.dataset(targets: targets)
    let parts = try #require(data.split(ValidationSplit(fraction, isStratified: true)))
    #expect(Set(parts.train.y) == [0, 1, 2])
    #expect(parts.train.samples + parts.validation.samples == 8)
    // Where no class was lost before, nothing has changed.
    let before = data.split(ValidationSplit(fraction, isStratified: true), keepsEveryTarget: false)
    let kept = Set(before?.train.y ?? [])
    #expect(kept == (fraction <= 0.5 ? [0, 2] : fraction < 0.8 ? [0] : []))
    for target: Float in kept {
      #expect(before?.train.y.count { $0 == target } == parts.train.y.count { $0 == target })
    }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let y: String
    let loss: String
    let message: String
    var testDescription: String { "\(loss) \(y)" }

    init(_ y: String, _ loss: String, _ message: String) {
      self.y = y
      self.loss = loss
      self.message = message
    }
  }

  static let refusals = [
    Refusal(
      "[0.5,1.5,2.5,0.5]", "mean_squared_error",
      "the targets are numbers to predict, such as `data.train.y[0]`, which is 0.5 (c.json)"),
    Refusal(
      "[1,0.25,1,0.25]", "huber",
      "the targets are numbers to predict, such as `data.train.y[1]`, which is 0.25 (c.json)"),
    Refusal(
      "[3,1,4,2]", "mean_absolute_error",
      "the targets are numbers to predict: 4 samples have 4 different ones (c.json)"),
    Refusal(
      "[0.1,0.9,1,0]", "binary_crossentropy",
      "the targets are numbers to predict, such as `data.train.y[0]`, which is 0.1 (c.json)"),
    Refusal(
      "[0,1]", "binary_crossentropy",
      "every class, such as that of `data.train.y[0]`, that of `data.train.y[1]`, has one sample, "
        + "which is trained on (c.json)"),
  ]

  @Test(arguments: refusals) func `what is no class is not stratified`(_ refusal: Refusal) throws {
    let count = refusal.y.split(separator: ",").count
    let x = (0..<count).map { "[[\($0)]]" }.joined(separator: ",")
    let config = try Config(
      json: ConfigErrorTests.config(
        data: "{\"train\":{\"x\":[\(x)],\"y\":\(refusal.y)},"
          + #""validation":{"split":0.5,"stratify":true}}"#,
        training: "{\"loss\":\"\(refusal.loss)\"}"), source: "c.json")
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(error?.description.contains(refusal.message) == true, "\(error?.description ?? "")")
    #expect(error?.what.hasPrefix("`data.validation.stratify` ") == true)
  }

  @Test func `classes of one sample are named where nothing is left`() throws {
    let folder = try Workplace()
    try folder.write("id,v,y\n1,1,sit\n2,2,run\n3,3,walk\n", to: "d.csv")
    let config = try DatasetTests.config(
      #"{"train":{"csv":"d.csv","sequence":"id","features":["v"],"target":"y"},"#
        + #""validation":{"split":0.4,"stratify":true}}"#, file: folder.file("c.json"))
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(error?.what.contains("every class, such as `sit`, `run`, `walk`, has one") == true)
  }

  // MARK: Scales

  @Test func `standard scales by the trained steps alone`() throws {
    let config = try DatasetTests.config(
      #"{"train":{"x":[[[1,7,0],[2,7,0]],[[3,7,0],[4,7,1],[5,7,0]],[[90,8,0]]],"y":[0,1,0]},"#
        + #""validation":{"split":0.3},"test":{"x":[[[3,9,1]]],"y":[1]},"normalize":"standard"}"#)
    let data = try TrainingData(config)
    // 1 to 5 have the mean 3 and the variance 2; one 1 among five the mean 0.2, the variance 0.16.
    let scale = 2.0.squareRoot()
    let shifted = [-2.0, -1, 0, 1, 2].map { Float($0 / scale) }
    let normalization = try #require(data.normalization)
    #expect(normalization.shifts == [3, 7, 0.2])
    #expect(normalization.scales[0] == scale && normalization.scales[1] == 1)
    #expect(abs(normalization.scales[2] - 0.4) < 1e-15)
    for (row, value) in shifted.enumerated() {
      #expect(data.train.x[3 * row] == value)
      #expect(data.train.x[3 * row + 1] == 0)
      #expect(data.train.x[3 * row + 2] == (row == 3 ? 2 : -0.5))
    }
    #expect(data.validation?.x == [Float(87 / scale), 1, -0.5])
    #expect(data.test?.x == [0, 2, 2])
    #expect(
      data.description.features.map(\.shift) == [3, 7, 0.2]
        && data.description.features.map(\.name) == [nil, nil, nil])
  }

  @Test func `minmax scales to zero and one`() throws {
    let config = try DatasetTests.config(
      #"{"train":{"x":[[[-2,5],[6,5]],[[0,5]]],"y":[0,1]},"normalize":"minmax"}"#)
    let data = try TrainingData(config)
    #expect(data.train.x == [0, 0, 1, 0, 0.25, 0])
    #expect(data.normalization?.shifts == [-2, 5])
    #expect(data.normalization?.scales == [8, 1])
  }

  @Test func `what scaling makes infinite is refused`() throws {
    let config = try DatasetTests.config(
      #"{"train":{"x":[[[0],[1e-40]]],"y":[0]},"test":{"x":[[[1e9]]],"y":[1]},"#
        + #""normalize":"minmax"}"#)
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(
      error?.description == """
        error: `data.test.x[0][0][0]` is 1e+09, which `normalize` makes inf (c.json)
          feature 0 hardly changes in `data.train`: leave it out or scale it yourself
        """)
  }

  // MARK: Lengths

  @Test func `lengths cut padding off`() throws {
    let padded = try DatasetTests.config(
      #"{"train":{"x":[[[1],[2],[0]],[[3],[0],[0]]],"y":[[[1],[0],[9]],[[1],[9],[9]]],"#
        + #""lengths":[2,1]}}"#)
    let ragged = try DatasetTests.config(
      #"{"train":{"x":[[[1],[2]],[[3]]],"y":[[[1],[0]],[[1]]]}}"#)
    let data = try TrainingData(padded)
    #expect(try TrainingData(ragged) == data)
    #expect(
      data.train.lengths == [2, 1] && data.train.x == [1, 2, 3] && data.train.y == [1, 0, 1])
  }

  /// The same samples, padded before their steps; targets a step are padded likewise, or not at all.
  @Test(arguments: ["[[[9],[1],[0]],[[9],[9],[1]]]", "[[[1],[0]],[[1]]]"])
  func `padding may stand in front`(y: String) throws {
    let padded = try DatasetTests.config(
      #"{"train":{"x":[[[0],[1],[2]],[[0],[0],[3]]],"y":\#(y),"lengths":[2,1],"padding":"pre"}}"#)
    let ragged = try DatasetTests.config(
      #"{"train":{"x":[[[1],[2]],[[3]]],"y":[[[1],[0]],[[1]]]}}"#)
    let data = try TrainingData(padded)
    #expect(try TrainingData(ragged) == data)
    #expect(data.warnings.isEmpty)
    #expect(padded.normalised().contains(#""lengths":[2,1],"padding":"pre"}"#))
  }

  @Test func `a key at its default is not written`() throws {
    let source = #"{"train":{"x":[[[1],[2],[0]]],"y":[1],"lengths":[2]PADDING}}"#
    let plain = try DatasetTests.config(source.replacing("PADDING", with: ""))
    let spelt = try DatasetTests.config(source.replacing("PADDING", with: #","padding":"post""#))
    #expect(plain.normalised() == spelt.normalised())
    #expect(!plain.normalised().contains("padding"))
    #expect(try TrainingData(plain).hash == TrainingData(spelt).hash)
    let error = #expect(throws: LabError.self) {
      try DatasetTests.config(#"{"train":{"x":[[[1]]],"y":[1],"padding":"pre"}}"#)
    }
    #expect(error?.what == "`data.train.padding` has no `lengths`")
  }

  /// x, lengths, the side, and the samples that are warned of.
  @Test(arguments: [
    ("[[[0],[0],[1],[2]],[[0],[0],[0],[5]]]", "[2,1]", "post", "[0]"),
    ("[[[0],[0],[1],[2]],[[0],[0],[0],[5]]]", "[2,1]", "pre", nil),
    ("[[[1],[2],[0],[0]],[[5],[0],[0],[0]]]", "[2,1]", "pre", "[0]"),
    ("[[[1],[2],[0],[0]],[[5],[0],[0],[0]]]", "[2,1]", "post", nil),
    ("[[[0],[0],[1],[2]],[[7],[7],[1],[5]]]", "[2,2]", "post", "[0]` and 1 more"),
    // One step of padding each: only all samples together tell.
    ("[[[0],[1],[2]],[[0],[3],[4]]]", "[2,2]", "post", "[0]"),
    ("[[[1],[2],[0]],[[3],[4],[0]]]", "[2,2]", "post", nil),
    // The same first step everywhere; the last one repeated as padding.
    ("[[[0],[1],[2],[2]],[[0],[3],[4],[4]]]", "[3,3]", "post", nil),
    ("[[[3],[3],[3],[0]],[[4],[4],[0],[0]]]", "[3,2]", "post", nil),
    ("[[[1],[2]],[[3],[4]]]", "[2,2]", "post", nil),
  ]) func `data that are cut for padding are told of`(
    x: String, lengths: String, side: String, told: String?
  ) throws {
    let config = try DatasetTests.config(
      #"{"train":{"x":\#(x),"y":[0,1],"lengths":\#(lengths),"padding":"\#(side)"}}"#)
    let warnings = try TrainingData(config).warnings
    #expect(warnings.count == (told == nil ? 0 : 1), "\(warnings)")
    guard let told, let warning = warnings.first else { return }
    #expect(warning.what.hasPrefix("`data.train.x\(told)"), "\(warning)")
    #expect(warning.place == "c.json, data.train.lengths")
    #expect(warning.next.contains(side == "post" ? #""padding": "pre""# : #""padding": "post""#))
  }

  static let wrongLengths: [Case<(lengths: String, y: String)>] = [
    Case(
      ("[2]", "[0,1]"),
      "data.train has 2 samples in x but 1 lengths (c.json)\n  give every sample one length"),
    Case(
      ("[2,3]", "[0,1]"),
      "`data.train.lengths[1]` is 3, but `data.train.x[1]` has 2 time steps (c.json)\n"
        + "  count only the time steps that are not padding"),
    Case(
      ("[2,1]", "[[[0],[1],[1]],[[1],[1],[1]]]"),
      "`data.train.y` has time steps that are neither those of x nor its lengths (c.json)\n"
        + "  with `lengths`, targets of three axes have as many time steps as x, or only those "
        + "that count"),
  ]

  @Test(arguments: wrongLengths)
  func `lengths that do not fit are refused`(example: Case<(lengths: String, y: String)>) {
    example.expectRefusal { lengths, y in
      let config = try DatasetTests.config(
        "{\"train\":{\"x\":[[[1],[2]],[[3],[4]]],\"y\":\(y),\"lengths\":\(lengths)}}")
      return try TrainingData(config)
    }
  }

  // MARK: Forms

  @Test func `class names must be on both sides`() throws {
    let config = try DatasetTests.config(
      #"{"train":{"generator":"temporal_order","samples":2,"length":10,"seed":1},"#
        + #""test":{"x":[[[0,0,0,0,0,0,0,1]]],"y":[0]}}"#)
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(
      error?.description == """
        error: only `data.train` has class names (c.json)
          take both from sources of one kind, so that class numbers mean the same
        """)
  }
}
