internal import LSTMKernels

/// A matrix of `rows` × `columns` floats in panels of 16 columns, in an arena.
///
/// Element (r, c) stands at base[(c / 16) · stride + r · 16 + c % 16].
@safe struct PanelMatrix {
  let base: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int

  /// Returns the floats of such a matrix: a Double, which no model overflows, and which is exact for
  /// every size that fits into a machine (below 2⁵³).
  static func floats(rows: Double, columns: Int) -> Double {
    Double(panelCount(columns)) * rows * Double(lanes)
  }

  init(_ arena: Arena, rows: Int, columns: Int) {
    unsafe base = arena.take(panelCount(columns) * rows * lanes)
    self.rows = rows
    self.columns = columns
  }

  /// Returns the matrix as the kernels see it, with its row `row` as the first.
  func panels(from row: Int = 0) -> lk_panels {
    unsafe lk_panels(base: base + row * lanes, stride: rows * lanes)
  }

  subscript(row: Int, column: Int) -> Float {
    get { unsafe base[column / lanes * rows * lanes + row * lanes + column % lanes] }
    nonmutating set {
      unsafe base[column / lanes * rows * lanes + row * lanes + column % lanes] = newValue
    }
  }
}

/// Returns the number of panels that hold `columns` columns.
func panelCount(_ columns: Int) -> Int { (columns + lanes - 1) / lanes }
