/// How matrices are cut into the BLOBs of the table `vector`.
///
/// Cells must be small against the database's page: SQLite never splits a cell that fits a page,
/// so what is left at a page's end is lost. Nor may they be many: each is a row to insert. See
/// docs/decisions for the measurements.
enum VectorLayout {
  /// Size of the database's pages in bytes.
  static let pageSize = 16_384
  /// Values of weights or optimizer state in one BLOB, at most; the table `float_place` knows it, too.
  static let stateValues = 500
  /// Values in one piece of predictions or targets, at most; the view `predictions` knows it, too.
  static let predictionValues = 256

  /// Number of pieces of at most `length` that hold `count`.
  static func pieces(_ count: Int, of length: Int) -> Int { (count + length - 1) / length }

  /// Where a new run keeps each of its weight tensors: one after the other, as many whole tensors and
  /// rows in a BLOB as fit; a longer row is cut into pieces that are as equal as can be.
  static func places(of tensors: [TensorDescription]) -> [TensorPlace] {
    var vector = 0  // the BLOB that is being filled
    var used = 0  // values in it
    return tensors.map { tensor in
      if used > 0, used + tensor.count > stateValues { (vector, used) = (vector + 1, 0) }
      let pieces = pieces(tensor.cols, of: stateValues)
      let place = TensorPlace(
        pieceRows: max(1, min(tensor.rows, stateValues / tensor.cols)), pieces: pieces,
        pieceColumns: (tensor.cols + pieces - 1) / pieces, firstVector: vector, firstValue: used)
      let cuts = place.cuts(tensor)
      vector += cuts.count - 1
      used = cuts.count > 1 ? cuts[cuts.count - 1] : used + tensor.count
      return place
    }
  }

  /// The numbers of values in an epoch's BLOBs of weights, one after the other.
  static func cuts(of tensors: [TensorDescription], at places: [TensorPlace]) -> [Int] {
    var cuts: [Int] = []
    for (tensor, place) in zip(tensors, places) {
      var own = place.cuts(tensor)[...]
      if place.firstVector < cuts.count, let first = own.popFirst() {
        cuts[cuts.count - 1] += first
      }
      cuts += own
    }
    return cuts
  }
}

/// Where the BLOBs of an epoch's weights have a tensor: its row r and column c are in BLOB
/// `firstVector + r / pieceRows · pieces + c / pieceColumns`, and there the value
/// `firstValue + r mod pieceRows · columns + c mod pieceColumns`.
struct TensorPlace: Equatable, Sendable {
  /// Rows that a BLOB has whole; 1 where it has a piece of a row.
  let pieceRows: Int
  /// BLOBs that a row is in.
  let pieces: Int
  /// Columns of each piece but a row's last.
  let pieceColumns: Int
  /// The BLOB with the first value, counted from the epoch's first.
  let firstVector: Int
  /// That value, counted from the BLOB's first.
  let firstValue: Int

  /// The numbers of its values in the BLOBs that have some, in their order.
  func cuts(_ tensor: TensorDescription) -> [Int] {
    if pieceRows > 1 || pieces == 1 {
      return stride(from: 0, to: tensor.rows, by: pieceRows).map { row in
        min(pieceRows, tensor.rows - row) * tensor.cols
      }
    }
    let row = stride(from: 0, to: tensor.cols, by: pieceColumns).map { column in
      min(pieceColumns, tensor.cols - column)
    }
    return Array(repeatElement(row, count: tensor.rows).joined())
  }
}
