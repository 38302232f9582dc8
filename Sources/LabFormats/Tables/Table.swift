/// Rows and columns that every output form is a function of.
///
/// ```swift
/// let table = Table(
///   columns: [Table.Column("epoch", .integer), Table.Column("loss", .metric)],
///   rows: [[.integer(1), .real(0.693147)]])
/// #expect(table.plainText() == "epoch    loss\n─────  ──────\n    1  0.6931\n")
/// #expect(table.csv() == "epoch,loss\n1,0.693147\n")
/// ```
package struct Table: Equatable, Sendable {
  /// The columns from left to right.
  package var columns: [Column]
  /// The cells, one array for each row, as long as `columns`.
  package var rows: [[Cell]]

  /// A column: its title is also the key in JSON.
  package struct Column: Equatable, Sendable {
    /// The title, unique in its table.
    package var title: String
    /// What the cells below are.
    package var kind: Kind

    /// The title is also the key of JSON and the name in CSV.
    package init(_ title: String, _ kind: Kind) {
      self.title = title
      self.kind = kind
    }
  }

  /// What a column holds, which decides how plain text shows it.
  package enum Kind: Equatable, Sendable {
    case text
    case integer
    /// Losses and metrics: four decimals for people, every digit for machines.
    case metric
    /// Weights and activations: four decimals for people, every digit for machines.
    case number
    /// Small changes: an exponent and four decimals for people, every digit for machines.
    case change
    /// Numbers with every digit everywhere.
    case exact
    /// Seconds, shown as a duration in plain text and Markdown.
    case seconds
    /// A number of bytes, shown in units of 1024 in plain text and Markdown.
    case bytes
    /// Numbers that are texts already, such as a mean with its deviation: never cut.
    case formed
    /// A text that is JSON: a text everywhere but in JSON, where it is the value itself.
    case json
  }

  /// One value; null is unknown, not zero and not empty text.
  package enum Cell: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case real(Double)
    case null
  }

  /// Titles differ, and rows are as long as the columns.
  package init(columns: [Column], rows: [[Cell]] = []) {
    for row in rows {
      precondition(row.count == columns.count, "\(row.count) cells, \(columns.count) columns")
    }
    for (index, column) in columns.enumerated() {
      let isNew = !columns[..<index].contains { $0.title == column.title }
      precondition(isNew, "two columns `\(column.title)`")
    }
    self.columns = columns
    self.rows = rows
  }
}

extension Table.Column {
  /// Text stands on the left, numbers on the right.
  package var alignment: DisplayWidth.Alignment { isText ? .left : .right }

  /// Whether cells may be cut.
  var isText: Bool { kind == .text || kind == .json }

  /// The form that all numbers of the column have in common; nil of a kind with forms of its own.
  func form(_ cells: some Sequence<Table.Cell>) -> NumberForm? {
    let numbers = cells.lazy.compactMap { cell in
      if case .real(let value) = cell { value } else { nil }
    }
    return kind == .metric ? NumberForm(metrics: numbers) : nil
  }

  /// Returns a cell as people read it, without control characters; a number in the column's form.
  package func shown(_ cell: Table.Cell, form: NumberForm? = nil) -> String {
    if let form, case .real(let value) = cell { return form.text(value) }
    return switch (cell, kind) {
    case (.text(let text), _): Visible.line(text)
    case (.null, _): "-"
    case (.integer(let value), .bytes): NumberText.bytes(value)
    case (.integer(let value), .seconds): NumberText.duration(Double(value))
    case (.integer(let value), _): value.description
    case (.real(let value), .bytes): NumberText.bytes(value)
    case (.real(let value), .seconds): NumberText.duration(value)
    case (.real(let value), .metric): NumberText.metric(value)
    case (.real(let value), .change): NumberText.scientific(value)
    case (.real(let value), .number): NumberText.number(value)
    case (.real(let value), _): NumberText.exact(value)
    }
  }
}

extension Table {
  /// Every cell as people read it, the numbers of a column in one form.
  var shownRows: [[String]] {
    let forms = columns.enumerated().map { index, column in column.form(rows.lazy.map { $0[index] })
    }
    return rows.map { row in
      columns.indices.map { columns[$0].shown(row[$0], form: forms[$0]) }
    }
  }

  /// Returns the table with these columns only, in this order.
  package func selecting(_ titles: [String]) -> Table {
    let indices = titles.compactMap { title in columns.firstIndex { $0.title == title } }
    return Table(
      columns: indices.map { columns[$0] }, rows: rows.map { row in indices.map { row[$0] } })
  }

  /// Returns the table with this cell in a column of every row.
  package func replacing(_ title: String, with cell: Cell) -> Table {
    guard let index = columns.firstIndex(where: { $0.title == title }) else { return self }
    var table = self
    for row in table.rows.indices { table.rows[row][index] = cell }
    return table
  }

  /// Returns the table with the texts of these columns, as far as there are such, taken for JSON.
  package func holdingJSON(_ titles: String...) -> Table {
    var table = self
    for index in columns.indices where titles.contains(columns[index].title) {
      table.columns[index].kind = .json
    }
    return table
  }

  /// Returns the table without the columns that hold nothing in any row; without rows it keeps all.
  package func droppingEmptyColumns() -> Table {
    if rows.isEmpty { return self }
    let kept = columns.indices.filter { index in rows.contains { $0[index] != .null } }
    return Table(columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
  }

  /// Returns the table without these columns.
  package func dropping(_ titles: [String]) -> Table {
    selecting(columns.map(\.title).filter { !titles.contains($0) })
  }
}
