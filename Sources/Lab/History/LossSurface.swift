import LSTMEngine
import LabFormats

/// The loss around a way of weights, in the plane of its first two principal components.
struct LossSurface {
  /// A row a place.
  let table: Table
  private let side: Int
  private let losses: [Double]

  /// Measures a grid that reaches a quarter further than the way on each side.
  ///
  /// - Parameter side: The number of places along each direction, at least 2.
  init(of path: WeightStates, _ model: MeasuredModel, side: Int) {
    let layout = ParameterLayout(
      model.applied.network.layers, features: model.applied.network.features)
    func places(_ component: Int) -> [Double] {
      let own = path.seen.map { $0.indices.contains(component) ? $0[component] : 0 }
      let least = own.min() ?? 0
      let greatest = own.max() ?? 0
      let margin = max((greatest - least) / 4, 1e-9)
      let width = greatest - least + 2 * margin
      return (0..<side).map { index in
        least - margin + width * Double(index) / Double(side - 1)
      }
    }
    let (across, up) = (places(0), places(1))
    var losses: [Double] = []
    var rows: [[Table.Cell]] = []
    for y in up {
      for x in across {
        let weights = StoredWeights.values(path.weights(at: (x, y)), for: layout)
        let loss = model.measured(with: weights).loss
        losses.append(loss)
        rows.append([.real(x), .real(y), .real(loss)])
      }
    }
    self.side = side
    self.losses = losses
    table = Table(
      columns: [.init("pc1", .number), .init("pc2", .number), .init("loss", .metric)], rows: rows)
  }

  /// Returns the surface as shades, the lowest loss darkest.
  func text(on screen: Screen) -> String {
    let finite = losses.filter(\.isFinite)
    let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 0)
    let shades = Array("█▓▒░ ")
    let every = max(1, (2 * side + screen.width - 1) / screen.width)
    let lines = stride(from: side - 1, through: 0, by: -every).map { row in
      stride(from: 0, to: side, by: every).map { column in
        let part = (losses[row * side + column] - least) / max(greatest - least, 1e-300)
        let shade = part.isFinite ? min(shades.count - 1, Int(part * Double(shades.count))) : 4
        return String(repeating: shades[shade], count: 2)
      }.joined()
    }
    return
      "Loss from \(NumberText.metric(least)) (█) to \(NumberText.metric(greatest)), pc1 across, pc2 up:\n"
      + lines.joined(separator: "\n") + "\n"
  }
}
