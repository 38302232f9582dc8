internal import LSTMKernels

/// The arithmetic functions of one instruction-set level.
///
/// Every level gives the same bits; they differ in speed only.
@safe package struct Kernels: @unchecked Sendable {
  let table: lk_kernels

  /// The level's name: `portable`, `v2`, `v3` or `v4`.
  package var name: String { unsafe String(cString: table.name) }

  /// The memory that `repeat_tile` works on.
  var tileFloats: Int { Int(LK_TILE_FLOATS) }

  /// The names of the levels that this processor can run, slowest first.
  package static var available: [String] {
    (0..<lk_level_count()).filter { unsafe lk_level($0) != nil }.map {
      unsafe String(cString: lk_level_name($0))
    }
  }

  /// The fastest level that this processor can run.
  package static let best: Kernels = {
    guard let name = available.last, let kernels = Kernels(level: name) else {
      preconditionFailure("no instruction-set level runs on this processor")
    }
    return kernels
  }()

  /// The level with a name, or nil where this processor cannot run it or it does not exist.
  package init?(level name: String) {
    for index in 0..<lk_level_count() where unsafe String(cString: lk_level_name(index)) == name {
      guard let level = unsafe lk_level(index) else { return nil }
      unsafe table = level.pointee
      return
    }
    return nil
  }

  /// A function of one float, computed for an array.
  package enum Function: CaseIterable, Sendable {
    /// eˣ.
    case exp
    /// The hyperbolic tangent.
    case tanh
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    /// The natural logarithm.
    case log
  }

  /// Returns the function of each element, the same for every position in the array.
  package func map(_ function: Function, _ values: [Float]) -> [Float] {
    let blocks = panelCount(values.count)
    let arena = Arena(floats: 2 * blocks * lanes)
    let input = unsafe arena.take(blocks * lanes), output = unsafe arena.take(blocks * lanes)
    for (index, value) in values.enumerated() { unsafe input[index] = value }
    switch function {
    case .exp: unsafe table.exp(blocks * lanes, input, output)
    case .tanh: unsafe table.tanh(blocks * lanes, input, output)
    case .sigmoid: unsafe table.sigmoid(blocks * lanes, input, output)
    case .log: unsafe table.log(blocks * lanes, input, output)
    }
    return values.indices.map { unsafe output[$0] }
  }

  /// Returns a·b + c, rounded once, for each element of three arrays of one length.
  package func fusedMultiplyAdd(_ a: [Float], _ b: [Float], _ c: [Float]) -> [Float] {
    precondition(a.count == b.count && b.count == c.count, "\(a.count), \(b.count), \(c.count)")
    let size = panelCount(a.count) * lanes
    let arena = Arena(floats: 4 * size)
    let columns = unsafe [a, b, c].map { values in
      let column = unsafe arena.take(size)
      for (index, value) in values.enumerated() { unsafe column[index] = value }
      return unsafe column
    }
    let output = unsafe arena.take(size)
    unsafe table.fma(size, columns[0], columns[1], columns[2], output)
    return a.indices.map { unsafe output[$0] }
  }
}

/// The number of floats in a panel's row.
let lanes = Int(LK_LANES)
