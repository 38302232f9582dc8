import LabFormats
import Testing

/// Tables on terminals that are too narrow for them.
@Suite struct TableFitTests {
  private static func table(rows: Int) -> Table {
    Table(
      columns: [
        .init("run_id", .integer), .init("name", .text), .init("status", .text),
        .init("val_loss", .metric), .init("spread", .formed), .init("created_at", .text),
      ],
      rows: (1...rows).map { row in
        [
          .integer(row), .text("the name of run \(row)"), .text("completed"),
          .real(Double(row) / 3), .text("0.5914 ± 0.0123"), .text("2001-02-03T04:05:06.000Z"),
        ]
      })
  }

  private static let fit = TableFit(important: ["val_loss", "name"])

  @Test func `many rows lose the least important columns, and a line says which`() {
    let text = Self.table(rows: 9).text(fitting: 46, Self.fit)
    #expect(
      text.hasPrefix(
        """
        run_id  name               status     val_loss
        ──────  ─────────────────  ─────────  ────────
             1  the name of run 1  completed    0.3333

        """), "\(text)")
    #expect(
      text.hasSuffix("\nNo room for: spread, created_at (--csv shows\nevery column).\n"), "\(text)")
  }

  @Test func `of many columns without room some are told by name, the others by their number`() {
    let table = Table(
      columns: (0..<90).map { .init("column_\($0)", .integer) },
      rows: (0..<9).map { row in (0..<90).map { .integer(row + $0) } })
    let text = table.text(fitting: 80)
    let note = text.replacing("\n", with: " ")
    #expect(note.contains("No room for: column_8, column_9, "), "\(text)")
    #expect(note.contains(", column_47 and 42 more (--csv shows every column)."), "\(text)")
    #expect(text.split(separator: "\n").count < 9 + 2 + 10)
  }

  @Test func `few rows become columns, whose numbers are whole`() {
    #expect(
      Self.table(rows: 2).text(fitting: 46, Self.fit) == """
        run_id      1                 2
        ──────────  ────────────────  ────────────────
        name        the name of run…  the name of run…
        status      completed         completed
        val_loss    0.3333            0.6667
        spread      0.5914 ± 0.0123   0.5914 ± 0.0123
        created_at  2001-02-03T04:0…  2001-02-03T04:0…

        """)
  }

  @Test func `rows that begin alike stay rows`() {
    var table = Self.table(rows: 2)
    table.rows[1][0] = .integer(1)
    #expect(table.text(fitting: 46, Self.fit).contains("No room for: spread, created_at"))
  }

  @Test func `texts that are of no use when they are cut stay whole`() {
    let fit = TableFit(important: ["created_at"], uncut: ["created_at"], mostTurned: 0)
    let text = Self.table(rows: 9).text(fitting: 46, fit)
    #expect(text.contains("2001-02-03T04:05:06.000Z\n"), "\(text)")
  }

  @Test func `a table in pieces has every column once, and the first ones in each`() {
    let table = Self.table(rows: 9)
    let text = table.text(inPiecesOf: 46, repeating: 1)
    let heads = text.split(separator: "\n").filter { $0.hasPrefix("run_id") }
    let titles = heads.flatMap { $0.split(separator: " ").dropFirst() }.map(String.init)
    #expect(heads.count > 1 && titles == table.columns.dropFirst().map(\.title))
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 46 })
  }

  /// A table of random columns and rows; the title of column 3 begins with `c3_`.
  private static func random(_ random: inout CounterRandom) -> Table {
    let kinds: [Table.Kind] = [.text, .integer, .metric, .formed]
    var columns: [Table.Column] = []
    for index in 0...Int(random.next() % 12) {
      let tail = String(repeating: "x", count: Int(random.next() % 12))
      columns.append(Table.Column("c\(index)_\(tail)", kinds[Int(random.next() % 4)]))
    }
    var table = Table(columns: columns)
    for _ in 0..<Int(random.next() % 14) {
      var row: [Table.Cell] = []
      for column in columns {
        let number = Int(random.next() % 10_000)
        switch column.kind {
        case .text: row.append(.text(String(repeating: "w", count: number % 40) + "\(number)"))
        case .integer: row.append(.integer(number))
        case .metric: row.append(.real(Double(number) / 7000))
        default: row.append(.text("\(number) ± 0.1"))
        }
      }
      table.rows.append(row)
    }
    return table
  }

  /// No line is wider than the terminal, and every column is there or is told to be left out.
  @Test(arguments: [30, 46, 60, 80, 100, 120]) func `any table fits`(width: Int) {
    var random = CounterRandom(seed: 5)
    for _ in 0..<200 {
      let table = Self.random(&random)
      let text = table.text(fitting: width)
      let widths = text.split(separator: "\n").map { DisplayWidth.of(String($0)) }
      #expect(widths.allSatisfy { $0 <= width }, "\(text)")
      for index in table.columns.indices {
        #expect(text.contains("c\(index)_"), "column \(index) is missing:\n\(text)")
      }
      #expect(table.text(fitting: nil) == table.plainText())
    }
  }

  private static let forms: [(values: [Double], shown: [String])] = [
    (values: [0.5, 0.25], shown: ["0.5000", "0.2500"]),
    (values: [0.0017, 0.000_453_25], shown: ["0.001700", "0.000453"]),
    (values: [0.0005, 0.000_012], shown: ["5.0000e-04", "1.2000e-05"]),
    (values: [0.5, 1e-9], shown: ["5.0000e-01", "1.0000e-09"]),
    (values: [0.5, 1e30], shown: ["0.5000", "1.0000e+30"]),
    (values: [0.0, 0.5], shown: ["0.0000", "0.5000"]),
    (values: [0.0, 0.0005], shown: ["0", "5.0000e-04"]),
    (values: [0.0, 0.0], shown: ["0.0000", "0.0000"]),
    (values: [Double.nan, 0.5, -Double.infinity], shown: ["nan", "0.5000", "-inf"]),
    (values: [123_456_789.0, 0.0001], shown: ["1.2346e+08", "1.0000e-04"]),
    (values: [0.001, 0.5], shown: ["0.00100", "0.50000"]),
    (values: [-0.0004, 2.0], shown: ["-0.000400", "2.000000"]),
  ]

  @Test(arguments: forms)
  func `numbers that stand together have one form`(values: [Double], shown: [String]) {
    let form = NumberForm(metrics: values)
    #expect(values.map { form.text($0) } == shown)
  }

  @Test func `facts go on in the next line`() {
    let facts = [
      Fact("notes", "a note of many words that goes on"),
      Fact("hash", String(repeating: "0", count: 30)),
    ]
    #expect(
      facts.text(width: 24) == """
        notes  a note of many
               words that goes
               on
        hash   0000000000000000…

        """)
    #expect(facts.text().split(separator: "\n").count == 2)
  }
}
