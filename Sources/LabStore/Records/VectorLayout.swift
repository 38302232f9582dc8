/// How matrices are cut into the BLOBs of the table `vector`.
///
/// Cells must be small against the database's page: SQLite never splits a cell that fits a page,
/// so what is left at a page's end is lost. See docs/decisions for the measurements.
enum VectorLayout {
  /// Size of the database's pages in bytes.
  static let pageSize = 16_384
  /// Columns in one piece of a matrix row, at most.
  static let weightColumns = 256
  /// Values in one piece of a tensor of optimizer state, at most.
  static let optimizerValues = 500
  /// Values in one piece of predictions or targets, at most; the view `predictions` knows it too.
  static let predictionValues = 256

  /// Number of pieces of at most `length` that hold `count`.
  static func pieces(_ count: Int, of length: Int) -> Int { (count + length - 1) / length }
}

extension TensorDescription {
  /// BLOBs a row is stored in.
  var pieces: Int { VectorLayout.pieces(cols, of: VectorLayout.weightColumns) }
  /// Columns of each piece but a row's last: the pieces of a row are as equal as can be.
  var pieceColumns: Int { (cols + pieces - 1) / pieces }
}
