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
      let words = file.words(line.range)
      start = line.next
      guard let tag = words.first, !file.isComment(tag) else { continue }
      guard file.bytes[tag.lowerBound] == UInt8(ascii: "@") else {
        throw file.error(
          "the header has a line that begins with `\(file.shown(tag))`, not with `@`",
          at: tag.lowerBound,
          next: "write `@data` before the first series; a .ts file begins with lines such as "
            + "`@classLabel true a b`")
      }
      if file.text(tag).lowercased() == "@data" {
        dataStart = start
        if presence == .required { try requireLabel(file) }
        return
      }
      try read(file, tag, Array(words.dropFirst()))
    }
    throw file.error(
      "the file ends without `@data`", at: file.bytes.count,
      next: "check that it was written or downloaded whole")
  }

  private mutating func read(
    _ file: TextFile, _ tag: Range<Int>, _ words: [Range<Int>]
  ) throws(LabError) {
    switch file.text(tag).lowercased() {
    case "@timestamps":
      guard try !Self.flag(file, tag, words) else {
        throw file.error(
          "the series have time stamps, which are not read", at: tag.lowerBound,
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
      "the header promises neither class labels nor targets", at: 0,
      next: "write `@classLabel true` and the names of the classes, or `@targetLabel true`")
  }

  private static func flag(
    _ file: TextFile, _ tag: Range<Int>, _ words: [Range<Int>]
  ) throws(LabError) -> Bool {
    switch words.first.map({ file.text($0).lowercased() }) {
    case "true": true
    case "false": false
    default:
      throw file.error(
        "`\(file.shown(tag))` needs true or false", at: words.first?.lowerBound ?? tag.upperBound)
    }
  }

  private static func count(
    _ file: TextFile, _ tag: Range<Int>, _ words: [Range<Int>]
  ) throws(LabError) -> Int {
    guard let word = words.first, let number = Int(file.text(word)), number > 0 else {
      throw file.error(
        "`\(file.shown(tag))` needs a whole number from 1",
        at: words.first?.lowerBound ?? tag.upperBound)
    }
    return number
  }

  private static func names(
    _ file: TextFile, _ tag: Range<Int>, _ words: [Range<Int>]
  ) throws(LabError) -> [String] {
    var names: [String] = []
    for word in words.dropFirst() {
      let name = file.text(word)
      guard !names.contains(where: { ExactText($0) == ExactText(name) }) else {
        throw file.error("the class `\(file.shown(word))` is named twice", at: word.lowerBound)
      }
      names.append(name)
    }
    guard !names.isEmpty else {
      throw file.error(
        "`\(file.shown(tag)) true` names no class", at: tag.upperBound,
        next: "write the names of all classes behind it")
    }
    return names
  }
}

extension TextFile {
  /// The words of `range`, between spaces and tabs.
  fileprivate func words(_ range: Range<Int>) -> [Range<Int>] {
    bytes[range].split(whereSeparator: Self.isSpace).map { $0.startIndex..<$0.endIndex }
  }
}
