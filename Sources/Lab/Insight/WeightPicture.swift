import LabFormats
import LabStore

/// Weights as a heat map: for each tensor and gate a row a source and two columns of the terminal a
/// unit.
struct WeightPicture: Sendable {
  let places: [WeightPlace]
  let weights: StoredWeights

  /// What is drawn in one piece: one gate of one tensor.
  private struct Block {
    let tensor: Int
    let gate: String?
    var places: [WeightPlace] = []
  }

  /// The lines of a block that a terminal shows without being asked for more, roughly.
  private static let mostLines = 40

  private var blocks: [Block] {
    var blocks: [Block] = []
    for place in places {
      let isNew = { (block: Block) in block.tensor != place.tensor || block.gate != place.gate }
      var index = blocks.lastIndex { !isNew($0) }
      if index == nil {
        blocks.append(Block(tensor: place.tensor, gate: place.gate))
        index = blocks.count - 1
      }
      if let index { blocks[index].places.append(place) }
    }
    return blocks
  }

  /// Returns the pictures one below the other, with what their shades mean.
  func text(on screen: Screen, isWhole: Bool) -> String {
    blocks.map { draw($0, on: screen, isWhole: isWhole) }.joined(separator: "\n")
  }

  private func draw(_ block: Block, on screen: Screen, isWhole: Bool) -> String {
    let description = block.places[0].description
    let greatest = weights.values[block.tensor].reduce(Float(0)) { max($0, abs($1)) }
    let units = Set(block.places.map(\.unit)).sorted()
    let rows = Set(block.places.map(\.row)).sorted()
    func map(_ units: [Int], _ rows: [Int]) -> HeatMap {
      HeatMap(
        title: "unit", columns: units,
        rows: rows.map { row in
          HeatMap.Row(
            name: "", number: description.sourceName(ofRow: row) ?? "\(row)", scale: greatest,
            values: units.map { value(block, row, $0) })
        }, width: screen.width, colour: screen.hasColour)
    }
    var (shownUnits, shownRows) = (units, rows)
    if !isWhole {
      let size = map(units, rows).pieceSize
      shownRows = Array(rows.prefix(max(Self.mostLines * size / max(1, units.count), 8)))
      shownUnits = Array(units.prefix(max(1, Self.mostLines / shownRows.count) * size))
    }
    let gate = block.gate.map { ", \($0) gate" } ?? ""
    let heading = WrappedText.lines(
      Visible.line(description.path) + gate, width: screen.columns)
    let legend = HeatMap.legend(
      colour: screen.hasColour, bound: NumberText.number(Double(greatest)))
    return heading + map(shownUnits, shownRows).text + legend + "\n"
      + hint(shownUnits, of: units, shownRows, of: rows, screen)
  }

  private func value(_ block: Block, _ row: Int, _ unit: Int) -> Float {
    let description = block.places[0].description
    let gate = block.gate.flatMap { description.gates.firstIndex(of: $0) } ?? 0
    let col = gate * description.units + unit
    return weights.values[block.tensor][row * description.cols + col]
  }

  private func hint(
    _ units: [Int], of allUnits: [Int], _ rows: [Int], of allRows: [Int], _ screen: Screen
  ) -> String {
    guard units.count < allUnits.count || rows.count < allRows.count else { return "" }
    var next = "all with --all"
    if units.count < allUnits.count {
      let last = allUnits[min(allUnits.count, 2 * units.count) - 1]
      next = "others with --units \(allUnits[units.count])..\(last), " + next
    }
    return WrappedText.lines(
      "Shown: \(units.count) of \(allUnits.count) units, \(rows.count) of \(allRows.count) sources. "
        + "See \(next).", width: screen.columns)
  }
}
