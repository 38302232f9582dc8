import LabFormats
import LabStore

/// The histories of several weights, a line each.
struct WeightHistories: Sendable {
  /// A weight with the epochs that stored it.
  struct History: Sendable {
    let place: WeightPlace
    let points: [(epoch: Int, value: Float)]
  }

  let histories: [History]

  /// One row a weight and epoch.
  var table: Table {
    Table(
      columns: WeightPlace.columns + [
        .init("epoch", .integer), .init("value", .number), .init("change", .metric),
      ],
      rows: histories.flatMap { history in
        history.points.enumerated().map { index, point in
          let before = index == 0 ? nil : Double(history.points[index - 1].value)
          return history.place.cells + [
            .integer(point.epoch), .real(Double(point.value)),
            before.map { .real(Double(point.value) - $0) } ?? .null,
          ]
        }
      })
  }

  /// Returns a curve a weight between its first and its last value.
  func text(on screen: Screen, isWhole: Bool) -> String {
    let shown = histories.prefix(isWhole ? .max : WeightsReport.shownRows)
    let names = shown.map { Visible.line($0.place.name) }
    let nameWidth = names.map { DisplayWidth.of($0) }.max() ?? 0
    let ends = shown.map { history in
      [history.points.first, history.points.last].map { point in
        NumberText.number(Double(point?.value ?? .nan))
      }
    }
    let endWidth = ends.flatMap { $0.map(\.count) }.max() ?? 0
    let room = min(screen.width, 100) - nameWidth - 2 * endWidth - 4
    // Where a curve would be too short it gets a line of its own below the name.
    let isApart = room < Self.shortest
    let width = isApart ? min(screen.width, 100) - 2 * endWidth - 4 : room
    let lines = shown.indices.map { index in
      let values = shown[index].points.map { Double($0.value) }
      let first = DisplayWidth.padded(ends[index][0], to: endWidth, alignment: .right)
      let curve = Sparkline.text(values, width: max(2, width))
      let name = DisplayWidth.padded(names[index], to: nameWidth, alignment: .left)
      return (isApart ? names[index] + "\n  " : name + "  ")
        + "\(first) \(curve) \(ends[index][1])\n"
    }
    let left = histories.count - shown.count
    let hint =
      left == 0
      ? ""
      : "\n\(NumberText.count(left)) more weights: --all shows every one, --csv every number.\n"
    return lines.joined() + hint
  }

  /// The fewest signs of a curve beside its name.
  private static let shortest = 12
}

extension Laboratory {
  /// Reads the histories of weights up to an epoch.
  func histories(_ places: [WeightPlace], of weights: StoredWeights) throws -> WeightHistories {
    let (opened, run) = (weights.opened, weights.run.runID)
    guard places.count > Self.mostLookUps else {
      return WeightHistories(
        histories: try places.map { place in
          let points = try opened.database.history(
            of: run, tensor: place.tensor, row: place.row, col: place.col)
          return WeightHistories.History(
            place: place,
            points: points.filter { $0.epoch <= weights.epoch }.map {
              ($0.epoch, $0.bytes.floats[0])
            })
        })
    }
    var points = [[(epoch: Int, value: Float)]](repeating: [], count: places.count)
    for epoch in try opened.database.epochs(of: run, storing: .weights) where epoch <= weights.epoch
    {
      let values = try opened.weights(at: epoch)
      for (index, place) in places.enumerated() {
        points[index].append((epoch, values[place.tensor][place.index]))
      }
    }
    return WeightHistories(
      histories: zip(places, points).map { WeightHistories.History(place: $0, points: $1) })
  }

  /// With more weights than these it is faster to read each epoch whole.
  private static let mostLookUps = 64
}
