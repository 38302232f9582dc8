import GRDB

extension LabDatabase {
  /// The weight tensors of a run in canonical order.
  package func tensors(of run: Int64) throws -> [TensorDescription] {
    try read { db in try Self.tensors(of: run, db) }
  }

  static func tensors(of run: Int64, _ db: Database) throws -> [TensorDescription] {
    let sql = """
      SELECT layer, tensor, rows, cols, units, source, gate_0, gate_1, gate_2, gate_3, piece_rows,
        pieces, piece_cols, first_vector, first_value
      FROM tensor WHERE run_id = ? ORDER BY position
      """
    var room = try mostValues(db)
    var end = VectorEnd()
    var cells: [TensorDescription] = []
    return try db.rows(of: "tensor", "run \(run)", sql, [run]) { row in
      let tensor = try TensorDescription(row)
      let place = try TensorPlace(row, of: tensor)
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
      guard end.advance(over: tensor, at: place) else {
        throw row.damaged("first_vector", "not where the tensor before ends")
      }
      return tensor
    }
  }

  /// What another program knows of the tensors of its run, in canonical order; none of a run of our own.
  package func foreignTensors(of run: Int64) throws -> [ForeignTensor] {
    try read { db in
      try db.rows(
        of: "tensor", "run \(run)",
        """
        SELECT path, shape, dtype, turned, trainable FROM tensor
        WHERE run_id = ? AND path IS NOT NULL ORDER BY position
        """, [run]
      ) { row in
        ForeignTensor(
          path: try row["path"], shape: try row.shape("shape"), dtype: try row["dtype"],
          turned: try row["turned"], isTrainable: try row["trainable"])
      }
    }
  }

  /// Where a run keeps each of its weight tensors, in canonical order.
  static func places(of run: Int64, _ db: Database) throws -> [TensorPlace] {
    try db.rows(
      of: "tensor", "run \(run)",
      """
      SELECT piece_rows, pieces, piece_cols, first_vector, first_value FROM tensor
      WHERE run_id = ? ORDER BY position
      """, [run], TensorPlace.init)
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
    guard rows > 0, rows < 1 << 31 else { throw row.damaged("rows", "not a number of rows") }
    guard cols > 0, cols < 1 << 31 else { throw row.damaged("cols", "not a number of columns") }
    guard units < 1 << 31, units * max(gates.count, 1) == cols else {
      throw row.damaged("units", "not the \(cols) columns of \(gates.count) gates")
    }
    self.init(
      layer: try row["layer"], tensor: try row["tensor"], rows: rows, cols: cols, gates: gates,
      source: try row["source"] as Source?)
  }
}

/// Where the BLOBs of an epoch's weights end, tensor after tensor.
private struct VectorEnd {
  /// BLOBs that are begun.
  private var vectors = 0
  /// Values in the last of them.
  private var values = 0

  /// Goes on over a tensor.
  ///
  /// - Returns: Whether it begins where the last BLOB may be gone on with, or with the next.
  mutating func advance(over tensor: TensorDescription, at place: TensorPlace) -> Bool {
    let begins = place.firstVector == vectors && place.firstValue == 0
    guard begins || place.firstVector == vectors - 1 && place.firstValue == values else {
      return false
    }
    let groups = VectorLayout.pieces(tensor.rows, of: place.pieceRows)
    let last =
      place.pieces == 1
      ? (tensor.rows - (groups - 1) * place.pieceRows) * tensor.cols
      : tensor.cols - (place.pieces - 1) * place.pieceColumns
    let count = groups * place.pieces
    values = (count == 1 ? place.firstValue : 0) + last
    vectors = place.firstVector + count
    return true
  }
}

extension TensorPlace {
  /// Reads a row of `tensor`.
  fileprivate init(_ row: StoredRow) throws {
    self.init(
      pieceRows: try row["piece_rows"], pieces: try row["pieces"],
      pieceColumns: try row["piece_cols"], firstVector: try row["first_vector"],
      firstValue: try row["first_value"])
  }

  /// Reads a row of `tensor` whose numbers fit the tensor.
  fileprivate init(_ row: StoredRow, of tensor: TensorDescription) throws {
    self = try TensorPlace(row)
    let cols = tensor.cols
    guard pieces > 0, pieces <= cols, pieceColumns > 0, pieceColumns <= cols,
      pieces * pieceColumns >= cols, (pieces - 1) * pieceColumns < cols
    else { throw row.damaged("pieces", "not the pieces of \(cols) columns") }
    guard pieceRows > 0, pieceRows <= tensor.rows, pieceRows == 1 || pieces == 1 else {
      throw row.damaged("piece_rows", "not as many rows as there are together")
    }
    // A BLOB that is shared has no more than the views find.
    guard firstValue >= 0, firstValue < VectorLayout.stateValues,
      pieceRows == 1 && firstValue == 0
        || firstValue + min(pieceRows, tensor.rows) * pieceColumns <= VectorLayout.stateValues
    else { throw row.damaged("first_value", "beyond its BLOB") }
  }
}
