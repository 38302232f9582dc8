import LSTMEngine
import LabFormats
import Testing

@testable import Lab

/// What fits together, and what it takes.
@Suite struct TrainingPlanTests {
  static func plan(y: String, validation: String) throws -> TrainingPlan {
    let config = try Config(
      json: ConfigErrorTests.config(
        data: """
          {"train":{"x":[[[1],[2]]],"y":\(y)},
          "validation":{"x":[[[1],[2],[3]],[[4],[5],[6]]],"y":\(validation)}}
          """,
        layers: """
          [{"type":"lstm","units":4,"return_sequences":true},{"type":"dense","units":1}]
          """), source: "c.json")
    return try TrainingPlan(config)
  }

  @Test(arguments: [
    ("[[0,1]]", "[[0,1,1],[1,0,0]]"), ("[[[0],[1]]]", "[[[0],[1],[1]],[[1],[0],[0]]]"),
  ]) func `validation may have another number of steps`(y: String, validation: String) throws {
    let plan = try Self.plan(y: y, validation: validation)
    #expect(plan.train.targets.rows == 2)
    #expect(plan.validation?.targets.rows == 6)
    #expect(plan.network.steps == 3)
  }

  @Test(arguments: [
    (
      "[[0,1],[1,0]]",
      "`data.validation.y` has targets of shape (samples, 2), "
        + "and the model gives 1 output at each time step"
    ),
    ("[0,1]", "`data.validation.y` has targets of shape [], `data.train.y` of [2]"),
  ]) func `validation targets must fit their samples`(validation: String, what: String) {
    let error = #expect(throws: LabError.self) {
      try Self.plan(y: "[[0,1]]", validation: validation)
    }
    #expect(error?.what == what)
  }

  @Test func `validation targets must fit the model`() {
    let error = #expect(throws: LabError.self) {
      try Self.plan(y: "[[[0],[1]]]", validation: "[[[0,1],[1,0],[1,1]],[[1,1],[0,0],[0,0]]]")
    }
    #expect(
      error?.what
        == "`data.validation.y` has targets of shape (samples, 3, 2), "
        + "and the model gives 1 output at each time step")
  }

  // MARK: Named classes

  /// A table of `classes` classes in text, in each of which there is one sample.
  private static func plan(
    classes: Int, _ loss: Loss, outputs: Int, rules: DataRules = .current, labels: [String]? = nil
  ) throws -> TrainingPlan {
    let folder = try Workplace()
    let labels = labels ?? ["sit", "walk", "run", "jump"].prefix(classes).map(\.self)
    let rows = labels.enumerated().map { "\($0),\($0),\($1)\n" }.joined()
    try folder.write("id,v,y\n" + rows, to: "d.csv")
    let config = try Config(
      json: ConfigErrorTests.config(
        data: #"{"train":{"csv":"d.csv","sequence":"id","features":["v"],"target":"y"}}"#,
        layers: #"[{"type":"lstm","units":2},{"type":"dense","units":\#(outputs)}]"#,
        training: #"{"loss":"\#(loss.rawValue)"}"#), source: folder.file("c.json"))
    return try TrainingPlan(config, rules: rules)
  }

  /// Every loss with every number of outputs gets classes in a form that it is made for, or says what
  /// to change so that it does.
  @Test(arguments: Loss.allCases, 1...4) func `classes fit the loss or are refused`(
    loss: Loss, outputs: Int
  ) throws {
    for classes in 1...3 {
      let isChosen = loss == .sparseCategoricalCrossentropy && outputs > 1 && outputs >= classes
      let isRow = loss != .sparseCategoricalCrossentropy && outputs > 1 && outputs == classes
      let isSide = loss == .binaryCrossentropy && outputs == 1 && classes <= 2
      guard isChosen || isRow || isSide else {
        let error = #expect(throws: LabError.self) {
          try Self.plan(classes: classes, loss, outputs: outputs)
        }
        #expect(error?.exitCode == 65)
        #expect(error?.description.contains("\(classes) class") == true)
        continue
      }
      // By their bytes it is run, sit, walk.
      let order: [Float] = [[0], [0, 1], [1, 2, 0]][classes - 1]
      switch try Self.plan(classes: classes, loss, outputs: outputs).train.targets {
      case .classes(let numbers): #expect(isChosen && numbers == order.map { Int32($0) })
      case .values(let values, let width):
        #expect(width == outputs && !isChosen)
        let rows = order.flatMap { hot in (0..<classes).map { Float($0) == hot ? 1 : 0 } as [Float]
        }
        #expect(values == (isSide ? order : rows))
      }
    }
  }

  @Test func `the way that works is named`() throws {
    let error = #expect(throws: LabError.self) {
      try Self.plan(classes: 3, .binaryCrossentropy, outputs: 1)
    }
    #expect(
      error?.what == "3 classes (run, sit, walk) need 3 outputs with softmax and "
        + "sparse_categorical_crossentropy; the model gives one output")
    let two = #expect(throws: LabError.self) {
      try Self.plan(classes: 2, .meanSquaredError, outputs: 1)
    }
    #expect(two?.what.hasPrefix("2 classes (sit, walk) need 2 outputs with softmax") == true)
    #expect(
      two?.description.hasSuffix(#", or one unit, `"sigmoid"` and `"binary_crossentropy"`"#) == true
    )
    #expect(
      throws: Never.self, "a run stored before keeps its targets"
    ) { try Self.plan(classes: 2, .meanSquaredError, outputs: 1, rules: .first) }
  }

  @Test(arguments: [
    (["1", "2", "3"], Loss.sparseCategoricalCrossentropy, 3),
    (["1", "2"], .binaryCrossentropy, 1), (["-1", "1"], .binaryCrossentropy, 1),
  ]) func `labels that are numbers need names`(labels: [String], loss: Loss, outputs: Int) {
    let error = #expect(throws: LabError.self) {
      try Self.plan(classes: 0, loss, outputs: outputs, labels: labels)
    }
    let names = labels.map { "\"\($0)\"" }.joined(separator: ", ")
    #expect(
      error?.description.hasSuffix(
        "; labels that are numbers need names: `\"classes\": [\(names)]` in `data.train`") == true)
  }

  // MARK: Sizes beyond Int

  @Test func `a model may take more bytes than Int counts`() {
    let count = 100_000
    let column = { (shape: [Int]) in
      ArraySource.inline(
        RaggedArray(FloatArray(shape: shape, values: [Float](repeating: 0, count: count))))
    }
    let one = ArraySource.inline(RaggedArray(FloatArray(shape: [1, 1], values: [0])))
    let data = DataConfig(
      train: DataSource(x: column([count, 1, 1]), y: column([count, 1])),
      validation: .source(DataSource(x: column([1, count, 1]), y: one)))
    let layers = (0..<700).map { index in
      LayerSpecification(
        name: "dense_\(index)",
        kind: .dense(DenseSpecification(units: index.isMultiple(of: 2) ? 1_000_000 : 1)))
    }
    var training = TrainingConfig(loss: .huber)
    training.batchSize = count
    let config = Config(
      name: "vast", data: data, model: ModelConfig(layers: layers), training: training)
    let error = #expect(throws: LabError.self) { try TrainingPlan(config) }
    #expect(error?.exitCode == 65)
    #expect(error?.what.hasPrefix("the model needs ") == true)
    #expect(error?.what.contains(" PB of memory, this machine has ") == true)
  }

  @Test func `a run may take more bytes than Int counts`() {
    let record = RecordConfig()
    #expect(
      PlanReport.runBytes(parameters: 10, slots: 2, epochs: 3, record) == 40 * 4 * (1 + 2))
    let vast = PlanReport.runBytes(
      parameters: 1 << 30, slots: 3, epochs: 1_000_000_000, record)
    #expect(vast > 1e19)
    #expect(PlanReport.bytes(vast) == .real(vast))
    #expect(PlanReport.bytes(480) == .integer(480))
    let table = Table(columns: [Table.Column("b", .bytes)], rows: [[PlanReport.bytes(vast)]])
    #expect(table.plainText().contains(" PB\n"))
  }

  @Test func `stored epochs include the first state and the last`() {
    var record = RecordConfig()
    record.weightsEvery = 4
    record.optimizerEvery = 100
    #expect(  // 0, 4, 8, 10 and 0, 10
      PlanReport.runBytes(parameters: 1, slots: 1, epochs: 10, record) == 4 * (4 + 2))
  }
}
