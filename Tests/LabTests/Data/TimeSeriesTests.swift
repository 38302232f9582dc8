import Lab
import LabFormats
import Testing

/// The UCR and UEA text format: what is read, and the exact message for what is not.
@Suite struct TimeSeriesTests {
  static func read(_ text: String, classNames: [String]? = nil) throws -> Dataset {
    try FileData.read(
      Array(text.utf8), .timeSeries(TimeSeriesSource("a.ts")), classNames: classNames)
  }

  static let text = """
    # a comment
    @problemName Two
    @timeStamps false
    @univariate false
    @dimensions 2
    @equalLength false
    @classLabel true slow fast very-fast
    @data
    1,2,3:-1.5,.5,2e-1:fast
    # another
    4:5.:slow

    +6,7:8,9: fast
    """

  @Test(arguments: [
    ("plain", text), ("Windows's line ends", text.replacing("\n", with: "\r\n")),
    ("a byte-order mark", "\u{FEFF}" + text), ("an empty line behind", text + "\n"),
    (
      "capitals",
      text.replacing("@classLabel", with: "@ClassLabel").replacing("@data", with: "@DATA")
    ),
  ]) func `series may have unequal lengths and several dimensions`(id: String, text: String) throws
  {
    let data = try Self.read(text)
    #expect(data.lengths == [3, 1, 2])
    #expect(data.features == 2 && data.steps == 3)
    #expect(data.x == [1, -1.5, 2, 0.5, 3, 0.2, 4, 5, 6, 8, 7, 9])
    #expect(data.targets == RaggedArray(axes: 1, lengths: [1, 1, 1], values: [1, 0, 1]))
    #expect(data.classNames == ["slow", "fast", "very-fast"])
  }

  @Test func `classes are numbered as in the training data`() throws {
    let data = try Self.read(Self.text, classNames: ["fast", "other", "slow"])
    #expect(data.y == [0, 2, 0])
    #expect(data.classNames == ["fast", "other", "slow"])
  }

  @Test func `targets may be numbers`() throws {
    let data = try Self.read("@targetLabel true\n@data\n1,2:0.5\n3,4:-7\n")
    #expect(data.y == [0.5, -7])
    #expect(data.classNames == nil)
  }

  private static func series(_ lines: String, header: String = "") -> String {
    "@classLabel true a b\n\(header)@data\n\(lines)\n"
  }

