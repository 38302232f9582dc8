import LabFormats
import Testing

@testable import Lab

/// Tables with one row a time step: what is read, and the exact message for what is not.
@Suite struct CSVTests {
  static func read(
    _ text: String, target: String = "label", per: TargetPer = .sequence,
    classes: [String]? = nil, trained: [String]? = nil
  ) throws -> Dataset {
    var source = CSVSource(
      path: "a.csv", sequence: "id", features: ["y", "x"], targets: [target])
    source.targetPer = per
    source.classes = classes
    return try FileData.read(Array(text.utf8), .csv(source), classNames: trained)
  }

  static let text = """
    id,x,label,y,count
    one,1,up,2,0
    one,3,up,4,1
    two,5,down,6,2
    three,7,up,8,3
    three,9,up,10,4
    """

  @Test(arguments: [
    ("plain", text), ("Windows's line ends", text.replacing("\n", with: "\r\n")),
    ("a byte-order mark", "\u{FEFF}" + text + "\n"), ("empty lines behind", text + "\r\n\r\n"),
    ("spaces", text.replacing(",", with: " , ")), ("quotes", text.replacing("up", with: "\"up\"")),
    ("quotes and a line end inside", text.replacing("two", with: "\"a \"\"b\"\",\nc\"")),
    (
      "quotes among spaces",
      text.replacing("label", with: "\"label\"").replacing("down", with: " \"down\" ")
    ),
  ]) func `rows become sequences`(id: String, text: String) throws {
    let data = try Self.read(text)
    #expect(data.lengths == [2, 1, 2])
    #expect(data.x == [2, 1, 4, 3, 6, 5, 8, 7, 10, 9])
    #expect(data.classNames == ["down", "up"])
    #expect(data.targets == RaggedArray(axes: 1, lengths: [1, 1, 1], values: [1, 0, 1]))
    #expect(data.featureNames == ["y", "x"])
  }

  /// What is not UTF-8 could make one name of two: it is refused at its first byte, wherever it stands.
  @Test(
    arguments: [
      ("id,label,x,y\na,march", [0xE9], ",1,1\nb,x,2,2\n", "2:8"),
      ("", [0xE9], "d,label,x,y\na,b,1,1\n", "1:1"),
      ("id,label,x,y\né,b,1,1\n", [0xFF], ",b", "3:1"),
      ("id,label,x,y\na,b,1,1,", [0xC3], "", "2:9"),
      ("id,label,x,y\na,b", [0xED, 0xA0, 0x80], ",1,1\n", "2:4"),
    ] as [(String, [UInt8], String, String)])
  func `what is not UTF-8 is refused`(
    before: String, bad: [UInt8], after: String, place: String
  ) throws {
    let bytes = Array(before.utf8) + bad + Array(after.utf8)
    var source = CSVSource(
      path: "a.csv", sequence: "id", features: ["y", "x"], targets: ["label"])
    source.targetPer = .sequence
    let error = #expect(throws: LabError.self) { try FileData.read(bytes, .csv(source)) }
    let shown = String(bad[0], radix: 16, uppercase: true)
    #expect(error?.what == "the byte 0x\(shown) is not UTF-8")
    #expect(error?.where.hasSuffix("a.csv:\(place)") == true, "\(String(describing: error))")
  }

  /// Names are what their bytes say: é of one scalar and é of two are two names.
  @Test func `names that look alike are told`() throws {
    let text = """
      id,x,label,y
      \u{E9},1,caf\u{E9},2
      e\u{301},3,cafe\u{301},4
      """
    let data = try Self.read(text)
    #expect(data.lengths == [1, 1])
    #expect(data.classNames?.map { Array($0.utf8).count } == [6, 5])
    #expect(data.y == [1, 0])
  }

