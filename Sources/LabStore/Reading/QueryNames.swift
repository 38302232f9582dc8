import LabFormats

/// The names that a query can ask for, to find the one that a mistyped one may stand for.
struct QueryNames {
  private let run: QueryRun

  /// Takes the connection of a query that was refused.
  init(_ run: QueryRun) { self.run = run }

  /// Returns "did you mean `…`? " for SQLite's message of an unknown table or column, else nothing.
  func suggestion(for message: String) -> String {
    if let name = message.rest(after: "no such table: ") {
      let views = Suggestion.text(for: name.bare, among: tables.filter(\.isView).map(\.name))
      return views.isEmpty
        ? Suggestion.text(for: name.bare, among: tables.map(\.name)) : views
    }
    if let name = message.rest(after: "no such column: ") {
      return Suggestion.text(for: name.bare, among: columnsInReach)
    }
    return ""
  }

  private typealias NamedTable = (name: String, isView: Bool, columns: [String])

  /// Views first: they are what queries are meant for.
  private var tables: [NamedTable] {
    let sql = """
      SELECT t.name, t.type, c.name FROM (
        SELECT name, type FROM sqlite_schema UNION SELECT name, type FROM sqlite_temp_schema) AS t,
        pragma_table_info(t.name) AS c
      WHERE t.type IN ('table', 'view') ORDER BY t.type DESC, t.name, c.cid
      """
    var tables: [NamedTable] = []
    for row in rows(sql) {
      guard case .text(let name) = row[0], case .text(let column) = row[2] else { continue }
      if tables.last?.name != name { tables.append((name, row[1] == .text("view"), [])) }
      tables[tables.count - 1].columns.append(column)
    }
    return tables
  }

  /// The columns of the tables that the query names; of all views where it names none.
  private var columnsInReach: [String] {
    let words = Set(
      run.sql.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    let tables = tables
    let named = tables.filter { words.contains($0.name) }
    return (named.isEmpty ? tables.filter(\.isView) : named).flatMap(\.columns)
  }

  /// What a question of ours is answered, or nothing.
  private func rows(_ sql: String) -> [[SQLValue]] {
    var rows: [[SQLValue]] = []
    let question = QueryRun(
      db: run.db, path: run.path, option: run.option, permission: run.permission,
      limits: run.limits, sql: sql)
    try? question.run(columns: { _ in }, row: { rows.append($0) })
    return rows
  }
}

extension String {
  fileprivate func rest(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }

  /// A name without that of its table or database before it.
  fileprivate var bare: String { split(separator: ".").last.map(String.init) ?? self }
}