  static let errors: [Case<String>] = [
    Case(
      "", "the .ts file is empty (a.ts)\n  check that it was written or downloaded whole"),
    Case(
      "\u{FEFF}\r\n",
      "the .ts file is empty (a.ts)\n  check that it was written or downloaded whole"),
    Case(
      "@classLabel true a\r@data\r1:a\r",
      "the lines of the .ts file end with a bare carriage return (a.ts)\n"
        + "  convert it, for example with: tr '\\r' '\\n'"),
    Case(
      "1,2:a\n",
      "the header has a line that begins with `1,2:a`, not with `@` (a.ts:1:1)\n"
        + "  write `@data` before the first series; a .ts file begins with lines such as "
        + "`@classLabel true a b`"),
    Case(
      "@classLabel true a\n1,2:a\n",
      "the header has a line that begins with `1,2:a`, not with `@` (a.ts:2:1)\n"
        + "  write `@data` before the first series; a .ts file begins with lines such as "
        + "`@classLabel true a b`"),
    Case(
      "@classLabel true a\n",
      "the file ends without `@data` (a.ts:2:1)\n  check that it was written or downloaded whole"),
    Case(
      series(""),
      "no series follows `@data` (a.ts:4:1)\n"
        + "  check that the file was written or downloaded whole"),
    Case(
      "@data\n1:a\n",
      "the header promises neither classes nor targets (a.ts:1:1)\n"
        + "  write `@classLabel true` and the names of the classes, or `@targetLabel true`"),
    Case(
      "@classLabel yes a\n@data\n",
      "`@classLabel` needs true or false (a.ts:1:13)\n  write one of them behind it"),
    Case(
      "@classLabel true\n@data\n",
      "`@classLabel true` names no class (a.ts:1:12)\n  write the names of all classes behind it: `@classLabel true a b`"
    ),
    Case(
      "@classLabel true a b a\n@data\n",
      "the class `a` is named twice (a.ts:1:22)\n  name each class once"),
    Case(
      series("1:a", header: "@dimensions two\n"),
      "`@dimensions` needs a whole number from 1 (a.ts:2:13)\n  write it behind it"),
    Case(
      series("1:a", header: "@timeStamps true\n"),
      "the series have time stamps, which cannot be read (a.ts:2:1)\n"
        + "  write the values alone, evenly spaced in time, and `@timeStamps false`"),
    Case(
      series("1,2,3"),
      "the line has no `:` before its class or target (a.ts:3:1)\n"
        + "  write the values of each dimension, a colon, and the class or target"),
    Case(
      series("1,2:3,4:a\n1,2:3:a"),
      "dimension 2 has 1 value, dimension 1 has 2 (a.ts:4:5)\n"
        + "  give all dimensions of a series equally many values; write decimals with a point"),
    Case(
      series("1,2:3,4,5:a"),
      "dimension 2 has 3 values, dimension 1 has 2 (a.ts:3:5)\n"
        + "  give all dimensions of a series equally many values; write decimals with a point"),
    Case(
      series("1,2:3,4:a\n1,2:a"),
      "the series has 1 dimension, the first one has 2 (a.ts:4:1)\n"
        + "  give all series the same dimensions"),
    Case(
      series("1,2:3,4:a", header: "@univariate true\n"),
      "the series has 2 dimensions, the header promises 1 (a.ts:4:1)\n"
        + "  end every dimension with a colon, the last one too"),
    Case(
      series("1,2:a\n1,2,3:b", header: "@equalLength true\n"),
      "the series has 3 time steps, the header promises equal lengths of 2 (a.ts:5:1)\n"
        + "  correct the series, or write `@equalLength false`"),
    Case(
      series("1,2:a", header: "@equalLength true\n@seriesLength 3\n"),
      "the series has 2 time steps, the header promises equal lengths of 3 (a.ts:5:1)\n"
        + "  correct the series, or write `@equalLength false`"),
    Case(
      series("1,?,3:a"),
      "value 2 of dimension 1 is missing: it is `?` (a.ts:3:3)\n"
        + "  write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""
    ),
    Case(
      series("1,2:3,NaN:a"),
      "value 2 of dimension 2 is missing: it is `NaN` (a.ts:3:7)\n"
        + "  write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""
    ),
    Case(
      series("1,,3:a"),
      "value 2 of dimension 1 is missing (a.ts:3:3)\n"
        + "  write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""
    ),
    Case(
      series("1,1e39:a"),
      "value 2 of dimension 1 is 1e39, too large for float32 (a.ts:3:3)\n"
        + "  scale the data: the largest float32 is 3.4028235e38"),
    Case(
      series("1,0x10:a"),
      "value 2 of dimension 1 is `0x10`, which is not a number (a.ts:3:3)\n"
        + "  write finite decimal numbers, such as -1.5 or 2e-3"),
    Case(
      series("1,2:a\n1,2:abd"),
      "`abd` is not a class of the header (a.ts:4:5)\n"
        + "  known: a, b; a class more is named behind `@classLabel true`"),
    Case(
      series("1,2:"),
      "the class is missing (a.ts:3:5)\n  write it, or train with `\"missing\": \"drop\"`, which leaves its sample out; known: a, b"
    ),
    Case(
      series("1,2:a\n1,2: ?"),
      "the class is missing: it is `?` (a.ts:4:6)\n  write it, or train with `\"missing\": \"drop\"`, which leaves its sample out; known: a, b"
    ),
    Case(
      "@targetLabel true\n@data\n1,2:NaN\n",
      "the target is missing: it is `NaN` (a.ts:3:5)\n  write it, or train with `\"missing\": \"drop\"`, which leaves its sample out"
    ),
    Case(
      "@targetLabel true\n@data\n1,2:x\n",
      "the target is `x`, which is not a number (a.ts:3:5)\n"
        + "  write finite decimal numbers, such as -1.5 or 2e-3"),
  ]

  @Test(arguments: errors) func `each mistake has its message`(example: Case<String>) {
    example.expectRefusal { try Self.read($0) }
  }

  @Test func `a label that the training data do not have is refused`() {
    let error = #expect(throws: LabError.self) {
      try Self.read(Self.text, classNames: ["slow", "fist"])
    }
    #expect(
      error?.description == """
        error: `fast` is not a class of the training data (a.ts:9:20)
          did you mean `fist`? known: slow, fist; a class more must be among the training data
        """)
  }

  @Test func `UTF-16 is told apart`() {
    let error = #expect(throws: LabError.self) {
      try FileData.read([0xFF, 0xFE, 0x40, 0], .timeSeries(TimeSeriesSource("a.ts")))
    }
    #expect(error?.description == "error: the .ts file is UTF-16 text (a.ts)\n  save it as UTF-8")
  }
}
