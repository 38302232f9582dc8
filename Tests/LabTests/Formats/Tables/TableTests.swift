import Lab
import LabFormats
import LabStore
import Testing

/// One table in its four forms, and text that tries to escape from each.
@Suite struct TableTests {
  static let table = Table(
    columns: [
      Table.Column("run", .integer), Table.Column("name", .text), Table.Column("loss", .metric),
      Table.Column("rate", .exact), Table.Column("seconds", .seconds), Table.Column("size", .bytes),
    ],
    rows: [
      [.integer(1), .text("zero-position"), .real(0.591_4), .real(0.001), .real(0.0123), .null],
      [
        .integer(12), .text("a|b <i>,\"x\""), .real(0.000_5), .real(1e-7), .real(75),
        .integer(7_598_000),
      ],
      [.integer(-3), .text(""), .real(.nan), .null, .null, .integer(0)],
    ])

  @Test func `plain text has columns below their titles`() {
    #expect(
      Self.table.plainText() == """
        run  name               loss   rate  seconds     size
        ───  ─────────────  ────────  ─────  ───────  ───────
          1  zero-position  0.591400  0.001     12ms        -
         12  a|b <i>,"x"    0.000500  1e-07    1m15s  7.25 MB
         -3                      nan      -        -   0.00 B

        """)
  }

  @Test func `CSV has every digit`() {
    #expect(
      Self.table.csv() == """
        run,name,loss,rate,seconds,size
        1,zero-position,0.5914,0.001,0.0123,
        12,"a|b <i>,""x\""",0.0005,1e-07,75.0,7598000
        -3,"",nan,,,0

        """)
  }

  @Test func `Markdown rounds as plain text does`() {
    #expect(
      Self.table.markdown() == """
        | run | name | loss | rate | seconds | size |
        | --: | --- | --: | --: | --: | --: |
        | 1 | zero-position | 0.591400 | 0.001 | 12ms |  |
        | 12 | a\\|b &lt;i&gt;,"x" | 0.000500 | 1e-07 | 1m15s | 7.25 MB |
        | -3 |  | nan |  |  | 0.00 B |

        """)
  }

  @Test func `JSON has every digit, and null for nothing`() {
    #expect(
      Self.table.json() == """
        [
        {"run":1,"name":"zero-position","loss":0.5914,"rate":0.001,"seconds":0.0123,"size":null},
        {"run":12,"name":"a|b <i>,\\"x\\"","loss":0.0005,"rate":1e-07,"seconds":75.0,"size":7598000},
        {"run":-3,"name":"","loss":null,"rate":null,"seconds":null,"size":0}
        ]

        """)
  }

  @Test func `an empty table has a form too`() {
    let table = Table(columns: [Table.Column("a", .text), Table.Column("b", .integer)])
    #expect(table.plainText() == "a  b\n─  ─\n")
    #expect(table.csv() == "a,b\n")
    #expect(table.markdown() == "| a | b |\n| --- | --: |\n")
    #expect(table.json() == "[]\n")
  }

  @Test func `a narrow terminal cuts the widest text`() {
    let table = Table(
      columns: [
        Table.Column("name", .text), Table.Column("notes", .text), Table.Column("n", .integer),
      ],
      rows: [[.text("zero-position"), .text("日本語の長いノート"), .integer(12345)]])
    #expect(
      table.plainText(width: 30) == """
        name        notes            n
        ──────────  ───────────  ─────
        zero-posi…  日本語の長…  12345

        """)
    #expect(
      table.plainText(width: 5) == """
        name      notes         n
        ────────  ────────  ─────
        zero-po…  日本語…   12345

        """)
  }

  // MARK: Text that is not harmless

  static let harmful: [(text: String, shown: String)] = [
    ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\rb", "a␍b"), ("a\u{7}\u{8}", "a␇␈"),
    ("\u{9B}31m", "\u{FFFD}31m"),
    ("a\u{202E}b", "a\u{FFFD}b"), ("\u{7F}", "␡"), ("a\nb", "a␊b"), ("\u{0}", "␀"),
    ("a\u{200B}b", "a\u{FFFD}b"), ("a\u{2060}b", "a\u{FFFD}b"), ("a\u{FEFF}b", "a\u{FFFD}b"),
  ]

  @Test(arguments: harmful) func `no control character of a table reaches the terminal`(
    text: String, shown: String
  ) {
    let table = Table(
      columns: [Table.Column(text, .text)], rows: [[.text(text)], [.text("x" + text)]])
    #expect(table.plainText().split(separator: "\n").first.map(String.init) == shown)
    for form in [table.plainText(), table.csv(), table.markdown(), table.json()] {
      let scalars = form.unicodeScalars.filter { $0 != "\n" }
      #expect(!scalars.contains { Visible.isHarmful($0) })
    }
  }

  /// An error is made harmless where it becomes text, whatever its parts hold.
  @Test(arguments: harmful) func `no control character of an error reaches the terminal`(
    text: String, shown: String
  ) {
    let error = LabError(.data, text, where: text, next: text)
    let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "error: \(shown) (\(shown))")
    #expect(!error.description.unicodeScalars.contains { $0 != "\n" && Visible.isHarmful($0) })
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1", "+1"), ("-1", "-1"), ("-1e-7", "-1e-7"), ("-inf", "-inf"),
    ("-1+2", "'-1+2"), ("+a", "'+a"), ("-", "'-"), ("@a", "'@a"), ("\tx", "\"'\tx\""),
    ("\rx", "'␍x"), ("a=1", "a=1"), ("=\"a,b\"", "\"'=\"\"a,b\"\"\""), ("a\nb", "\"a\nb\""),
    (" a", "\" a\""), ("é", "é"),
  ]) func `CSV quotes what needs it`(text: String, field: String) {
    let table = Table(columns: [Table.Column("a", .text)], rows: [[.text(text)]])
    #expect(table.csv() == "a\n\(field)\n")
    let titled = Table(columns: [Table.Column(text, .integer)], rows: [[.integer(-1)]])
    #expect(titled.csv() == "\(field)\n-1\n")
  }

  @Test func `infinities are numbers`() {
    let report = ReportTable(
      columns: ["loss", "-1e999"],
      rows: [[.real(.infinity), .real(-.infinity)], [.real(1), .null]])
    let table = Table(report)
    #expect(table.csv() == "loss,-1e999\ninf,-inf\n1.0,\n")
    #expect(
      table.json() == """
        [
        {"loss":null,"-1e999":null},
        {"loss":1.0,"-1e999":null}
        ]

        """)
    #expect(
      table.plainText() == """
          loss  -1e999
        ──────  ──────
           inf    -inf
        1.0000       -

        """)
  }

  @Test(arguments: [
    ("lstm_1", "lstm_1"), ("_a_", "\\_a\\_"), ("*a* `b`", "\\*a\\* \\`b\\`"),
    ("[x](javascript:1)", "\\[x\\](javascript:1)"), ("a\nb", "a<br>b"), ("a\\|", "a\\\\\\|"),
    ("<script>&", "&lt;script&gt;&amp;"), ("https://a.b", "https\\://a.b"),
    ("see www.a.b", "see www\\.a.b"), ("a@b.c", "a@<!-- -->b.c"), ("1@50", "1@50"),
    ("12:30, a/b, w.", "12:30, a/b, w."),
  ]) func `Markdown escapes what would be markup`(text: String, cell: String) {
    let table = Table(columns: [Table.Column("a", .text)], rows: [[.text(text)]])
    #expect(table.markdown() == "| a |\n| --- |\n| \(cell) |\n")
  }

  @Test func `numbers keep every bit`() throws {
    var random = CounterRandom(seed: 3)
    let values = (0..<2000).map { _ in random.finiteDouble() }
    let table = Table(
      columns: [Table.Column("v", .metric)], rows: values.map { [.real($0)] })
    let csv = table.csv().split(separator: "\n").dropFirst().map { Double($0)?.bitPattern }
    #expect(csv == values.map(\.bitPattern))
    let json = try JSONDocument(table.json(), source: "f").root.elements
    #expect(json.map { $0.members[0].value.double?.bitPattern } == values.map(\.bitPattern))
  }
}
