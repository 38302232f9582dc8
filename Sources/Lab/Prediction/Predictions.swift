import LSTMEngine
package import LabFormats
import LabStore

/// What an epoch makes of some samples: a row a sample, or a time step where each has an output.
package struct Predictions: Answer {
  private let epoch: AppliedEpoch
  private let outputs: [Float]  // (rows, outputs)
  private let targets: SampleSet.Targets
  private let identity: SampleIdentity
  private let columns: [Table.Column]
  private let hasSteps: Bool
  private let hasTargets: Bool

  /// Computes what the epoch makes of its samples.
  ///
  /// - Parameter label: The column whose text in a window's last row says where it ends.
  init(
    _ epoch: AppliedEpoch, label: String?, resources: TrainingSession.Resources
  ) throws(LabError) {
    self.epoch = epoch
    identity = try SampleIdentity(epoch, label: label)
    outputs = epoch.computed(resources: resources).outputs
    targets = epoch.samples.outputTargets
    hasSteps = epoch.network.outputHasSteps
    hasTargets = epoch.hasTargets
    columns = Self.columns(epoch, identity, hasTargets: hasTargets)
  }

  private static func columns(
    _ epoch: AppliedEpoch, _ identity: SampleIdentity, hasTargets: Bool
  ) -> [Table.Column] {
    var titles = ColumnTitles()
    var last: [Table.Column] = []
    func add(_ title: String, _ kind: Table.Kind, as what: String) {
      last.append(.init(titles.add(title, as: what), kind))
    }
    var first: [Table.Column] = []
    if epoch.network.outputHasSteps { first = [.init(titles.add("step", as: "column"), .integer)] }
    if let classes = epoch.outputs.classes {
      let kind = classes.names.isEmpty ? Table.Kind.exact : .text
      add("predicted", kind, as: "column")
      if hasTargets { add("target", kind, as: "column") }
    }
    first.insert(contentsOf: identity.columns(&titles), at: 0)
    switch epoch.outputs {
    case .classes(let classes):
      for number in 0..<classes.count {
        first.append(.init(titles.add(classes.title(number), as: "class"), .exact))
      }
    case .second(let classes):
      first.append(.init(titles.add(classes.title(1), as: "class"), .exact))
    case .numbers(let names):
      for name in names { first.append(.init(titles.add(name, as: "output"), .exact)) }
      for name in names where hasTargets {
        add(names.count == 1 ? "target" : "target_\(name)", .exact, as: "column")
      }
    }
    return first + last
  }

  /// The cells of a row of the outputs, which belongs to a sample and perhaps to one of its steps.
  private func cells(row: Int, sample: Int, step: Int) -> [Table.Cell] {
    let width = epoch.network.outputs
    let output = outputs[row * width..<(row + 1) * width]
    var cells = identity.cells(of: sample)
    if hasSteps { cells.append(.integer(step)) }
    cells += output.map(Table.Cell.init(fewestDigitsOf:))
    if let classes = epoch.outputs.classes, let predicted = epoch.outputs.predicted(output) {
      cells.append(classes.cell(predicted))
    }
    return hasTargets ? cells + targets(row: row) : cells
  }

  private func targets(row: Int) -> [Table.Cell] {
    if let classes = epoch.outputs.classes {
      guard epoch.isKnown(row: row) else { return [.null] }
      if let target = epoch.outputs.target(targets, row: row) {
        return [classes.cell(target)]
      }
    }
    guard case .values(let scaled, let width) = targets else { return [.null] }
    let values = epoch.samples.unscaled?.values ?? scaled
    return (row * width..<(row + 1) * width).map {
      epoch.isKnown(value: $0) ? Table.Cell(fewestDigitsOf: values[$0]) : .null
    }
  }

  /// Calls `body` with the cells of one row after the other, until it returns false.
  private func forEachRow(_ body: ([Table.Cell]) throws -> Bool) rethrows {
    for sample in 0..<epoch.samples.count {
      let rows = hasSteps ? epoch.samples.outputRows(of: sample) : sample..<sample + 1
      for (step, row) in rows.enumerated() {
        guard try body(cells(row: row, sample: sample, step: step)) else { return }
      }
    }
  }

  /// One row a sample or time step.
  package var table: Table {
    var rows: [[Table.Cell]] = []
    forEachRow { cells in
      rows.append(cells)
      return true
    }
    return Table(columns: columns, rows: rows)
  }

  /// Writes the rows piece by piece, in little memory.
  ///
  /// - Parameter write: Takes the next piece; false where nobody reads on.
  package func write(
    as form: TableStream.Form, write: (String) throws -> Bool
  ) throws {
    var stream = TableStream(form, titles: columns.map(\.title))
    var piece: [UInt8] = []
    var isRead = true
    stream.appendHead(to: &piece)
    try forEachRow { cells in
      stream.append(cells, to: &piece)
      guard piece.count >= 1 << 16 else { return true }
      isRead = try write(String(decoding: piece, as: UTF8.self))
      piece.removeAll(keepingCapacity: true)
      return isRead
    }
    guard isRead else { return }
    stream.appendEnd(to: &piece)
    _ = try write(String(decoding: piece, as: UTF8.self))
  }
}

extension Table.Cell {
  /// A number with the fewest digits that read back to the same float32.
  init(fewestDigitsOf value: Float) { self = .real(Double(value.description) ?? Double(value)) }
}
