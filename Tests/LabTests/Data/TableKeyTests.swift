import Foundation
import Lab
import LabFormats
import Testing

/// The keys that say how a table is written: each file says the same as a plain one.
@Suite struct TableKeyTests {
  private static let plain = """
    id,x,label,y
    a,1.5,up,-2
    a,1e3,up,0.25
    b,7,märz,4
    """

  private static func source(_ path: String = "a.csv") -> CSVSource {
    CSVSource(path: path, sequence: "id", features: ["x", "y"], targets: ["label"])
  }

  private static func read(_ bytes: [UInt8], _ source: CSVSource) throws -> Dataset {
    try FileData.read(bytes, .csv(source))
  }

  private static func read(_ text: String, _ source: CSVSource) throws -> Dataset {
    try read(Array(text.utf8), source)
  }

  /// A way to write the table, and the keys that read it.
  struct Writing: CustomTestStringConvertible, Sendable {
    let id: String
    let path: String
    let bytes: [UInt8]
    let change: @Sendable (inout CSVSource) -> Void
    var testDescription: String { id }

    init(
      _ id: String, path: String = "a.csv", _ bytes: [UInt8],
      change: @escaping @Sendable (inout CSVSource) -> Void = { _ in }
    ) {
      (self.id, self.path, self.bytes, self.change) = (id, path, bytes, change)
    }
  }

  private static func utf16(_ text: String, bigEndian: Bool = false) -> [UInt8] {
    text.utf16.flatMap { unit in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return bigEndian ? bytes.reversed() : bytes
    }
  }

