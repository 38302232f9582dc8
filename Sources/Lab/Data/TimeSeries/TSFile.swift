import LabFormats

/// A file in the text format of the UCR and UEA archives of time series: a header of `@` tags, then
/// a line a series: its dimensions between colons, each with its values between commas, and the
/// class label or target behind the last colon
/// (https://www.aeon-toolkit.org/en/latest/api_reference/file_specifications/ts.html).
struct TSFile {
  private let file: TextFile
  private let header: TSHeader
  private let presence: TargetPresence
  private let missing: MissingValues
  private let classes: ClassNames?
  private var lengths: [Int] = []
  private var features = 0
  private var x: Numbers  // (Σ lengths, features)
  private var y: [Float] = []  // (series)

  /// Reads the file at `path`.
  ///
  /// - Parameters:
  ///   - classNames: The classes of the training samples, which the labels must belong to; nil takes
  ///     those of the header.
  ///   - presence: Whether there may be series without label.
  ///   - missing: What will be done about missing values; NaN stands for them.
  init(
    contentsOf path: String, classNames: [String]?, targets presence: TargetPresence = .required,
    missing: MissingValues = .error, keepsDoubles: Bool
  ) throws(LabError) {
    try self.init(
      TextFile(contentsOf: path, what: ".ts"), classNames: classNames, targets: presence,
      missing: missing, keepsDoubles: keepsDoubles)
  }

  /// Reads a file in memory.
  init(
    _ file: TextFile, classNames: [String]?, targets presence: TargetPresence = .required,
    missing: MissingValues = .error, keepsDoubles: Bool = false
  ) throws(LabError) {
    self.file = file
    self.presence = presence
    self.missing = missing
    x = Numbers(keepsDoubles: keepsDoubles)
    header = try TSHeader(file, targets: presence)
    if case .classes(let names) = header.label {
      classes =
        classNames.map { ClassNames($0, origin: .trainingData) }
        ?? ClassNames(names, origin: .header)
    } else {
      classes = nil
    }
    var start = header.dataStart
    while start < file.bytes.count {
      let line = file.line(from: start)
      start = line.next
      let range = file.trimmed(line.range)
      if file.isComment(range) { continue }
      try read(range)
    }
    guard !lengths.isEmpty else {
      throw file.error(
        "no series follows `@data`", at: file.bytes.count,
        next: "check that the file was written or downloaded whole")
    }
  }

  /// The series as samples, their targets class numbers or numbers.
  var dataset: Dataset {
    Dataset(
      x: RaggedArray(
        axes: 3, lengths: lengths, width: features, values: x.floats, doubles: x.doubles),
      targets: RaggedArray(axes: 1, lengths: lengths.map { _ in 1 }, values: y),
      classNames: classes?.names)
  }

  private mutating func read(_ line: Range<Int>) throws(LabError) {
    let bytes = file.bytes
    var colons: [Int] = []
    for index in line where bytes[index] == Byte.colon { colons.append(index) }
    if !header.hasTargets { colons.append(line.upperBound) }
    guard let last = colons.last else {
      throw file.error(
        "the line has no `:` before its class or target", at: line.lowerBound,
        next: "write the values of each dimension, a colon, and the class or target"
          + (presence == .optional ? "; nothing behind the colon where it is not known" : ""))
    }
    try requireDimensions(colons.count, line)
    let base = x.floats.count
    var length = 0
    var start = line.lowerBound
    for (dimension, end) in colons.enumerated() {
      if dimension == 0 {
        length = bytes[start..<end].count { $0 == Byte.comma } + 1
        x.extend(by: length * features)
      }
      try read(start..<end, dimension: dimension, length: length, base: base)
      start = end + 1
    }
    try requireLength(length, line)
    lengths.append(length)
    y.append(
      header.hasTargets ? try target(file.trimmed(last + 1..<line.upperBound)) : .nan)
  }

  /// Reads the values of one dimension into their places, `features` apart.
  private mutating func read(
    _ range: Range<Int>, dimension: Int, length: Int, base: Int
  ) throws(LabError) {
    var start = range.lowerBound
    var step = 0
    while start <= range.upperBound {
      var end = start
      while end < range.upperBound, file.bytes[end] != Byte.comma { end += 1 }
      guard step < length else {
        let count = file.bytes[range].count { $0 == Byte.comma } + 1
        throw unequal(dimension, count, length, at: range.lowerBound)
      }
      x.set(
        base + step * features + dimension,
        missing != .error && file.isMissing(file.trimmed(start..<end))
          ? WideNumber.missing
          : try file.number(
            start..<end, name: "value \(step + 1) of dimension \(dimension + 1)",
            missing: MissingValues.advice))
      step += 1
      start = end + 1
    }
    guard step == length else { throw unequal(dimension, step, length, at: range.lowerBound) }
  }

  private func unequal(_ dimension: Int, _ count: Int, _ length: Int, at offset: Int) -> LabError {
    file.error(
      "dimension \(dimension + 1) has \(count) value\(count == 1 ? "" : "s"), dimension 1 "
        + "has \(length)", at: offset,
      next: "give all dimensions of a series equally many values; write decimals with a point")
  }

  private mutating func requireDimensions(_ count: Int, _ line: Range<Int>) throws(LabError) {
    if let promised = header.dimensions, promised != count {
      throw file.error(
        "the series has \(count) dimension\(count == 1 ? "" : "s"), the header promises "
          + "\(promised)", at: line.lowerBound,
        next: "end every dimension with a colon, the last one too")
    }
    if lengths.isEmpty { features = count }
    guard count == features else {
      throw file.error(
        "the series has \(count) dimension\(count == 1 ? "" : "s"), the first one has \(features)",
        at: line.lowerBound, next: "give all series the same dimensions")
    }
  }

  private func requireLength(_ length: Int, _ line: Range<Int>) throws(LabError) {
    guard header.hasEqualLengths, let wanted = header.length ?? lengths.first, wanted != length
    else { return }
    throw file.error(
      "the series has \(length) time step\(length == 1 ? "" : "s"), the header promises equal "
        + "lengths of \(wanted)", at: line.lowerBound,
      next: "correct the series, or write `@equalLength false`")
  }

  private func target(_ range: Range<Int>) throws(LabError) -> Float {
    if presence == .optional || missing == .drop, file.isMissing(range),
      classes?.number(of: file.text(range)) == nil
    {
      return .nan
    }
    guard let classes else {
      return try file.number(
        range, name: "the target", missing: MissingValues.adviceOfTarget
      ).float
    }
    try file.requireName(range)
    return Float(try classes.number(of: file.text(range), in: file, range))
  }
}
