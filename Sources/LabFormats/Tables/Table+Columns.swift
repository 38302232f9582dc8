extension Table {
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
