import Lab
import LabFormats
import Testing

/// Loading, splitting and hashing data.
@Suite struct DatasetTests {
  static func source(_ x: String, _ y: String, file: String = "c.json") throws -> Config {
    try config("{\"train\":{\"x\":\(x),\"y\":\(y)}}", file: file)
  }

  static func config(_ data: String, file: String = "c.json") throws -> Config {
    try Config(json: ConfigErrorTests.config(data: data), source: file)
  }

  static let fixtures = Fixture.path("config.json")

  @Test func `files and inline arrays give the same data`() throws {
    let halves =
      "[[[0,0.5,1,1.5],[2,2.5,3,3.5],[4,4.5,5,5.5]],"
      + "[[6,6.5,7,7.5],[8,8.5,9,9.5],[10,10.5,11,11.5]]]"
    let inline = try TrainingData(Self.source(halves, "[1,0]"))
    for name in ["c_f4", "fortran_f4", "big_f4", "c_f8", "fortran_big_f8"] {
      let config = try Self.source(
        "\"\(name).npy\"", "\"labels.npy\"", file: Self.fixtures)
      let file = try TrainingData(config)
      #expect(file == inline)
      #expect(file.hash == inline.hash)
    }
    #expect(inline.train.targets.axes == 1)
    #expect(inline.train.steps == 3 && inline.train.features == 4)
  }

  @Test(arguments: [
    (
      #""labels.npy""#, "[1,0]", "labels.npy",
      "`data.train.x` has the shape [2], not (samples, time steps, features)",
      "reshape it, such as `x.reshape(samples, steps, features)`"
    ),
    (
      #""empty.npy""#, "[1,0]", "empty.npy",
      "`data.train.x` is empty: its shape is [0, 3, 4]",
      "give at least one sample, time step and feature"
    ),
    (
      #""nan.npy""#, "[1,0]", "nan.npy", "`data.train.x[0][1][3]` is nan as float32",
      "NaN is a missing value: write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""
    ),
    (
      #""c_f4.npy""#, "[1,0,1]", "config.json",
      "data.train has 2 samples in x but 3 targets in y", "give every sample one target"
    ),
    (
      "[[[1]]]", #""scalar.npy""#, "scalar.npy", "`data.train.y` has the shape []",
      "allowed: (samples), (samples, outputs) or (samples, time steps, outputs)"
    ),
    (
      #""none.npy""#, "[1,0]", "none.npy", "no such .npy file",
      "check the path; a relative path inside a configuration starts at its folder"
    ),
  ]) func `each mistake has its message`(
    x: String, y: String, place: String, what: String, next: String
  ) throws {
    let config = try Self.source(x, y, file: Self.fixtures)
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(error?.description == "error: \(what) (\(Fixture.path(place)))\n  \(next)")
  }

  /// Keras: split_at = floor(N · (1 − fraction)), in double; computed with Python 3.11.
  @Test(arguments: [
    (15, 0.2, 12), (10, 0.3, 7), (10, 0.1, 9), (3, 0.34, 1), (100, 0.07, 93), (7, 0.5, 3),
  ]) func `the validation split is that of Keras`(samples: Int, fraction: Double, first: Int) throws
  {
    let lengths = [Int](repeating: 2, count: samples)
    let data = Dataset(
      x: RaggedArray(axes: 3, lengths: lengths, values: (0..<2 * samples).map(Float.init)),
      targets: RaggedArray(
        axes: 2, lengths: lengths.map { _ in 1 }, values: (0..<samples).map(Float.init)))
    let (train, validation) = try #require(data.split(ValidationSplit(fraction)))
    #expect(train.samples == first)
    #expect(train.x + validation.x == data.x)
    #expect(train.y + validation.y == data.y)
  }

  @Test func `a split without samples is refused`() throws {
    var config = try Self.source("[[[1]],[[2]]]", "[1,0]")
    config.data.validation = .split(ValidationSplit(0.6))
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(
      error?.description
        == "error: `data.validation.split` of 0.6 leaves no sample on one side of 2 (c.json)\n"
        + "  choose a fraction that leaves at least one sample for each")
  }

  @Test func `validation must have the same form`() throws {
    var config = try Self.source("[[[1]],[[2]]]", "[[1],[0]]")
    config.data.validation = .source(try Self.source("[[[1,2]]]", "[[1]]").data.train)
    let error = #expect(throws: LabError.self) { try TrainingData(config) }
    #expect(
      error?.description
        == "error: `data.validation.x` has 2 features, `data.train.x` 1 (c.json)\n"
        + "  give both the same features in the same order")
  }

  @Test func `the hash sees shapes and bits`() throws {
    let hash = { (x: String, y: String) in try TrainingData(Self.source(x, y)).hash }
    let first = try hash("[[[1,2],[3,4]]]", "[0]")
    #expect(first == "45f5bbc4645c427c3dfcd0160d0c4317ae0f6760df1712fd528f7f27e041118f")
    #expect(try hash("[[[1,2,3,4]]]", "[0]") != first)
    #expect(try hash("[[[1,2],[3,4]]]", "[-0.0]") != first)
    #expect(try hash("[[[1,2],[3,4]]]", "[[0]]") != first)
    #expect(try hash("[[[1,2]],[[3,4]]]", "[0,0]") != hash("[[[1,2],[3,4]]]", "[0]"))
  }
}
