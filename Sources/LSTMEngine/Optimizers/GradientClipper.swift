/// Limits a model's gradients before they are applied.
///
/// Members of a team limit the values and sum the squares of their panels; when all are done, the
/// factors are decided once, and each member scales its panels. Squares are summed in double
/// precision, a panel of a tensor in sixteen sums, one a lane, over its rows in order; those sums are
/// added up in the order of lanes, panels and tensors. So no bit depends on who summed what.
@safe final class GradientClipper {
  /// Whether norms are limited, so that all gradients must be there before one is applied.
  var needsNorms: Bool { clipping.norm != nil }

  private let clipping: GradientClipping
  private let parts: [Part]
  private let sums: UnsafeMutablePointer<Double>  // a sum for each panel of each tensor
  private var factors: [Float]  // one a tensor

  /// Where a tensor's gradient and the sums of its panels stand.
  private struct Part {
    let placement: Placement
    /// Its rows in each panel.
    let rows: Range<Int>
    let firstSum: Int
  }

  init(_ clipping: GradientClipping, tensors: [ParameterTensor]) {
    self.clipping = clipping
    var parts: [Part] = []
    var sums = 0
    for tensor in tensors {
      parts.append(
        Part(
          placement: tensor.placement, rows: tensor.firstRow..<tensor.firstRow + tensor.rows,
          firstSum: sums))
      sums += tensor.placement.panels
    }
    self.parts = parts
    unsafe self.sums = .allocate(capacity: max(sums, 1))
    unsafe self.sums.initialize(repeating: 0, count: max(sums, 1))
    factors = [Float](repeating: 1, count: parts.count)
  }

  deinit { unsafe sums.deallocate() }

  /// Limits the values of some panels of a layer, and sums their squares where norms are limited.
  func measure(_ placement: Placement, panels: Range<Int>, _ parameters: ParameterBuffers) {
    if let value = clipping.value {
      let gradients = unsafe parameters.gradients + placement.offset
      for index in panels.lowerBound * placement.rows..<panels.upperBound * placement.rows {
        unsafe Self.limit(gradients + index * lanes, to: Float(value))
      }
    }
    guard needsNorms else { return }
    forEachPiece(of: placement, panels) { part, panel, offset in
      unsafe sums[parts[part].firstSum + panel] = Self.squares(
        parameters.gradients + offset, count: parts[part].rows.count * lanes)
    }
  }

  /// Decides how far each tensor's gradient is scaled; all panels have been measured.
  func decide() {
    let squares = parts.map { part in
      (0..<part.placement.panels).reduce(0.0) { unsafe $0 + sums[part.firstSum + $1] }
    }
    switch clipping.norm {
    case .ofEachTensor(let limit):
      for index in parts.indices { factors[index] = Self.factor(squares[index], limit) }
    case .ofAll(let limit):
      let factor = Self.factor(squares.reduce(0, +), limit)
      for index in parts.indices { factors[index] = factor }
    case nil: break
    }
  }

  /// Scales the gradients of some panels of a layer as was decided.
  func scale(_ placement: Placement, panels: Range<Int>, _ parameters: ParameterBuffers) {
    forEachPiece(of: placement, panels) { part, _, offset in
      let factor = factors[part]
      guard factor != 1 else { return }
      let gradient = unsafe parameters.gradients + offset
      for k in 0..<parts[part].rows.count * lanes { unsafe gradient[k] *= factor }
    }
  }

  /// The share of a weight's gradient that is applied, whose sum before any limit is given: what its
  /// value is cut to, times the factor of its tensor.
  ///
  /// - Parameter row: The weight's row in the panels of its layer.
  func share(of sum: Float, _ placement: Placement, row: Int) -> Double {
    var share = 1.0
    if let value = clipping.value.map({ Float($0) }), abs(sum) > value {
      share = Double(value) / Double(abs(sum))
    }
    let part = parts.firstIndex { $0.placement == placement && $0.rows.contains(row) }
    return part.map { share * Double(factors[$0]) } ?? share
  }

  /// Calls the body with each tensor, panel and first float of its rows there.
  private func forEachPiece(
    of placement: Placement, _ panels: Range<Int>, _ body: (Int, Int, Int) -> Void
  ) {
    for (index, part) in parts.enumerated() where part.placement.offset == placement.offset {
      for panel in panels {
        body(index, panel, placement.offset(panel: panel, row: part.rows.lowerBound))
      }
    }
  }

  /// limit / norm where the norm is above the limit. Not a number, where a gradient is none, which
  /// spreads to the weights and ends the run as diverged.
  private static func factor(_ squares: Double, _ limit: Double) -> Float {
    let norm = squares.squareRoot()
    return norm <= limit ? 1 : Float(limit / norm)
  }

  private static func squares(_ values: UnsafeMutablePointer<Float>, count: Int) -> Double {
    var sums = SIMD16<Double>.zero
    for row in stride(from: 0, to: count, by: lanes) {
      let x = SIMD16<Double>(unsafe load(values + row))
      sums += x * x
    }
    return (0..<lanes).reduce(0.0) { $0 + sums[$1] }
  }

  private static func limit(_ values: UnsafeMutablePointer<Float>, to limit: Float) {
    var x = unsafe load(values)
    x.replace(with: SIMD16(repeating: limit), where: x .> limit)
    x.replace(with: SIMD16(repeating: -limit), where: x .< -limit)
    unsafe UnsafeMutableRawPointer(values).storeBytes(of: x, as: SIMD16<Float>.self)
  }

  private static func load(_ values: UnsafeMutablePointer<Float>) -> SIMD16<Float> {
    unsafe UnsafeRawPointer(values).load(as: SIMD16<Float>.self)
  }
}
