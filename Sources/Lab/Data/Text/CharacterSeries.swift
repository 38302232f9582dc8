import LabFormats

/// A text as the numbers of its characters, still to be cut into sequences.
struct CharacterSeries {
  /// The class of each character; a part of the text has those of the whole, which is not copied.
  private(set) var numbers: ArraySlice<Float>
  /// The characters that the numbers stand for.
  let classNames: [String]
  /// How the text is cut.
  let source: TextSource
  /// Where the text lies, for messages.
  private let path: String

  /// The most different characters that a text may have: no model has so many outputs.
  private static let mostClasses = 100_000

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - classes: The characters that may occur; nil takes those that do.
  ///   - known: What has these characters, for messages.
  /// - Throws: `LabError` that names the first character that is none of them, or that no text has,
  ///   with line and column.
  init(
    _ source: TextSource, contentsOf path: String, classes: [String]?
  ) throws(LabError) {
    let file = try TextFile(contentsOf: path, what: "text", encoding: source.encoding)
    if let zero = file.bytes.firstIndex(of: 0) {
      throw file.error(
        "the character U+0000 belongs to no text", at: zero,
        next: "check that the file is text, and name its `encoding`")
    }
    let vocabulary =
      if let classes { try Vocabulary(classes: classes, where: path) } else { Vocabulary(of: file) }
    guard vocabulary.count <= Self.mostClasses else {
      throw LabError(
        .data, "the text has more than \(Self.mostClasses) different characters", where: path,
        next: "check that the file is text, and name its `encoding`")
    }
    var numbers: [Float] = []
    numbers.reserveCapacity(file.bytes.count { $0 & 0xC0 != 0x80 })
    var unknown: (scalar: UnicodeScalar, offset: Int)?
    file.forEachScalar { scalar, offset in
      if let number = vocabulary.number(of: scalar) {
        numbers.append(Float(number))
      } else if unknown == nil {
        unknown = (scalar, offset)
      }
    }
    if let unknown {
      throw file.error(
        "the character \(Vocabulary.shown(unknown.scalar)) does not occur in the training text",
        at: unknown.offset,
        next: "replace it, or train on a text that has it: the model knows \(vocabulary.count) "
          + "characters")
    }
    self.numbers = numbers[...]
    classNames = vocabulary.names
    self.source = source
    self.path = path
  }

  /// Cuts the text in time: the first `1 − fraction` of its characters, rounded down, and the others.
  func cut(_ fraction: Double) -> (first: CharacterSeries, last: CharacterSeries) {
    let count = Dataset.trained(of: numbers.count, fraction: fraction)
    var (first, last) = (self, self)
    first.numbers = numbers.prefix(count)
    last.numbers = numbers.dropFirst(count)
    return (first, last)
  }

  /// Cuts the text in time as `rolling` says: what comes before a fold, and the fold.
  func cut(_ folds: ValidationFolds) -> (first: CharacterSeries, last: CharacterSeries) {
    let block = numbers.count / (folds.count + 1)
    let end = numbers.count - (folds.count - folds.fold - 1) * block
    var (first, last) = (self, self)
    first.numbers = numbers.prefix(end - block)
    last.numbers = numbers.prefix(end).suffix(block)
    return (first, last)
  }

  /// Returns the sequences: windows on the text, whose target at each step is the next character.
  ///
  /// A sequence of T steps from character s reads s … s + T − 1, and its targets are s + 1 … s + T; what is
  /// left at the end and is no whole sequence is in none.
  /// - Throws: `LabError` where there is none.
  func dataset(path: String) throws(LabError) -> Dataset {
    let rows = numbers.count - 1
    guard rows >= source.length else {
      throw LabError(
        .data,
        "no sequence fits: \(source.length) characters and the one behind them, and `\(path)` has "
          + "\(max(0, numbers.count))", where: self.path,
        next:
          "choose a smaller `sequence_length`, or give a longer text; a `validation.split` leaves "
          + "a part of it")
    }
    let targets = Array(numbers.dropFirst())
    return Dataset(
      x: RaggedArray(axes: 3, lengths: [rows], values: Array(numbers.dropLast())),
      targets: RaggedArray(axes: 3, lengths: [rows], values: targets),
      windows: WindowPlaces(
        seriesLengths: [rows],
        starts: Progression(stride(from: 0, through: rows - source.length, by: source.stride)),
        length: source.length, rate: 1, settings: [source.length, source.stride, 1, 1, 1],
        series: targets, sharesTargets: true),
      classNames: classNames)
  }
}
