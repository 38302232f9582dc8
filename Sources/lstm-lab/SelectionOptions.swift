import ArgumentParser
import Lab

/// Which weights of a model are meant.
struct SelectionOptions: ParsableArguments {
  @Option(help: "Only weights of this layer.")
  var layer: String?

  @Option(help: "Only weights of this gate: input, forget, cell, output.")
  var gate: String?

  @Option(help: ArgumentHelp("Only weights that lead to this unit.", valueName: "n"))
  var unit: Int?

  @Option(help: "Only weights of this source: x0, x1, …, h0, …, bias.")
  var source: String?

  /// Whether less than whole layers is meant.
  var isWithinLayer: Bool { gate != nil || unit != nil || source != nil }

  /// The selection, within a tensor or of a weight where a path names one.
  func selection(path: String?) -> WeightSelection {
    var selection = WeightSelection()
    selection.path = path
    selection.layer = layer
    selection.gate = gate
    selection.unit = unit
    selection.source = source
    return selection
  }
}