  /// One byte a character, all of which are below U+0100.
  private static func latin(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  static let writings: [Writing] = [
    Writing("tabs of a .tsv", path: "a.tsv", Array(plain.replacing(",", with: "\t").utf8)),
    Writing(
      "an extension in capitals", path: "A.TSV", Array(plain.replacing(",", with: "\t").utf8)),
    Writing("semicolons", path: "a.txt", Array(plain.replacing(",", with: ";").utf8)) {
      $0.delimiter = .semicolon
    },
    Writing(
      "decimal commas",
      Array(plain.replacing(",", with: ";").replacing(".", with: ",").utf8)
    ) {
      $0.delimiter = .semicolon
      $0.decimal = .comma
    },
    Writing(
      "any number of spaces", path: "a.txt",
      Array(("   " + plain.replacing(",", with: "   ") + "  \n").utf8)
    ) { $0.delimiter = .space },
    Writing("windows-1252", latin(plain)) { $0.encoding = .windows1252 },
    Writing("iso-8859-1", latin(plain)) { $0.encoding = .latin1 },
    Writing("utf-16 with a mark", [0xFF, 0xFE] + utf16(plain)) { $0.encoding = .utf16 },
    Writing("utf-16, the other way", [0xFE, 0xFF] + utf16(plain, bigEndian: true)) {
      $0.encoding = .utf16
    },
    Writing("utf-16 without a mark", utf16(plain)) { $0.encoding = .utf16 },
    Writing(
      "no header", Array(plain.split(separator: "\n").dropFirst().joined(separator: "\n").utf8)
    ) {
      $0.hasHeader = false
      $0.sequence = "0"
      $0.features = ["1", "3"]
      $0.targets = ["2"]
    },
    Writing(
      "R's row names",
      Array(
        plain.split(separator: "\n").enumerated().map { $0 == 0 ? "\($1)" : "\"\($0)\",\($1)" }
          .joined(separator: "\n").utf8)),
  ]

  @Test(arguments: writings) func `a table is read however it is written`(writing: Writing) throws {
    var source = Self.source(writing.path)
    writing.change(&source)
    let expected = try Self.read(Self.plain, Self.source())
    let found = try Self.read(writing.bytes, source)
    #expect(found.x == expected.x)
    #expect(found.lengths == expected.lengths)
    #expect(found.y == expected.y)
    #expect(found.classNames == expected.classNames)
    #expect(found.ids == ["a", "b"])
  }

  @Test func `a packed table is unpacked`() throws {
    let place = try Workplace()
    for name in ["a.csv.gz", "B.CSV.GZ", "c.csv"] {
      try place.write(Self.plain, to: "plain")
      // Two members, as `cat` of two packed files makes them.
      let script = "(head -c 20 plain | gzip -c; tail -c +21 plain | gzip -c) > \(name)"
      #expect(try place.shell(script).status == 0)
      let read = {
        try Dataset(
          .csv(Self.source(name)), path: "data.train", in: ConfigFile(place.file("c.json")))
      }
      #expect(try read().x == [1.5, -2, 1000, 0.25, 7, 4])
      let packed = try place.bytes(name)
      for count in [3, 10, 30, packed.count - 1] {
        try place.write(Array(packed.prefix(count)), to: name)
        #expect(throws: LabError.self, "\(count) bytes") { try read() }
      }
    }
  }

  @Test(
    arguments: [
      (TextEncoding.windows1252, [UInt8(0x81)], "the byte 0x81 is not windows-1252"),
      (.utf16, [0x00, 0xD8, 0x41, 0x00], "one half of a UTF-16 surrogate pair stands alone"),
      (.utf8, [0xE9], "the byte 0xE9 is not UTF-8"),
    ])
  func `a byte that is none of the encodings is refused`(
    encoding: TextEncoding, bad: [UInt8], message: String
  ) throws {
    var source = Self.source()
    source.encoding = encoding
    let head = "id,label,x,y\na,b"
    let bytes = (encoding == .utf16 ? Self.utf16(head) : Array(head.utf8)) + bad
    let error = #expect(throws: LabError.self) { try Self.read(bytes, source) }
    #expect(error?.what == message)
    #expect(error?.where == "a.csv:2:4")
  }

  // MARK: Wide tables

  @Test func `a row is a sequence`() throws {
    var source = CSVSource(path: "a.tsv", targets: ["0"])
    source.layout = .wide
    source.hasHeader = false
    let data = try Self.read("1\t0.5\t-1\t2\n2\t3\t4\t5\n", source)
    #expect(data.lengths == [3, 3])
    #expect(data.features == 1)
    #expect(data.x == [0.5, -1, 2, 3, 4, 5])
    #expect(data.y == [1, 2])
    source.features = ["3", "1"]
    #expect(try Self.read("1\t0.5\t-1\t2\n2\t3\t4\t5\n", source).x == [2, 0.5, 5, 3])
  }

  @Test func `a name of a row is no time step`() throws {
    var source = CSVSource(path: "a.csv", sequence: "who", targets: ["y"])
    source.layout = .wide
    let data = try Self.read("who,t0,y,t1\nann,1,up,2\nbob,3,down,4\n", source)
    #expect(data.x == [1, 2, 3, 4])
    #expect(data.ids == ["ann", "bob"])
    #expect(data.classNames == ["down", "up"])
  }

  // MARK: Columns of texts, and several targets

  @Test func `a text becomes a feature a category`() throws {
    let source = CSVSource(
      path: "a.csv", sequence: "id", features: ["colour", "v", "flag"], targets: ["y"])
    let text = "id,colour,v,flag,y\na,red,1,TRUE,0\na,blue,2,FALSE,0\nb,Ärger,3,TRUE,1\n"
    let data = try Self.read(text, source)
    #expect(data.featureNames == ["colour", "colour", "colour", "v", "flag", "flag"])
    #expect(data.categories == ["blue", "red", "Ärger", nil, "FALSE", "TRUE"])
    #expect(data.x == [0, 1, 0, 1, 0, 1, 1, 0, 0, 2, 1, 0, 0, 0, 1, 3, 0, 1])
  }

  @Test(
    arguments: [
      (
        "id,v,y\na,red,0\nb,3,1\n", "column `v` is the number 3, but a text in the first row", "3:3"
      ),
      ("id,v,y\na,3,0\nb,red,1\n", "column `v` is `red`, which is not a number", "3:3"),
      ("id,v,y\na,12:30,0\n", "column `v` is `12:30`, which is not a number", "2:3"),
      ("id,v,y\na,2020-01-31,0\n", "column `v` is `2020-01-31`, which is not a number", "2:3"),
      ("id,v,y\na,,0\n", "column `v` is missing", "2:3"),
    ])
  func `numbers and texts are not mixed`(text: String, message: String, place: String) throws {
    let source = CSVSource(path: "a.csv", sequence: "id", features: ["v"], targets: ["y"])
    let error = #expect(throws: LabError.self) { try Self.read(text, source) }
    #expect(error?.what == message)
    #expect(error?.where == "a.csv:\(place)")
  }

  @Test func `several targets are numbers`() throws {
    var source = CSVSource(path: "a.csv", sequence: "id", features: ["v"], targets: ["q", "p"])
    let text = "id,v,p,q\na,1,10,0.5\na,2,10,0.5\nb,3,20,1.5\n"
    let data = try Self.read(text, source)
    #expect(data.targets == RaggedArray(axes: 2, lengths: [2, 2], values: [0.5, 10, 1.5, 20]))
    #expect(data.targetNames == ["q", "p"])
    source.targetPer = .step
    #expect(try Self.read(text, source).targets.shape(of: 0) == [2, 2])
    #expect(throws: LabError.self) { try Self.read("id,v,p,q\na,1,up,0.5\n", source) }
  }
}
