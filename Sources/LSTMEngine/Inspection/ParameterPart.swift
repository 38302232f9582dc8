/// A gate of a layer, or a whole layer where it has no gates: the weights that a sum of its units has.
package struct ParameterPart: Equatable, Sendable {
  /// The layer's name.
  package let layer: String
  /// The direction of a two-way layer that it belongs to.
  package let direction: Direction?
  /// The gate; nil in a layer without gates.
  package let gate: Quantity?
  /// Where its panels stand in the flat buffer.
  private(set) var panels: [Range<Int>] = []
}

extension ParameterLayout {
  /// The parts that hold weights, in the order of the tensors and their gates.
  package var parts: [ParameterPart] {
    var parts: [ParameterPart] = []
    for tensor in tensors where tensor.firstRow == 0 {
      for (group, gate) in (tensor.gates.isEmpty ? [nil] : tensor.gates.map(Optional.some))
        .enumerated()
      {
        let panels = (0..<panelCount(tensor.units)).map { block in
          let first = tensor.placement.offset(panel: tensor.panel(block, group: group))
          return first..<first + tensor.placement.panelStride
        }
        parts.append(
          ParameterPart(
            layer: tensor.layer, direction: tensor.direction, gate: gate, panels: panels))
      }
    }
    return parts
  }
}

extension ParameterPart {
  /// The product of two flat buffers over the part's weights, in double precision: sixteen sums, one a
  /// lane, over the rows in order, which are added up in the order of the lanes.
  func product(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Double {
    var sums = SIMD16<Double>.zero
    for panel in panels {
      for row in stride(from: panel.lowerBound, to: panel.upperBound, by: lanes) {
        unsafe sums += SIMD16<Double>(Self.load(a + row)) * SIMD16<Double>(Self.load(b + row))
      }
    }
    return (0..<lanes).reduce(0.0) { $0 + sums[$1] }
  }

  private static func load(_ values: UnsafePointer<Float>) -> SIMD16<Float> {
    unsafe UnsafeRawPointer(values).loadUnaligned(as: SIMD16<Float>.self)
  }
}
