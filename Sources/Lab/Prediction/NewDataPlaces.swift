import LabFormats

/// Where numbers stand in a file of new data: looked up only when one of them is wrong.
struct NewDataPlaces {
  let path: String
  /// The file of the targets, where they have their own.
  let y: String?
  let source: DataSource

  /// The place of a number of x, by its index.
  func ofX(_ index: Int, in data: Dataset) -> String {
    let row = index / data.features
    let (sample, step) = place(ofStep: row, in: data)
    guard case .csv(let table) = source else { return place(ofSample: sample) }
    return place(sample, step: step, column: table.features[index % data.features], in: table)
  }

  /// The place of a row of the targets: that of a sample, or of a time step where each has one.
  func ofTarget(row: Int, in data: Dataset) -> String {
    if let y { return y }
    let isPerStep = data.targets.axes == 3
    let (sample, step) = isPerStep ? place(ofStep: row, in: data) : (row, 0)
    guard case .csv(let table) = source else { return place(ofSample: sample) }
    return place(sample, step: step, column: table.target, in: table)
  }

  private func place(ofStep row: Int, in data: Dataset) -> (sample: Int, step: Int) {
    var rest = row
    for (sample, length) in data.lengths.enumerated() {
      if rest < length { return (sample, rest) }
      rest -= length
    }
    return (data.samples - 1, 0)
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
      guard !range.isEmpty, file.bytes[range.lowerBound] != Byte.hash else { continue }
      if rest == 0 { return file.place(range.lowerBound) }
      rest -= 1
    }
    return path
  }

  /// The field of a table that holds a time step's number.
  private func place(_ sample: Int, step: Int, column: String, in source: CSVSource) -> String {
    guard var table = try? CSVTable(contentsOf: path),
      let column = table.columns.firstIndex(of: column),
      let sequence = table.columns.firstIndex(of: source.sequence)
    else { return path }
    var numbers: [ExactText: Int] = [:]  // only looked up, never iterated
    var steps = 0
    while (try? table.advance()) == true {
      let name = ExactText(table.text(table.fields[sequence]))
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      guard number == sample else { continue }
      if steps == step { return table.file.place(table.fields[column].range.lowerBound) }
      steps += 1
    }
    return path
  }
}
