import LabFormats

/// How many rows of a table each sequence has, and which rows these are.
///
/// Where the rows of each stand together, as in most tables, nothing is stored of a row.
struct SequenceLengths {
  /// The sequences before the current one, as long as rows stand together.
  private var before = Progression()
  /// The rows of the current one.
  private var current = 0
  /// The sequence of each row and the rows of each sequence, once a row has come that belongs to an
  /// earlier one.
  private var mixed: (sequenceOfRow: [UInt32], lengths: [Int])?

  /// Whether there is no row.
  var isEmpty: Bool { before.isEmpty && current == 0 && mixed == nil }

  /// Adds rows to a sequence, which is a known one or the next; returns whether they are its first.
  @discardableResult
  mutating func add(_ rows: Int, to sequence: Int) -> Bool {
    if mixed == nil {
      let last = before.count
      if sequence == last || sequence == last + 1 && current > 0 {
        if sequence > last {
          before.append(current)
          current = 0
        }
        defer { current += rows }
        return current == 0
      }
      mix()
    }
    guard var (sequences, lengths) = mixed else { return false }
    mixed = nil
    if sequence == lengths.count { lengths.append(0) }
    let isFirst = lengths[sequence] == 0
    lengths[sequence] += rows
    for _ in 0..<rows { sequences.append(UInt32(sequence)) }
    mixed = (sequences, lengths)
    return isFirst
  }

  private mutating func mix() {
    let lengths = Array(all)
    var sequences: [UInt32] = []
    for (sequence, length) in lengths.enumerated() {
      for _ in 0..<length { sequences.append(UInt32(sequence)) }
    }
    mixed = (sequences, lengths)
  }

  /// The rows of each sequence.
  var all: Progression {
    if let mixed { return Progression(mixed.lengths) }
    var all = before
    if current > 0 { all.append(current) }
    return all
  }

  /// The rows sequence by sequence; nil where they stand so.
  func order() -> [Int]? {
    guard let mixed else { return nil }
    var next = 0
    var starts = mixed.lengths.map { length in
      defer { next += length }
      return next
    }
    var order = [Int](repeating: 0, count: mixed.sequenceOfRow.count)
    for (row, sequence) in mixed.sequenceOfRow.enumerated() {
      order[starts[Int(sequence)]] = row
      starts[Int(sequence)] += 1
    }
    return order
  }
}
