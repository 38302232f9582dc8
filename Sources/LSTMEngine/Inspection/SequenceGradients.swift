internal import LSTMKernels

/// The gradient of each sequence of a batch alone.
///
/// After back-propagation the rows of a batch hold each sequence's terms of every sum. Those of one
/// sequence are copied to stand one after the other, and are summed as the rows of a batch of one are.
@safe final class SequenceGradients {
  /// The gradient of the sequence that was taken last, laid out as the weights are.
  let values: UnsafeMutablePointer<Float>
  private let arena: Arena
  private let kernels: Kernels
  private let steps: Int
  private let rows: UnsafeMutablePointer<Int>  // (T)  the batch's rows of the sequence
  private let runs: UnsafeMutablePointer<lk_run>  // (2)  all rows; all but the first
  private let sources: [(a: PanelMatrix, d: PanelMatrix)]

  init(_ description: NetworkDescription, _ layout: ParameterLayout, kernels: Kernels) {
    self.kernels = kernels
    steps = description.steps
    let inputs = description.shapes.reduce(1) { max($0, $1.inputs, $1.outputs) }
    let columns = layout.placements.reduce(1) { max($0, $1.panels) } * lanes
    let matrices = 2 * steps * (panelCount(inputs) * lanes + columns)
    arena = Arena(floats: layout.floats + matrices + 8 * lanes)
    unsafe values = arena.take(layout.floats)
    let arena = arena
    sources = (0..<2).map { [steps] _ in
      (
        PanelMatrix(arena, rows: steps, columns: inputs),
        PanelMatrix(arena, rows: steps, columns: columns)
      )
    }
    unsafe rows = .allocate(capacity: steps)
    unsafe runs = .allocate(capacity: 2)
    unsafe runs[0] = lk_run(first: 0, lag: 0)
    unsafe runs[1] = lk_run(first: 1, lag: 1)
  }

  deinit {
    unsafe rows.deallocate()
    unsafe runs.deallocate()
  }

  /// Sums the gradient of the batch's `sequence` into `values`.
  ///
  /// - Parameter sums: Those of the layers that are trained; the weights of others keep zeros.
  func take(_ sequence: Int, of batch: Batch, _ sums: [GradientSum]) {
    for sum in sums {
      let isPerStep = unsafe sum.sum.rows == batch.rows
      let count = unsafe isPerStep ? batch.lengths[sequence] : 1
      for t in 0..<count { unsafe rows[t] = (isPerStep ? batch.starts[t] : 0) + sequence }
      let g = unsafe lk_panels(
        base: values + sum.placement.offset, stride: sum.placement.panelStride)
      if let numbers = unsafe sum.numbers {
        unsafe takeTable(sum, numbers, g, count: count)
      } else {
        unsafe takeProducts(sum, g, count: count)
      }
    }
  }

  /// The gradient of a table: its rows that are read get the gradients of their outputs.
  private func takeTable(_ sum: GradientSum, _ numbers: lk_panels, _ g: lk_panels, count: Int) {
    let panels = sum.placement.panels
    unsafe copy(numbers, to: sources[0].a, panels: 1, count: count)
    unsafe copy(sum.sum.source.0.d, to: sources[0].d, panels: panels, count: count)
    unsafe lk_gather_by_id(
      sources[0].d.panels(), sources[0].a.panels(), count, g, sum.placement.rows, 0, panels)
  }

  /// The gradient of products: of the second source, the state, the row of the step before counts.
  private func takeProducts(_ sum: GradientSum, _ g: lk_panels, count: Int) {
    var own = unsafe lk_gradient(
      source: (
        source(sum.sum.source.0, at: 0, of: sum, count: count),
        sum.sum.sources == 2
          ? source(sum.sum.source.1, at: 1, of: sum, count: count) : lk_source()
      ),
      sources: sum.sum.sources, g: g, rows: count, biases: sum.sum.biases)
    unsafe kernels.table.gradient(&own, 0, sum.placement.panels)
  }

  private func source(
    _ source: lk_source, at index: Int, of sum: GradientSum, count: Int
  ) -> lk_source {
    let (a, d) = sources[index]
    unsafe copy(source.a, to: a, panels: panelCount(source.features), count: count)
    unsafe copy(source.d, to: d, panels: sum.placement.panels, count: count)
    return unsafe lk_source(
      a: a.panels(), d: d.panels(), features: source.features, runs: runs + index,
      run_count: index == 0 || count > 1 ? 1 : 0)
  }

  private func copy(_ from: lk_panels, to: PanelMatrix, panels: Int, count: Int) {
    unsafe lk_copy_rows(from, rows, to.panels(), nil, panels, 0, count)
  }
}
