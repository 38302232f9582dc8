import Foundation
import LSTMEngine
package import LabFormats
import LabStore

/// Loss and metrics along the straight line between two states of a model.
///
/// The barrier is how far the line rises above the mean of its ends: Frankle, Dziugaite, Roy and Carbin, "Linear Mode
/// Connectivity and the Lottery Ticket Hypothesis", ICML 2020.
package struct Interpolation: Answer {
  /// A place on the line.
  struct Point {
    /// 0 at the first state, 1 at the second.
    let alpha: Double
    let loss: Double
    let metrics: [(metric: Metric, value: Double)]
  }

  private let heading: String
  let points: [Point]

  /// Measures a model's samples at places that are evenly spaced, both ends among them.
  ///
  /// - Parameter count: The number of places, at least 2.
  init(
    _ a: [[Float]], _ b: [[Float]], _ model: MeasuredModel, points count: Int, heading: String
  ) {
    self.heading = heading
    points = (0..<count).map { index in
      let alpha = Double(index) / Double(count - 1)
      let measured = model.measured(with: Self.between(a, b, at: alpha))
      return Point(alpha: alpha, loss: measured.loss, metrics: measured.metrics)
    }
  }

  /// (1 − α)·a + α·b, rounded once; at the ends a and b themselves.
  private static func between(_ a: [[Float]], _ b: [[Float]], at alpha: Double) -> [[Float]] {
    if alpha == 0 { return a }
    if alpha == 1 { return b }
    return zip(a, b).map { a, b in
      zip(a, b).map { Float((1 - alpha) * Double($0) + alpha * Double($1)) }
    }
  }

  /// How far a number rises above the mean of its ends, for one that is best at its lowest; not below 0.
  private func barrier(_ value: (Point) -> Double) -> Double {
    let mean = (value(points[0]) + value(points[points.count - 1])) / 2
    return max(0, points.map(value).reduce(-Double.infinity, max) - mean)
  }

  /// A row a place.
  package var table: Table {
    Table(
      columns: [.init("alpha", .number), .init("loss", .metric)]
        + points[0].metrics.map { .init($0.metric.rawValue, .metric) },
      rows: points.map { point in
        [.real(point.alpha), .real(point.loss)] + point.metrics.map { .real($0.value) }
      })
  }

  /// The rows, and the barriers.
  package var jsonText: JSONText {
    let loss = barrier(\.loss)
    return .lines(
      ["loss_barrier": loss.isFinite ? .real(loss) : .null],
      ["error_barrier": errorBarrier.map { $0.isFinite ? .real($0) : .null }],
      ["points": .table(table)])
  }

  /// That of 1 − accuracy; nil where the accuracy is not measured.
  private var errorBarrier: Double? {
    guard let place = points[0].metrics.firstIndex(where: { $0.metric == .accuracy }) else {
      return nil
    }
    return barrier { 1 - $0.metrics[place].value }
  }

  /// Returns the barriers and the rows.
  package func text(on screen: Screen) -> String {
    var facts = [Fact("loss barrier", NumberText.metric(barrier(\.loss)))]
    facts.add("error barrier", errorBarrier.map(NumberText.metric))
    return WrappedText.lines(heading, width: screen.columns, hanging: "  ") + "\n"
      + facts.text(width: screen.columns) + "\n"
      + table.text(
        fitting: screen.columns, TableFit(important: ["alpha", "loss", "accuracy"], mostTurned: 0))
  }
}