  /// Whatever the order of rows, sequences stand by their first rows and steps by their rows.
  @Test(arguments: 0..<50) func `rows of sequences may be mixed`(seed: Int) throws {
    var random = CounterRandom(seed: UInt64(seed))
    var rows: [(id: Int, x: Int, y: Int)] = []
    for index in 0..<Int.random(in: 1..<40, using: &random) {
      rows.append((Int.random(in: 0..<6, using: &random), index, 1000 - index))
    }
    let lines = rows.map { "\($0.id),\($0.x),\($0.id % 3),\($0.y)" }
    let text = (["id,x,label,y"] + lines).joined(separator: "\n")
    for per in TargetPer.allCases {
      let data = try Self.read(text, per: per)
      var order: [Int] = []
      for row in rows where !order.contains(row.id) { order.append(row.id) }
      let sequences = order.map { id in rows.filter { $0.id == id } }
      #expect(Array(data.lengths) == sequences.map(\.count))
      #expect(data.x == sequences.flatMap { $0 }.flatMap { [Float($0.y), Float($0.x)] })
      #expect(data.classNames == nil)
      let all = per == .step ? sequences.flatMap { $0 } : sequences.map { $0[0] }
      #expect(data.y == all.map { Float($0.id % 3) })
      #expect(data.targets.axes == (per == .step ? 3 : 1))
    }
  }

  /// Rows that are read in one pass and those that need more say the same.
  @Test(arguments: 0..<50) func `quotes, spaces and line ends change nothing`(seed: Int) throws {
    var random = CounterRandom(seed: UInt64(seed))
    let written = { (field: String, random: inout CounterRandom) in
      switch Int.random(in: 0..<6, using: &random) {
      case 0: "\"\(field)\""
      case 1: " \(field)"
      case 2: "\(field)\t"
      default: field
      }
    }
    let rows = (0..<20).map { row in ["\(row / 3)", "\(row).25", "u\(row / 3 % 2)", "-\(row)e-3"] }
    let plain = ([["id", "x", "label", "y"]] + rows).map { $0.joined(separator: ",") }
    var text = "id,x,label,y\n"
    for row in rows {
      text += row.map { written($0, &random) }.joined(separator: ",")
      text += ["\n", "\r\n", "\n\n"][Int.random(in: 0..<3, using: &random)]
    }
    let (found, expected) = (try Self.read(text), try Self.read(plain.joined(separator: "\n")))
    #expect(found.x == expected.x && found.y == expected.y && found.ids == expected.ids)
  }

  @Test func `named classes keep their order`() throws {
    let data = try Self.read(Self.text, classes: ["up", "level", "down"])
    #expect(data.y == [0, 2, 0])
    #expect(data.classNames == ["up", "level", "down"])
    let numbers = try Self.read(
      Self.text, target: "y", per: .step,
      classes: [
        "10", "8", "6", "4", "2",
      ])
    #expect(numbers.y == [4, 3, 2, 1, 0])
    #expect(try Self.read(Self.text, trained: ["none", "up", "down"]).y == [1, 2, 1])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var target = "label"
    var per = TargetPer.sequence
    var trained: [String]?
    var testDescription: String { String(message.prefix { $0 != "\n" }) }

    init(
      _ text: String, _ message: String, target: String = "label",
      per: TargetPer = .sequence, trained: [String]? = nil
    ) {
      self.text = text
      self.message = "error: " + message
      self.target = target
      self.per = per
      self.trained = trained
    }
  }

