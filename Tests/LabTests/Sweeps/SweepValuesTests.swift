import LabFormats
import Testing

@testable import Lab

/// What `--set NAME=VALUES` and `sweep.json` may say.
struct SweepValuesTests {
  private func values(_ text: String) throws -> SweepValues { try SweepValues(text, of: "x") }

  static let grids: [(text: String, values: [String])] = [
    ("4", ["4"]), ("4,8,16", ["4", "8", "16"]), ("0.001, 0.01", ["0.001", "0.01"]),
    ("3..6", ["3", "4", "5", "6"]), ("0.1..0.5:0.1", ["0.1", "0.2", "0.3", "0.4", "0.5"]),
    ("1..10:4", ["1", "5", "9"]), ("1e-4..1e-1:log4", ["0.0001", "0.001", "0.01", "0.1"]),
    ("1..8:log4", ["1", "2", "4", "8"]), ("[1,2],[3,4]", ["[1,2]", "[3,4]"]),
    (
      #"{"type":"sgd"},{"type":"adam","beta_1":0.8}"#,
      [#"{"type":"sgd"}"#, #"{"type":"adam","beta_1":0.8}"#]
    ),
    ("relu,tanh", ["relu", "tanh"]), (#""a,b",c"#, [#""a,b""#, "c"]), ("null,1", ["null", "1"]),
    ("a,\u{301}b", ["a", "\u{301}b"]), ("\"\u{301}a,b\",c", ["\"\u{301}a,b\"", "c"]),
  ]

  @Test(arguments: grids.indices)
  func `a grid has the values that are written`(index: Int) throws {
    #expect(try values(Self.grids[index].text).all == Self.grids[index].values)
  }

  @Test(arguments: [
    "", "1,,2", "1,1", "5..3", "5..5", "a..b", "1..", "0..1:log", "-1..1:log5", "1..9:0", "1..9:x",
    "1..9:log1", "0..1:1e-9", "1..nan", "0..inf",
  ])
  func `what is no list and no range is refused with the forms that are`(text: String) {
    #expect {
      try values(text)
    } throws: { error in
      (error as? LabError)?.kind == .usage && (error as? LabError)?.next.contains("4,8,16") == true
    }
  }

  @Test(arguments: [(0, Int.max), (Int.min, Int.max), (Int.min, 0), (1, Int.max), (0, Int.max - 1)])
  func `a range of any width has values, and no grid`(first: Int, last: Int) throws {
    let file = try JSONDocument(#"{"from":\#(first),"to":\#(last)}"#, source: "sweep.json").root
    for range in try [values("\(first)..\(last)"), SweepValues(file, of: "x")] {
      #expect(range.all == nil)
      for place in [0, 0.5, 1 - 0x1p-53] {
        let value = try #require(Double(range.value(at: place)))
        #expect((Double(first)...Double(last)).contains(value))
      }
    }
  }

  @Test func `drawn values lie in their range, evenly, and are the same for the same point`() throws
  {
    let places = (0..<2000).map { (Double($0) + 0.5) / 2000 }
    let log = try values("1e-4..1e-1:log")
    let drawn = places.map { Double(log.value(at: $0)) ?? 0 }
    #expect(drawn.allSatisfy { (1e-4...1e-1).contains($0) } && drawn == drawn.sorted())
    // As many in each decade.
    for decade in [1e-4, 1e-3, 1e-2] {
      let count = drawn.count { ($0 >= decade && $0 < decade * 10) }
      #expect((640...690).contains(count), "\(decade): \(count)")
    }
    let whole = try values("4..7")
    let counts = Dictionary(grouping: places.map { whole.value(at: $0) }) { $0 }.mapValues(\.count)
    #expect(counts == ["4": 500, "5": 500, "6": 500, "7": 500])
    #expect(try values("a,b").value(at: 0.999_999) == "b" && values("a,b").value(at: 0) == "a")
  }

  @Test func `the points of a random sweep are these, on every machine`() throws {
    let sweep = try SweepDefinition(
      config: "c.json", name: nil, settings: ["lr=1e-4..1e-1:log", "units=4..64", "kind=a,b,c"],
      seeds: nil, random: (4, 7))
    let points = sweep.points.map { $0.map(\.value).joined(separator: " ") }
    let longer = try SweepDefinition(
      config: "c.json", name: nil, settings: ["lr=1e-4..1e-1:log", "units=4..64", "kind=a,b,c"],
      seeds: nil, random: (9, 7))
    #expect(Array(longer.points.map { $0.map(\.value).joined(separator: " ") }.prefix(4)) == points)
    #expect(Set(points).count == 4)
    #expect(points == Self.drawn)
  }

  /// As Python computes them with the same generator; no processor and no library may change them.
  static let drawn = [
    "0.0276951 61 a", "0.000559393 8 c", "0.0551229 36 c", "0.000956241 5 b",
  ]

  @Test func `a definition that is written reads back`() throws {
    let definitions = [
      try SweepDefinition(
        config: "/c/config.json", name: "n", settings: ["a.b=1,2", "c=3..9", "d=x,y"],
        seeds: "1..3",
        random: nil),
      try SweepDefinition(
        config: "/c/config.json", name: nil, settings: ["a=0.5..1.5", "b=1..8:log"], seeds: nil,
        random: (5, 3)),
    ]
    for definition in definitions {
      let place = try Workplace()
      try place.write(definition.json.compact, to: "sweep.json")
      let read = try SweepDefinition(contentsOf: place.file("sweep.json"))
      #expect(read.json == definition.json && read.points == definition.points)
      #expect(SweepDefinition.variation(of: definition.json.compact) == definition.variation)
    }
  }

  @Test(arguments: [
    (#"{"set":{"a":[1]}}"#, "names no configuration"),
    (#"{"config":"c.json","sets":{}}"#, "no key `sets`"),
    (#"{"config":"c.json","set":{"a":[]}}"#, "`set.a`"),
    (#"{"config":"c.json","set":{"a":[1,1]}}"#, "`set.a`"),
    (#"{"config":"c.json","set":{"a":{"from":2,"to":1}}}"#, "`set.a`"),
    (#"{"config":"c.json","set":{"a":{"from":0,"to":1,"scale":"log"}}}"#, "`set.a`"),
    (#"{"config":"c.json","set":{"a":{"from":0.5,"to":1.5}}}"#, "no end of values"),
    (#"{"config":"c.json","set":{"a":[1]},"points":{"random":0}}"#, "cannot be drawn"),
    (#"{"config":"c.json","set":{"a":[1]},"points":{}}"#, "`points`"),
  ])
  func `what is wrong in a file is said`(text: String, told: String) throws {
    let place = try Workplace()
    try place.write(text, to: "sweep.json")
    #expect {
      try SweepDefinition(contentsOf: place.file("sweep.json"))
    } throws: { error in (error as? LabError)?.what.contains(told) == true }
  }
}
