import LabFormats
import LabStore
import Testing

@testable import Lab

/// Foreign text in every language that the program writes: a sign is a sign, whatever stands beside it.
///
/// With some scalars a sign is one of Swift's characters, which does not equal the sign.
@Suite struct EscapingTests {
  /// What joins with a sign behind it or before it, and what does not.
  static let neighbours = [
    "", "a", "\u{600}", "\u{D4E}", "\u{301}", "\u{338}", "\u{200D}", "\u{FE0F}", "\u{1F3FB}", "\r",
  ]

  /// Every sign between every two neighbours.
  static func texts(of signs: String) -> [String] {
    signs.unicodeScalars.flatMap { sign in
      neighbours.flatMap { before in
        neighbours.map { after in "x\(before)\(sign)\(after)y" }
      }
    }
  }

  /// The scalars of a text, of which none equals another because of its neighbours.
  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  @Test func `HTML has no sign of a text that could be markup`() {
    for text in Self.texts(of: "&<>\"'") {
      let escaped = HTMLText.escaped(text)
      #expect(Set(escaped.unicodeScalars).isDisjoint(with: "<>\"'".unicodeScalars), "\(text)")
      var back = escaped
      for (name, sign) in [
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
      ] {
        back = replacing(name, with: sign, in: back)
      }
      #expect(scalars(back) == scalars(Visible.paragraph(text)))
    }
  }

  @Test func `no text ends a script that holds it, and it is read as it was`() throws {
    for text in Self.texts(of: "<>&\"\\\n\u{2028}") {
      let script = HTMLText.script(.array([.string(text)]))
      #expect(!script.utf8.contains(UInt8(ascii: "<")))
      let root = try JSONDocument(script, source: "s").root
      #expect(root.elements.map { $0.string.map(scalars) } == [scalars(text)])
    }
  }

  @Test func `CSV is read as it was written`() throws {
    for text in Self.texts(of: "\",;|'\n\t ") {
      var bytes: [UInt8] = []
      Table.appendCSV([.text(text), .text("\""), .integer(1)], to: &bytes)
      var records = CSVRecords(try TextFile(bytes, path: "a.csv", what: ".csv"))
      let isThere = try records.advance()
      #expect(isThere)
      let fields = records.fields.map { scalars(records.text($0)) }
      #expect(fields == [Visible.paragraph(text), "\"", "1"].map(scalars))
      let isMore = try records.advance()
      #expect(!isMore)
    }
  }

  @Test func `Markdown has no sign of a text that could be markup`() {
    for text in Self.texts(of: "|<>*`[]~\\") {
      let escaped = scalars(Table.escaped(text))
      for (index, scalar) in escaped.enumerated() where "|<>*`[]~".unicodeScalars.contains(scalar) {
        #expect(!"<>".unicodeScalars.contains(scalar) && escaped[index - 1] == "\\", "\(text)")
      }
      let table = Table(columns: [.init("a", .text)], rows: [[.text(text)]])
      #expect(table.markdown().utf8.count { $0 == Byte.lineFeed } == 3)
    }
    for neighbour in Self.neighbours {
      #expect(scalars(Table.escaped("https:\(neighbour)//a.b")).contains("\\") == neighbour.isEmpty)
    }
    for (text, shown) in [
      ("https\u{600}://a.b", "https\u{600}\\://a.b"), ("www.\u{301}a", "www\\.\u{301}a"),
      ("a@b\u{301}.c", "a@b\u{301}.c"), ("a\u{600}@b.c", "a\u{600}@<!-- -->b.c"),
      ("\u{301}_a_\u{301}", "\u{301}\\_a\\_\u{301}"),
    ] {
      #expect(scalars(Table.escaped(text)) == scalars(shown))
    }
  }

  @Test func `a shell takes a quoted word for the word`() throws {
    let words = Self.texts(of: "' \"$`\\;&|<>(*?#~!").filter { Visible.line($0) == $0 }
    let line = "printf '%s\\0' " + words.map { ShellWord.quoted($0) }.joined(separator: " ")
    let printed = try Workplace().shell(line).output
    #expect(printed.utf8.elementsEqual(words.map { $0 + "\0" }.joined().utf8))
    #expect(ShellWord.quoted("a/b_c-1.é") == "a/b_c-1.é")
  }

  @Test func `a condition takes a text in quotes for the text`() throws {
    for text in Self.texts(of: "'\"=<>(),~ ") {
      let text = String(text.unicodeScalars.dropFirst())
      for quote in ["'", "\""] {
        let inner = replacing(quote, with: quote + quote, in: text)
        let tokens = try RunConditionToken.tokens(of: "name=\(quote)\(inner)\(quote)")
        #expect(tokens.map(\.kind).prefix(2) == [.word("name"), .sign("=")])
        #expect(tokens.dropFirst(2).map { scalars($0.shown) } == [scalars(text)])
      }
    }
  }

  @Test func `an epoch, a part and a folder stand behind their sign`() throws {
    for before in Self.neighbours {
      let reference = try RunReference.parse("x\(before)@3")
      #expect(reference == RunReference(.named("x\(before)"), epoch: .number(3)))
      #expect(Config.isName("x\(before)y") == (before != "\r"))
      #expect(!Config.isName("x@\(before)y") && !Config.isName("x\(before)@"))
      for after in Self.neighbours {
        let part = LayerPart(.backward, "\(after)g")
        #expect(part.text.map(LayerPart.init) == part)
        let (folder, name) = FileName.split("f\(before)/\(after)n")
        #expect(scalars(folder) == scalars("f\(before)/") && scalars(name) == scalars("\(after)n"))
        #expect(FileName.isAbsolute("/\(after)n"))
        let file = ConfigFile("f\(before)/\(after)c.json")
        #expect(file.places(of: "\(after)d").map(scalars) == [scalars("f\(before)/\(after)d")])
        #expect(file.places(of: "/\(after)d").map(scalars) == [scalars("/\(after)d")])
        let array = ArrayFile("a\(before).npz:\(after)x", in: file)
        #expect(scalars(array.path) == scalars("a\(before).npz"))
        #expect(array.member.map(scalars) == scalars("\(after)x"))
        let setting = try ConfigSetting("a\(before)=\(after)b")
        #expect(scalars(setting.name) == scalars("a\(before)"))
        #expect(scalars(setting.value) == scalars("\(after)b"))
      }
    }
  }

  /// Replaces bytes, since the library's own way goes by characters.
  private func replacing(_ old: String, with new: String, in text: String) -> String {
    var (rest, bytes): (ArraySlice<UInt8>, [UInt8]) = (Array(text.utf8)[...], [])
    while !rest.isEmpty {
      if rest.starts(with: old.utf8) {
        bytes += new.utf8
        rest = rest.dropFirst(old.utf8.count)
      } else {
        bytes.append(rest.removeFirst())
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
