import LSTMEngine
import LabFormats
import LabStore

/// How another program's numbers of a tensor were put into our order: a permutation, which can be undone.
struct Turning: Equatable, Sendable {
  /// Whether its columns are our rows.
  var isTransposed = false
  /// For each of our blocks of columns the number of its own; empty where they stand as its do.
  var blocks: [Int] = []
  /// The names of its tensors where each is a row of ours; empty where it has one.
  var stacked: [String] = []

  /// Reads what is stored with a tensor.
  ///
  /// - Throws: `LabError` where it is not what was written.
  init(json: String, place: String) throws(LabError) {
    let problems = ConfigProblems()
    let root = try JSONDocument(json, source: place).root
    self = Self.rule(ConfigNode(value: root, path: "turned", problems: problems))
    try problems.throwIfAny()
  }

  private init() {}

  /// What the object may say.
  static let rule = Rule.object(
    ObjectForm(
      start: Turning(),
      [
        Field("transpose", \.isTransposed, .boolean),
        Field("blocks", \.blocks, .set(of: .integer(0...3), upTo: 4)),
        Field("stacked", \.stacked, .set(of: .line(upTo: 1_000), upTo: 2)),
      ]))

  /// Whether it is one of a tensor of this shape.
  func fits(rows: Int, cols: Int) -> Bool {
    let isPermutation = blocks.isEmpty || Set(blocks) == Set(0..<blocks.count)
    let splits = cols.isMultiple(of: max(blocks.count, 1))
    let stacks = stacked.isEmpty || stacked.count == rows && !isTransposed
    return isPermutation && splits && stacks
  }

  /// Returns the values in the other program's order, row by row.
  func undone(_ values: [Float], rows: Int, cols: Int) -> [Float] {
    var own = values
    if !blocks.isEmpty {
      let units = cols / blocks.count
      for row in 0..<rows {
        for (ours, theirs) in blocks.enumerated() {
          for unit in 0..<units {
            own[row * cols + theirs * units + unit] = values[row * cols + ours * units + unit]
          }
        }
      }
    }
    guard isTransposed else { return own }
    return (0..<cols).flatMap { col in (0..<rows).map { own[$0 * cols + col] } }
  }
}

extension OpenedRun {
  /// The weights of an epoch of a foreign run as its program had them: names, shapes, order of numbers.
  func foreignTensors(at epoch: Int) throws -> [NamedTensor] {
    let tensors = try database.tensors(of: id)
    let foreign = try database.foreignTensors(of: id)
    let values = try weights(at: epoch)
    guard foreign.count == tensors.count else {
      throw LabError(
        .data, "the stored tensors do not belong to another program's run", where: place,
        next: LabError.adviceOnDamage(database.path))
    }
    var named: [NamedTensor] = []
    for (index, tensor) in tensors.enumerated() {
      named += try own(foreign[index], tensor, values[index])
    }
    return named
  }

  private func own(
    _ foreign: ForeignTensor, _ tensor: TensorDescription, _ values: [Float]
  ) throws(LabError) -> [NamedTensor] {
    guard let turned = foreign.turned else {
      guard foreign.shape.reduce(1, *) == values.count else { throw doesNotFit(tensor) }
      return [NamedTensor(name: foreign.path, shape: foreign.shape, values: values)]
    }
    let turning = try Turning(json: turned, place: place)
    guard turning.fits(rows: tensor.rows, cols: tensor.cols),
      foreign.shape.reduce(1, *) == values.count
    else { throw doesNotFit(tensor) }
    let own = turning.undone(values, rows: tensor.rows, cols: tensor.cols)
    guard !turning.stacked.isEmpty else {
      return [NamedTensor(name: foreign.path, shape: foreign.shape, values: own)]
    }
    return turning.stacked.enumerated().map { row, name in
      let start = row * tensor.cols
      return NamedTensor(
        name: name, shape: [tensor.cols], values: Array(own[start..<start + tensor.cols]))
    }
  }

  private func doesNotFit(_ tensor: TensorDescription) -> LabError {
    LabError(
      .data, "`\(tensor.path)` does not fit what is stored of its order", where: place,
      next: LabError.adviceOnDamage(database.path))
  }
}
