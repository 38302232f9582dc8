import GRDB

extension LabDatabase {
  /// The weight tensors of a run in canonical order.
  package func tensors(of run: Int64) throws -> [TensorDescription] {
    try read { db in try Self.tensors(of: run, db) }
  }

  static func tensors(of run: Int64, _ db: Database) throws -> [TensorDescription] {
    let sql = """
      SELECT layer, tensor, rows, cols, units, source, gate_0, gate_1, gate_2, gate_3, pieces,
        piece_cols, first_vector
      FROM tensor WHERE run_id = ? ORDER BY position
      """
    var room = try mostValues(db)
    var vectors = 0
    var cells: [TensorDescription] = []
    return try db.rows(of: "tensor", "run \(run)", sql, [run]) { row in
      let tensor = try TensorDescription(row)
      // All tensors of a layer's cells have the same gates and units.
      let sibling = cells.last {
        $0.layer == tensor.layer && $0.part.direction == tensor.part.direction
      }
      if tensor.source == .hidden || sibling?.source == .hidden, let sibling,
        sibling.gates != tensor.gates || sibling.units != tensor.units
      {
        throw row.damaged("units", "not as in the rest of the layer")
      }
      cells.append(tensor)
      // Two counts, whose product fits.
      guard tensor.count <= room else {
        throw row.damaged("rows", "more than the file has room for")
      }
      room -= tensor.count
      guard try row["first_vector"] == vectors else {
        throw row.damaged("first_vector", "not \(vectors)")
      }
      vectors += tensor.rows * (try row["pieces"] as Int)
      return tensor
    }
  }

  /// A bound on the numbers of a model that is worth to be believed: those that the file has room for.
  /// One whose weights were deleted may have a few more.
  private static func mostValues(_ db: Database) throws -> Int {
    func number(_ pragma: String) throws -> Int {
      try db.value(pragma, of: "file", "the database", "PRAGMA \(pragma)") ?? 0
    }
    let (size, _) = try number("page_count").multipliedReportingOverflow(by: number("page_size"))
    return max(1 << 22, size / 4)
  }
}

extension TensorDescription {
  /// Reads a row of `tensor`, whose numbers fit one another.
  fileprivate init(_ row: StoredRow) throws {
    let (rows, cols, units): (Int, Int, Int) = try (row["rows"], row["cols"], row["units"])
    let gates = try ["gate_0", "gate_1", "gate_2", "gate_3"].compactMap { try row[$0] as String? }
    guard Set(gates).count == gates.count else { throw row.damaged("gate_3", "a gate comes twice") }
    let (pieces, pieceCols): (Int, Int) = try (row["pieces"], row["piece_cols"])
    guard rows > 0, rows < 1 << 31 else { throw row.damaged("rows", "not a number of rows") }
    guard cols > 0, cols < 1 << 31 else { throw row.damaged("cols", "not a number of columns") }
    guard units < 1 << 31, units * max(gates.count, 1) == cols else {
      throw row.damaged("units", "not the \(cols) columns of \(gates.count) gates")
    }
    guard pieces > 0, pieces <= cols, pieceCols > 0, pieceCols <= cols,
      pieces * pieceCols >= cols, (pieces - 1) * pieceCols < cols
    else { throw row.damaged("pieces", "not the pieces of \(cols) columns") }
    self.init(
      layer: try row["layer"], tensor: try row["tensor"], rows: rows, cols: cols, gates: gates,
      source: try row["source"] as Source? ?? .input)
  }
}
