/// One weight tensor of a model: Keras's name and shape, and where its elements stand.
///
/// In the model's flat buffer a layer's parameters are panels of 16 columns; every panel holds the
/// rows of all of the layer's tensors, one below the other. Gate columns are interleaved: the panel
/// of 16 units of one gate is followed by that of the next gate for the same units.
package struct ParameterTensor: Equatable, Sendable {
  /// What a row of a tensor multiplies, by Keras's name of such a tensor.
  package enum Source: String, Sendable {
    /// The layer's inputs, a row for each.
    case input = "kernel"
    /// The layer's own outputs of the step before, a row for each unit.
    case hidden = "recurrent_kernel"
    /// Nothing: a row is added as it is.
    case bias
    /// A row for each whole number that an input can be, of which one is read.
    case lookup = "embeddings"
  }

  /// The layer's name, the part before the slash of Keras's path.
  package let layer: String
  /// The direction of a two-way layer that the tensor belongs to.
  package let direction: Direction?
  /// What its rows multiply.
  package let source: Source
  /// The number of rows; 1 for a vector.
  package let rows: Int
  /// The number of columns: units, or gates × units with the gates one after the other.
  package let columns: Int
  /// The gates of the column blocks in order, or none where the layer has no gates.
  package let gates: [Quantity]

  let placement: Placement
  let firstRow: Int

  /// `kernel`, `recurrent_kernel`, `bias`; `forward/kernel` in a two-way layer, and so on.
  package var name: String { direction.path(source.rawValue) }
  /// Keras's path: `lstm/recurrent_kernel`.
  package var path: String { "\(layer)/\(name)" }
  /// The number of elements.
  package var count: Int { rows * columns }
  /// The number of columns that belong to one gate; all of them where there are no gates.
  package var units: Int { columns / max(gates.count, 1) }

  /// Returns the panel of a gate's `block`-th 16 columns: those of the gates stand side by side.
  func panel(_ block: Int, group: Int) -> Int { block * max(gates.count, 1) + group }

  /// Calls the body with each run of one gate's columns that stand together: its first column, the
  /// offset of its first element in the flat buffer, and its length.
  package func forEachRun(
    row: Int, group: Int, _ body: (_ column: Int, _ offset: Int, _ count: Int) -> Void
  ) {
    for block in 0..<panelCount(units) {
      let offset = placement.offset(panel: panel(block, group: group), row: firstRow + row)
      body(group * units + block * lanes, offset, min(lanes, units - block * lanes))
    }
  }

  /// Calls the body with each run of the row's columns that stand together.
  private func forEachRun(row: Int, _ body: (_ column: Int, _ offset: Int, _ count: Int) -> Void) {
    for group in 0..<max(gates.count, 1) { forEachRun(row: row, group: group, body) }
  }

  /// Returns the elements in row-major order, as Keras has them.
  package func values(in buffer: [Float]) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: count) { values, initialized in
      unsafe copy(from: buffer, to: values)
      initialized = count
    }
  }

  /// Copies the elements in row-major order; `destination` has room for them.
  package func copy(from buffer: [Float], to destination: UnsafeMutableBufferPointer<Float>) {
    precondition(destination.count >= count, "\(path): room for \(destination.count) of \(count)")
    guard let base = destination.baseAddress else { return }
    unsafe buffer.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      for row in 0..<rows {
        forEachRun(row: row) { column, offset, count in
          unsafe (base + row * columns + column).update(from: source + offset, count: count)
        }
      }
    }
  }

  /// Writes row-major elements to their places in a flat buffer.
  package func write(_ values: [Float], to buffer: inout [Float]) {
    precondition(values.count == count, "\(path): \(values.count) values for \(count)")
    for row in 0..<rows {
      forEachRun(row: row) { column, offset, count in
        for lane in 0..<count { buffer[offset + lane] = values[row * columns + column + lane] }
      }
    }
  }
}

/// Where a layer's parameters stand in the model's flat buffers.
struct Placement: Equatable, Sendable {
  /// The first float of the first panel.
  let offset: Int
  /// The number of rows in each panel: those of all tensors together.
  let rows: Int
  let panels: Int

  /// Returns the half of the panels that one direction of a two-way layer has; all where there is none.
  func of(_ direction: Direction?) -> Placement {
    guard let direction else { return self }
    let start = direction == .forward ? offset : offset + floats / 2
    return Placement(offset: start, rows: rows, panels: panels / 2)
  }

  /// Returns the place of the first float of a panel's row.
  func offset(panel: Int, row: Int = 0) -> Int { offset + panel * panelStride + row * lanes }

  var panelStride: Int { rows * lanes }
  var floats: Int { panels * panelStride }
}
