/// The answer to a question: named columns and rows of values.
package struct ReportTable: Equatable, Sendable {
  /// The columns' names.
  package let columns: [String]
  /// The rows, each with a value for each column.
  package var rows: [[SQLValue]]

  /// Makes a table.
  package init(columns: [String], rows: [[SQLValue]]) {
    self.columns = columns
    self.rows = rows
  }
}
