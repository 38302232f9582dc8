import LabFormats

/// What speaks against the side of samples that padding was cut from.
struct PaddingFinding {
  private let side: Padding
  /// The first sample that keeps one and the same step over and over, and loses others.
  private let sample: Int
  /// The number of such samples.
  private let count: Int

  /// Looks at samples before they are cut; nil where all is as it should be.
  ///
  /// Where no sample is that plain, what is cut off decides: it is padding if it is the same step
  /// everywhere, or repeats its neighbour. If it is not, but would be on the other side, the side is wrong.
  init?(_ x: RaggedArray, lengths: [Int], _ side: Padding) {
    self.side = side
    var start = 0
    var wrong: [Int] = []
    var firstLoss: Int?
    var cut = Rows()
    var opposite = Rows()
    for (sample, kept) in lengths.enumerated() {
      let rows = start..<start + x.lengths[sample]
      start = rows.upperBound
      guard kept < rows.count else { continue }
      let lost = rows.count - kept
      let ends = (first: rows.prefix(lost), last: rows.suffix(lost))
      let isPre = side == .pre
      let keptRows = isPre ? rows.suffix(kept) : rows.prefix(kept)
      let cutRows = isPre ? ends.first : ends.last
      let withNeighbour = isPre ? rows.prefix(lost + 1) : rows.suffix(lost + 1)
      if Rows(x, keptRows).areEqual, !Rows(x, cutRows).areEqual { wrong.append(sample) }
      if !Rows(x, withNeighbour).areEqual { firstLoss = firstLoss ?? sample }
      cut.add(x, cutRows)
      opposite.add(x, isPre ? ends.last : ends.first)
    }
    if wrong.isEmpty, let firstLoss, !cut.areEqual, opposite.areEqual { wrong.append(firstLoss) }
    guard let first = wrong.first else { return nil }
    sample = first
    count = wrong.count
  }

  /// The warning about samples at the JSON path `path` of the configuration `file`.
  func warning(path: String, file: ConfigFile) -> LabWarning {
    let other: Padding = side == .post ? .pre : .post
    return LabWarning(
      "`\(path).x[\(sample)]`\(count > 1 ? " and \(count - 1) more" : "") keeps its padding and "
        + "loses its data: the steps that count are all the same, the others are not",
      where: "\(file.path), \(path).lengths",
      next: "padding that stands \(side == .post ? "before" : "behind") the data needs "
        + "`\"padding\": \"\(other.rawValue)\"` beside `lengths`")
  }

  /// Whether some time steps are all the same.
  private struct Rows {
    private var first: ArraySlice<Float>?
    private(set) var areEqual = true

    init() {}

    init(_ x: RaggedArray, _ rows: Range<Int>) { add(x, rows) }

    mutating func add(_ x: RaggedArray, _ rows: Range<Int>) {
      for row in rows where areEqual {
        let values = x.values[row * x.width..<(row + 1) * x.width]
        areEqual = first.map { values.elementsEqual($0) } ?? true
        first = first ?? values
      }
    }
  }
}
