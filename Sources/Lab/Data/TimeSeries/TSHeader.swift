import LabFormats

/// What the lines before `@data` of a `.ts` file say.
struct TSHeader {
  /// What stands behind the last colon of each line.
  enum Label {
    /// The names of the classes, in the header's order.
    case classes([String])
    /// A number to predict.
    case number
    case nothing
  }

  var label = Label.nothing
  /// The number of features, where the header tells it.
  var dimensions: Int?
  /// Whether all series are equally long.
  var hasEqualLengths = false
  /// The number of time steps of all series, where the header tells it.
  var length: Int?
  /// Where the first line of data begins.
  var dataStart = 0

  /// Whether something stands behind the last colon of each line.
  var hasTargets: Bool {
    if case .nothing = label { false } else { true }
  }
}

extension TSHeader {
  /// Reads the header of `file`. Tags are known in any case; those that say nothing about how to
  /// read the data are passed over.
  ///
  /// - Parameter presence: Whether it may promise neither labels nor targets.
  init(_ file: TextFile, targets presence: TargetPresence = .required) throws(LabError) {
    try file.refuseARFF()
    var start = 0
    while start < file.bytes.count {
      let line = file.line(from: start)
      var words = Words(file, line.range)
      start = line.next
      guard let tag = words.next(), !file.isComment(tag) else { continue }
      guard file.bytes[tag.lowerBound] == UInt8(ascii: "@") else {
        throw file.error(
          "the header has a line that begins with `\(file.shown(tag))`, not with `@`",
          at: tag.lowerBound,
          next: "write `@data` before the first series; a .ts file begins with lines such as "
            + "`@classLabel true a b`")
      }
      if file.tag(tag) == "@data" {
        dataStart = start
        if presence == .required { try requireLabel(file) }
        return
      }
      try read(file, tag, words)
    }
    throw file.error(
      "the file ends without `@data`", at: file.bytes.count,
      next: "check that it was written or downloaded whole")
  }

  private mutating func read(
    _ file: TextFile, _ tag: Range<Int>, _ words: Words
  ) throws(LabError) {
    switch file.tag(tag) {
    case "@timestamps":
      guard try !Self.flag(file, tag, words) else {
        throw file.error(
          "the series have time stamps, which cannot be read", at: tag.lowerBound,
          next: "write the values alone, evenly spaced in time, and `@timeStamps false`")
      }
    case "@univariate": if try Self.flag(file, tag, words) { dimensions = 1 }
    case "@dimension", "@dimensions": dimensions = try Self.count(file, tag, words)
    case "@equallength": hasEqualLengths = try Self.flag(file, tag, words)
    case "@serieslength": length = try Self.count(file, tag, words)
    case "@classlabel":
      if try Self.flag(file, tag, words) { label = .classes(try Self.names(file, tag, words)) }
    case "@targetlabel": if try Self.flag(file, tag, words) { label = .number }
    default: break
    }
  }

  private func requireLabel(_ file: TextFile) throws(LabError) {
    guard !hasTargets else { return }
    throw file.error(
      "the header promises neither classes nor targets", at: 0,
      next: "write `@classLabel true` and the names of the classes, or `@targetLabel true`")
  }

  private static func flag(
    _ file: TextFile, _ tag: Range<Int>, _ words: Words
  ) throws(LabError) -> Bool {
    let word = words.first
    return switch word.map(file.tag) {
    case "true": true
    case "false": false
    default:
      throw file.error(
        "`\(file.shown(tag))` needs true or false", at: word?.lowerBound ?? tag.upperBound,
        next: "write one of them behind it")
    }
  }

  private static func count(
    _ file: TextFile, _ tag: Range<Int>, _ words: Words
  ) throws(LabError) -> Int {
    guard let word = words.first, word.count < 20, let number = Int(file.text(word)), number > 0
    else {
      throw file.error(
        "`\(file.shown(tag))` needs a whole number from 1",
        at: words.first?.lowerBound ?? tag.upperBound, next: "write it behind it")
    }
    return number
  }

  private static func names(
    _ file: TextFile, _ tag: Range<Int>, _ words: Words
  ) throws(LabError) -> [String] {
    var names: [String] = []
    var known: Set<ExactText> = []
    for word in words.dropFirst() {
      try file.requireName(word)
      let name = file.text(word)
      guard known.insert(ExactText(name)).inserted else {
        throw file.error(
          "the class `\(file.shown(word))` is named twice", at: word.lowerBound,
          next: "name each class once")
      }
      names.append(name)
      try ClassNames.requireFew(names.count, in: file, word)
    }
    if let (first, other) = DecimalValue.same(names) {
      let word = words.first { file.text($0) == other }
      throw file.error(
        "the classes `\(Visible.shortened(first, to: 40))` and "
          + "`\(Visible.shortened(other, to: 40))` are the same number",
        at: word?.lowerBound ?? tag.lowerBound, next: "name each class once")
    }
    guard !names.isEmpty else {
      throw file.error(
        "`\(file.shown(tag)) true` names no class", at: tag.upperBound,
        next: "write the names of all classes behind it: `@classLabel true a b`")
    }
    return names
  }
}

/// The words of a line, between spaces and tabs, one after the other: a line may have as many as bytes.
private struct Words: Sequence, IteratorProtocol {
  let file: TextFile
  var rest: Range<Int>

  init(_ file: TextFile, _ range: Range<Int>) {
    self.file = file
    rest = range
  }

  /// The first word, which stays.
  var first: Range<Int>? {
    var copy = self
    return copy.next()
  }

  mutating func next() -> Range<Int>? {
    let bytes = file.bytes
    guard let start = bytes[rest].firstIndex(where: { !TextFile.isSpace($0) }) else { return nil }
    let end = bytes[start..<rest.upperBound].firstIndex(where: TextFile.isSpace) ?? rest.upperBound
    rest = end..<rest.upperBound
    return start..<end
  }
}

extension TextFile {
  /// A word of the header in lower case; of a longer one than there are, the beginning.
  fileprivate func tag(_ word: Range<Int>) -> String { text(beginning(word)).lowercased() }
}
