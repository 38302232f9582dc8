internal import LSTMKernels

/// A weight matrix W (I, C) in panels, which the kernels multiply sequences with.
@safe final class PanelWeights: @unchecked Sendable {  // nothing changes it once it is filled
  private let memory: Arena
  private let matrix: PanelMatrix
  private let kernels: lk_kernels
  private let depth: Int

  /// Copies row-major values.
  init(columns: Int, rowMajor values: [Float], kernels: Kernels) {
    depth = values.count / columns
    unsafe self.kernels = kernels.table
    let rows = panelCount(depth) * lanes
    memory = Arena(floats: rows * panelCount(columns) * lanes)
    matrix = PanelMatrix(memory, rows: rows, columns: columns)
    for (index, value) in values.enumerated() { matrix[index / columns, index % columns] = value }
  }

  /// Returns start + x·W for each row: (N, C) from x (N, I).
  ///
  /// Each sum is the chain of fused multiply-adds in index order that training computes, bit for bit.
  func product(_ x: [[Float]], from start: [Float]) -> [[Float]] {
    precondition(start.count == matrix.columns, "\(start.count) starts, \(matrix.columns) columns")
    let panels = panelCount(depth) + panelCount(matrix.columns)
    let scratch = Arena(floats: panels * x.count * lanes)
    let a = PanelMatrix(scratch, rows: x.count, columns: depth)
    let c = PanelMatrix(scratch, rows: x.count, columns: matrix.columns)
    for (row, values) in x.enumerated() {
      precondition(values.count == depth, "\(values.count) numbers for \(depth) rows")
      a.write(values, row: row)
      c.write(start, row: row)
    }
    var product = unsafe lk_product(
      a: a.panels(), b: matrix.panels(), c: c.panels(), depth_panels: panelCount(depth),
      tail_panels: 1, tail_depth: lastPanelColumns(depth),
      columns_panels: panelCount(matrix.columns), bias: nil, start: LK_FROM_OUTPUT)
    unsafe kernels.product(&product, 0, x.count)
    return x.indices.map { c.values(row: $0) }
  }
}

extension PanelMatrix {
  /// Copies a row's numbers into it.
  fileprivate func write(_ values: [Float], row: Int) {
    for (panel, first) in stride(from: 0, to: columns, by: lanes).enumerated() {
      let place = unsafe panels().place(row, panel: panel)
      for column in first..<min(first + lanes, columns) {
        unsafe place[column - first] = values[column]
      }
    }
  }

  /// Returns a row's numbers.
  fileprivate func values(row: Int) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: columns) { values, count in
      for (panel, first) in stride(from: 0, to: columns, by: lanes).enumerated() {
        let place = unsafe panels().place(row, panel: panel)
        for column in first..<min(first + lanes, columns) {
          unsafe values[column] = place[column - first]
        }
      }
      count = columns
    }
  }
}
