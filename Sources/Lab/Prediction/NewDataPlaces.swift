import LabFormats

/// Where numbers stand in a file of new data: looked up only when one of them is wrong.
struct NewDataPlaces {
  let path: String
  /// The file of the targets, where they have their own.
  let y: String?
  let source: DataSource

  /// The place of a number of x, by its index.
  func ofX(_ index: Int, in data: Dataset) -> String {
    var (sample, step) = Self.step(index / data.features, of: data.sequences.lengths)
    if data.windows == nil { sample = data.numbers?[sample] ?? sample }
    guard case .csv(let table) = source else { return place(ofSample: sample) }
    let feature = data.featureNames?[index % data.features]
    return place(sample, step: step, column: feature, in: table)
  }

  /// The place of a row of the targets: that of a sample, or of a time step where each has one.
  func ofTarget(row: Int, in data: Dataset) -> String {
    if let y { return y }
    guard data.windows == nil else { return path }
    let isPerStep = data.targets.axes == 3
    var (sample, step) = isPerStep ? Self.step(row, of: data.lengths) : (row, 0)
    sample = data.numbers?[sample] ?? sample
    guard case .csv(let table) = source else { return place(ofSample: sample) }
    return place(sample, step: step, column: table.targets.first, in: table)
  }

  private static func step(_ row: Int, of lengths: Progression) -> (sample: Int, step: Int) {
    var rest = row
    for (sample, length) in lengths.enumerated() {
      if rest < length { return (sample, rest) }
      rest -= length
    }
    return (0, 0)
  }

  /// The line of a series in a `.ts` file; of an array the file alone.
  private func place(ofSample sample: Int) -> String {
    guard case .timeSeries = source,
      let file = try? TextFile(contentsOf: path, what: ".ts"),
      var start = (try? TSHeader(file, targets: .optional))?.dataStart
    else { return path }
    var rest = sample
    while start < file.bytes.count {
      let line = file.line(from: start)
      let range = file.trimmed(line.range)
      start = line.next
      if file.isComment(range) { continue }
      if rest == 0 { return file.place(range.lowerBound) }
      rest -= 1
    }
    return path
  }

  /// The field of a table that holds a time step's number, or the beginning of its row.
  private func place(
    _ sample: Int, step: Int, column: String?, in source: CSVSource
  ) -> String {
    guard var table = try? CSVTable(source, contentsOf: path) else { return path }
    let isWide = source.layout == .wide
    let sequence = isWide ? nil : source.sequence.flatMap { table.columns.firstIndex(of: $0) }
    let column = column.flatMap { table.columns.firstIndex(of: $0) }
    var numbers: [ExactText: Int] = [:]  // only looked up, never iterated
    var rest = isWide ? sample : step
    while (try? table.advance()) == true {
      if let sequence {
        let name = ExactText(table.text(table.fields[sequence]))
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        guard number == sample else { continue }
      }
      if rest == 0 {
        return table.file.place(column.map { table.fields[$0].range.lowerBound } ?? table.start)
      }
      rest -= 1
    }
    return path
  }
}
