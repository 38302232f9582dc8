import LabFormats
import LabStore

/// The weights of a foreign run, a row a tensor: what stands in for Keras's summary where the layers' classes
/// are not known.
struct ForeignSummary: Sendable {
  let table: Table

  /// Takes the tensors as they are stored and as their program has them.
  init(_ tensors: [TensorDescription], _ foreign: [ForeignTensor]) {
    table = Table(
      columns: [
        .init("layer", .text), .init("tensor", .text), .init("shape", .text),
        .init("weights", .integer), .init("gates", .text), .init("trainable", .text),
        .init("dtype", .text), .init("path", .text),
      ],
      rows: zip(tensors, foreign).map { tensor, own in
        [
          .text(tensor.layer), .text(tensor.tensor),
          .text("(" + own.shape.map(String.init).joined(separator: ", ") + ")"),
          .integer(tensor.count),
          tensor.gates.isEmpty ? .null : .text(tensor.gates.joined(separator: " ")),
          .text(own.isTrainable ? "yes" : "no"), .text(own.dtype), .text(own.path),
        ]
      })
  }

  /// The table, without what says nothing.
  func text(width: Int?) -> String {
    var shown = table.droppingEmptyColumns()
    let isAllTrained = table.rows.allSatisfy { $0[5] == .text("yes") }
    let isAllFloat = table.rows.allSatisfy { $0[6] == .text("float32") }
    shown = shown.dropping((isAllTrained ? ["trainable"] : []) + (isAllFloat ? ["dtype"] : []))
    return shown.text(
      fitting: width, TableFit(important: ["layer", "tensor", "shape"], mostTurned: 0))
  }
}