  static let errors = [
    Case(
      "\n \n", "the .csv file is empty (a.csv)\n  check that it was written or downloaded whole"),
    Case(
      "id,x,label,y\n",
      "no row follows the names of the columns (a.csv:2:1)\n"
        + "  check that the file was written or downloaded whole"),
    Case(
      text,
      "there is no column `labels`, which `data.train.target` names (a.csv:1:1)\n"
        + "  did you mean `label`? columns: id, x, label, y, count", target: "labels"),
    Case(
      text.replacing(",", with: ";"),
      "there is no column `id`, which `data.train.sequence` names (a.csv:1:1)\n"
        + "  the columns are not separated by commas: set `\"delimiter\": \";\"`"),
    Case(
      text.replacing("count", with: "x"),
      "two columns are called `x` (a.csv:1:1)\n  give them different names"),
    Case(
      text.replacing("two,5", with: "two,5,5"),
      "the row has 6 fields, the header has 5 (a.csv:4:1)\n"
        + "  give every row one field for each column; write decimals with a point, or put them in quotes"
    ),
    Case(
      text.replacing("two,5,", with: "two,"),
      "the row has 4 fields, the header has 5 (a.csv:4:1)\n  give every row one field for each column"
    ),
    Case(
      text.replacing("two,5,", with: "two,\"5,5\","),
      "column `x` has a decimal comma: it is `5,5` (a.csv:4:6)\n"
        + "  write numbers with a point, such as 5.5"),
    Case(
      text.replacing("two,5,", with: "two,,"),
      "column `x` is missing (a.csv:4:5)\n"
        + "  write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""
    ),
    Case(
      text.replacing("two,5,", with: "two,nan,"),
      "column `x` is missing: it is `nan` (a.csv:4:5)\n"
        + "  write the value, or train with `\"missing\"`: \"drop\", \"forward_fill\", \"mean\" or \"zero\""
    ),
    Case(
      text.replacing("two,5,", with: "two,five,"),
      "column `x` is `five`, which is not a number (a.csv:4:5)\n"
        + "  write finite decimal numbers, such as -1.5 or 2e-3"),
    Case(
      text.replacing("two,5,", with: "two,-4e38,"),
      "column `x` is -4e38, too large for float32 (a.csv:4:5)\n"
        + "  scale the data: the largest float32 is 3.4028235e38"),
    Case(
      text.replacing("two", with: ""),
      "column `id` is empty (a.csv:4:1)\n  name the sequence of every row"),
    Case(
      text.replacing("two", with: "\"two"),
      "the quote that begins here is never closed (a.csv:4:1)\n"
        + "  close it, or write a quote inside a field twice"),
    Case(
      text.replacing("two", with: "\"t\"wo"),
      "text follows a closing quote (a.csv:4:4)\n"
        + "  write a quote inside a field twice, and put the whole field in quotes"),
    Case(
      text.replacing("3,up", with: "3,down"),
      "column `label` changes to `down` within a sequence (a.csv:3:7)\n"
        + "  give all rows of a sequence the same target; for one at each time step set "
        + "`data.train.target_per` to \"step\""),
    Case(
      text.replacing("down", with: "?"),
      "column `label` is missing: it is `?` (a.csv:4:7)\n"
        + "  write it, or train with `\"missing\": \"drop\"`, which leaves its sample out"),
    Case(
      text.replacing("down", with: "dwn"),
      "`dwn` is not a class of the training data (a.csv:4:7)\n"
        + "  did you mean `down`? known: down, up; a class more must be among the training data",
      trained: ["down", "up"]),
    Case(
      text.replacing("3,1", with: "3,1").replacing("8,3", with: "8,many"),
      "column `count` is `many`, but a number in the first row (a.csv:5:14)\n"
        + "  write numbers only, or name all classes: `data.train.classes`", target: "count",
      per: .step),
    Case(
      text.replacing("8,3", with: "8,\"3,5\""),
      "column `count` has a decimal comma: it is `3,5` (a.csv:5:15)\n"
        + "  write numbers with a point, such as 3.5", target: "count", per: .step),
  ]

  @Test(arguments: errors) func `each mistake has its message`(of example: Case) {
    let error = #expect(throws: LabError.self) {
      try Self.read(
        example.text, target: example.target, per: example.per, trained: example.trained)
    }
    #expect(error?.description == example.message)
    #expect(error?.exitCode == 65)
  }
}
