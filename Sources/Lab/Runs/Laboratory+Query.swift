package import LabFormats
import LabStore

extension Laboratory {
  /// Runs one read-only statement, whose answer is kept whole.
  ///
  /// - Parameters:
  ///   - memory: The bytes that it may take.
  ///   - seconds: How long it may take for a row.
  package func query(_ sql: String, memory: Int, seconds: Int) throws -> Table {
    let limits = QueryLimits(memory: memory, seconds: seconds)
    var report = ReportTable(columns: [], rows: [])
    var size = AnswerSize()
    try reading().query(
      sql, limits: limits,
      columns: { titles in
        report = ReportTable(columns: titles, rows: [])
        size.widths = titles.map(\.utf8.count)
      },
      row: { row in
        size.add(row)
        guard size.bytes <= limits.memory / 2 else {
          var error = LabError.query(limits, exceeded: "the answer as a table")
          error.next =
            "ask for less, or have it written row by row: --csv or --json; or a"
            + error.next.dropFirst("ask for less, or a".count)
          throw error
        }
        report.rows.append(row)
      })
    return Table(report)
  }

  /// Runs one read-only statement and hands its answer over piece by piece, so that one of any length
  /// needs little memory.
  ///
  /// - Parameters:
  ///   - memory: The bytes that it may take.
  ///   - seconds: How long it may take for a row.
  ///   - write: Takes the next piece; false where nobody reads on.
  package func query(
    _ sql: String, memory: Int, seconds: Int, as form: TableStream.Form,
    write: (String) throws -> Bool
  ) throws {
    let limits = QueryLimits(memory: memory, seconds: seconds)
    struct NobodyReads: Error {}
    var stream = TableStream(form, titles: [])
    var piece: [UInt8] = []
    do {
      try reading().query(
        sql, limits: limits,
        columns: {
          stream = TableStream(form, titles: ReportTable(columns: $0, rows: []).titles)
          stream.appendHead(to: &piece)
        },
        row: { row in
          stream.append(row.map(Table.Cell.init), to: &piece)
          guard piece.count >= Self.pieceSize else { return }
          guard try write(String(decoding: piece, as: UTF8.self)) else { throw NobodyReads() }
          piece.removeAll(keepingCapacity: piece.count < 2 * Self.pieceSize)
        })
      stream.appendEnd(to: &piece)
      _ = try write(String(decoding: piece, as: UTF8.self))
    } catch is NobodyReads {}
  }

  /// The bytes that are written at once.
  private static let pieceSize = 1 << 16
}

/// About what memory an answer takes that is kept whole and shown as a table, where each row is as wide
/// as the widest.
private struct AnswerSize {
  /// The bytes of the longest cell of each column.
  var widths: [Int] = []
  private var rows = 0
  private var texts = 0

  /// What a row and a cell take beside their texts.
  private static let perRow = 100
  private static let perCell = 72

  /// Counts a row in.
  mutating func add(_ row: [SQLValue]) {
    rows += 1
    for (column, value) in row.enumerated() {
      let bytes =
        switch value {
        case .text(let text): text.utf8.count
        case .blob(let data): 2 * data.count + 3
        case .null, .integer, .real: 20
        }
      widths[column] = max(widths[column], bytes)
      texts += bytes
    }
  }

  /// The cells, and the lines that are made of them.
  var bytes: Int {
    let width = widths.reduce(0, +) + 2 * widths.count
    return rows * (Self.perRow + Self.perCell * widths.count) + 2 * texts + 3 * rows * width
  }
}
