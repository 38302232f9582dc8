/// What a command answers: each form that it can be printed in is a function of the same value.
package protocol Answer {
  /// The rows that CSV has; the other forms show them, too, where nothing else is said.
  var table: Table { get }
  /// What JSON has.
  var jsonText: JSONText { get }
  /// Returns what people read, in lines.
  func text(on screen: Screen) -> String
  /// Returns GitHub-flavoured Markdown.
  func markdown() -> String
}

extension Answer {
  /// The rows as JSON.
  package var jsonText: JSONText { .table(table) }
  /// Returns the rows as people read them.
  package func text(on screen: Screen) -> String {
    table.text(fitting: screen.columns)
  }
  /// Returns the rows as GitHub-flavoured Markdown.
  package func markdown() -> String { table.markdown() }

  /// Returns the rows as comma-separated values with a header line.
  package func csv() -> String {
    var text: [UInt8] = []
    table.write(.csv, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns JSON that ends with a line break.
  package func json() -> String { jsonText.compact + "\n" }
}

extension Table: Answer {
  /// The table itself.
  package var table: Table { self }
}

/// What text is shown on.
package struct Screen: Sendable {
  /// The columns of a terminal; nil for a pipe or a file, where nothing is cut.
  package let columns: Int?
  /// Whether it has colours.
  package let hasColour: Bool

  /// Describes a terminal, or with nil what is none.
  package init(columns: Int?, hasColour: Bool = false) {
    self.columns = columns
    self.hasColour = hasColour
  }

  /// The columns to lay a text out for.
  package var width: Int { columns ?? 80 }
}
