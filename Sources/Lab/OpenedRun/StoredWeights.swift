import LabFormats
package import LabStore

/// The weights of one stored epoch.
package struct StoredWeights: Sendable {
  package let run: StoredRun
  package let epoch: Int
  package let tensors: [TensorDescription]
  /// The values of each tensor, row by row.
  package let values: [[Float]]

  /// The place that an error about the epoch names.
  let place: String

  /// Reads the epoch that a reference names; the last one with weights where it names none.
  init(_ text: String, in database: LabDatabase) throws {
    let reference = try RunReference.parse(text)
    let id = try database.find(reference)
    var epoch = try database.epoch(of: reference, in: id)
    if reference.epoch == nil {
      epoch = try database.epochs(of: id, storing: .weights).last ?? epoch
    }
    self.epoch = epoch
    run = try database.run(id)
    tensors = try database.tensors(of: id)
    values = try database.weights(of: id, at: epoch).map(\.floats)
    place = "\(database.path), run \(id)"
  }

  /// The value at a place.
  package func value(at place: WeightPlace) -> Float { values[place.tensor][place.index] }

  /// The layers' names in order.
  package var layers: [String] {
    tensors.map(\.layer).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// The run and epoch in a heading: `zero-position, run 1, epoch 100`.
  package var heading: String { "\(Visible.line(run.name)), run \(run.runID), epoch \(epoch)" }
}
