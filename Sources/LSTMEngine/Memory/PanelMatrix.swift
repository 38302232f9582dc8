internal import LSTMKernels

/// A matrix of `rows` × `columns` floats in panels of 16 columns, in an arena.
@safe struct PanelMatrix {
  let base: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int

  /// Takes a matrix; more rows than an Int holds can only be counted.
  init(_ arena: Arena, rows: Double, columns: Int) {
    unsafe base = arena.take(rows * Double(panelCount(columns) * lanes))
    self.rows = arena.isCounting ? 0 : Int(rows)
    self.columns = columns
  }

  init(_ arena: Arena, rows: Int, columns: Int) {
    self.init(arena, rows: Double(rows), columns: columns)
  }

  /// Returns the matrix as the kernels see it.
  func panels() -> lk_panels { unsafe lk_panels(base: base, stride: rows * lanes) }

  subscript(row: Int, column: Int) -> Float {
    get { unsafe panels().element(row, column) }
    nonmutating set {
      unsafe panels().place(row, panel: column / lanes)[column % lanes] = newValue
    }
  }
}

extension lk_panels {
  /// No matrix: where a kernel has nothing to read or write.
  static var none: lk_panels { unsafe lk_panels(base: nil, stride: 0) }

  /// Returns where a panel's 16 columns of a row stand: element (r, c) is lane c % 16 of panel c / 16.
  func place(_ row: Int, panel: Int) -> UnsafeMutablePointer<Float> {
    unsafe base + panel * stride + row * lanes
  }

  /// Returns an element.
  func element(_ row: Int, _ column: Int) -> Float {
    unsafe place(row, panel: column / lanes)[column % lanes]
  }
}

/// Returns the number of panels that hold `columns` columns.
func panelCount(_ columns: Int) -> Int { (columns + lanes - 1) / lanes }

/// Returns the number of columns that the last panel of `columns` holds, 1 … 16.
func lastPanelColumns(_ columns: Int) -> Int { columns - (panelCount(columns) - 1) * lanes }
