import LabFormats
import LabStore

/// The weights of one stored epoch.
struct StoredWeights: Sendable {
  let opened: OpenedRun
  let epoch: Int
  let tensors: [TensorDescription]
  /// The values of each tensor, row by row.
  let values: [[Float]]

  /// Reads the epoch that was named with the run; that of its result where none was.
  init(_ opened: OpenedRun) throws {
    epoch = try opened.epochWithWeights()
    self.opened = opened
    tensors = try opened.database.tensors(of: opened.id)
    values = try opened.weights(at: epoch)
  }

  /// Reads a stored epoch.
  init(_ opened: OpenedRun, at epoch: Int) throws {
    self.opened = opened
    self.epoch = epoch
    tensors = try opened.database.tensors(of: opened.id)
    values = try opened.weights(at: epoch)
  }

  var run: StoredRun { opened.run }

  /// The place that an error about the epoch names.
  var place: String { opened.place }

  /// The value at a place.
  func value(at place: WeightPlace) -> Float { values[place.tensor][place.index] }

  /// The layers' names in order.
  var layers: [String] {
    tensors.map(\.layer).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// The run and epoch in a heading: `zero-position, run 1, epoch 100`.
  var heading: String { "\(Visible.line(run.name)), run \(run.runID), epoch \(epoch)" }
}
