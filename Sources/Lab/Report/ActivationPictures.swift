import LSTMEngine

/// The gates and states of one sample over its time steps as pictures: rows are units.
struct ActivationPictures {
  let sample: Int
  let layer: String
  /// The number of steps and units.
  let steps, units: Int
  let pictures: [(name: String, grid: HeatGrid)]
  let isReduced: Bool

  private static let limits = [64, 48, 32, 16, 8, 4]

  init(_ trace: LayerTrace, sample: Int, cells: Int) {
    self.sample = sample
    layer = trace.layer
    steps = trace.input.count
    units = trace.units
    let (steps, units) = (steps, units)
    let limit =
      Self.limits.first {
        trace.quantities.count * min(units, $0) * min(steps, $0) <= cells
      } ?? 4
    isReduced = max(steps, units) > limit
    pictures = trace.quantities.map { quantity in
      let scale = quantity.isPart ? 1 : quantity.greatest
      let grid = HeatGrid(rows: units, cols: steps, limit: limit, scale: scale) { unit, step in
        quantity.values[step][unit]
      }
      return (quantity.name, grid)
    }
  }

  /// Computes the first samples with a run's last weights.
  static func of(
    _ run: Int64, samples count: Int, cells: Int, in laboratory: Laboratory
  ) throws -> [ActivationPictures] {
    let inspected = try InspectedRun(String(run), split: nil, in: laboratory)
    let network = inspected.network
    return (0..<min(count, inspected.samples.count)).flatMap { sample in
      // Layers without gates and states have nothing to show over time.
      network.trace(inspected.samples.sequence(sample)).layers.filter { $0.units > 0 }.map {
        ActivationPictures($0, sample: sample, cells: cells)
      }
    }
  }
}
