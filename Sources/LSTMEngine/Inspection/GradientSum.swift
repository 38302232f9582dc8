internal import LSTMKernels

/// The sum that the gradient of each weight of a placement is, term by term.
@safe struct GradientSum {
  let placement: Placement
  let sum: lk_gradient
  /// Whether the rows of a sequence stand for its time steps in reverse.
  var isReversed = false
  /// Where the weights are a table: the number of the table's row that each row of the batch reads.
  var numbers: lk_panels?

  /// Returns the terms of one weight's gradient: one for each row of the batch that has one.
  ///
  /// A term is source × dz, exact in double precision; its row is a time step of a sequence.
  func terms(of weight: WeightAddress, _ batch: Batch) -> [GradientTerm] {
    let (first, second) = unsafe sum.source
    if let numbers = unsafe numbers {
      return unsafe biasTerms(first, weight, batch, among: numbers)
    }
    let features = unsafe first.features
    if weight.row < features { return unsafe terms(first, feature: weight.row, weight, batch) }
    guard unsafe sum.sources == 2 else { return unsafe biasTerms(first, weight, batch) }
    let recurrent = weight.row - features
    let rest = unsafe recurrent - second.features
    if rest < 0 { return unsafe terms(second, feature: recurrent, weight, batch) }
    return unsafe biasTerms(rest == 0 ? first : second, weight, batch)
  }

  /// x·dz, x one time step earlier where the source says so.
  private func terms(
    _ source: lk_source, feature: Int, _ weight: WeightAddress, _ batch: Batch
  ) -> [GradientTerm] {
    var terms: [GradientTerm] = []
    let runs = unsafe source.run_count
    for run in 0..<runs {
      let first = unsafe source.runs[run].first, lag = unsafe source.runs[run].lag
      let end = unsafe run + 1 == runs ? sum.rows : source.runs[run + 1].first
      for row in first..<max(first, end) {
        let x = unsafe source.a.element(row - lag, feature)
        let dz = unsafe source.d.place(row, panel: weight.panel)[weight.lane]
        terms.append(term(row, Double(x) * Double(dz), batch))
      }
    }
    return terms
  }

  /// dz of each row, or of those alone whose number is the weight's row.
  private func biasTerms(
    _ source: lk_source, _ weight: WeightAddress, _ batch: Batch, among numbers: lk_panels? = nil
  ) -> [GradientTerm] {
    let rows = unsafe sum.rows
    return (0..<rows).compactMap { row in
      if let numbers = unsafe numbers,
        unsafe Int(numbers.element(row, 0)) != weight.row
      {
        return nil
      }
      let dz = unsafe source.d.place(row, panel: weight.panel)[weight.lane]
      return term(row, Double(dz), batch)
    }
  }

  /// Names the sequence and the step that a row stands for; a row of a layer behind the last step stands
  /// for that.
  private func term(_ row: Int, _ value: Double, _ batch: Batch) -> GradientTerm {
    let isPerStep = unsafe sum.rows == batch.rows
    var step = 0
    if isPerStep {
      while unsafe step + 1 < batch.steps && batch.starts[step + 1] <= row { step += 1 }
    }
    let sequence = unsafe isPerStep ? row - batch.starts[step] : row
    let last = unsafe batch.lengths[sequence] - 1
    if !isPerStep { step = last } else if isReversed { step = last - step }
    return unsafe GradientTerm(sample: batch.samples[sequence], step: step, value: value)
  }
}

/// Where a weight stands: a panel and lane of its layer's placement, and a row there.
struct WeightAddress {
  let panel, lane, row: Int

  init(_ tensor: ParameterTensor, row: Int, column: Int) {
    let unit = column % tensor.units
    panel = tensor.panel(unit / lanes, group: column / tensor.units)
    lane = unit % lanes
    self.row = tensor.firstRow + row
  }

  /// The weight's place in the model's flat buffers.
  func offset(_ placement: Placement) -> Int {
    placement.offset(panel: panel, row: row) + lane
  }
}
