import Crypto
import LabFormats
import LabStore

extension DataDescription {
  /// Describes data before they are scaled.
  ///
  /// Each part's hash is SHA-256 over counts as 64 bits, lowest byte first, and values as float32
  /// or float64 likewise: for x the number of samples, each one's time steps, the features, the
  /// values; for y the axes, the samples, the length of each one's second axis, that of the third,
  /// the values; of windows, the series' number, rows, features and values and then the windows'
  /// settings (steps, stride, rate, horizon, columns) and their number, and for y the series' number,
  /// rows and the columns' values; for categories (a text a feature, empty for a number) and class names
  /// their number and each one's length and UTF-8 bytes; for the
  /// normalization its name, likewise, and for each feature shift and scale, and then, for each of
  /// train, validation and test whose x is scaled in float64 and is not all float32, that name,
  /// likewise, the number of values and the float64 values. The hash of all is that of the lines
  /// `name␣hash⏎`.
  ///
  /// Folds of the same samples have the same hash: of `data.train` before it is divided and before what
  /// is missing is filled in; scales, and what is filled in, follow from it and the fold, and are hashed only
  /// where they are given: the latter as `fills`, a number a feature as float64.
  /// - Parameters:
  ///   - whole: The samples that folds divide; nil where there are none.
  ///   - areScalesGiven: Whether the scales do not follow from the data.
  init(
    train: Dataset, validation: Dataset?, test: Dataset?, dividing whole: Dataset?,
    normalization: Normalization?, targets: Normalization?, scaledFrom: ScaledFrom,
    areScalesGiven: Bool
  ) {
    let named = [
      ("train", whole ?? train), ("validation", whole == nil ? validation : nil), ("test", test),
    ]
    let hasScales = whole == nil || areScalesGiven
    let divided = whole == nil ? nil : [train, validation].compactMap(\.self)
    var parts = named.flatMap { name, data in
      data.map { Self.parts(name, $0, counted: name == "train" ? divided ?? [$0] : [$0]) } ?? []
    }
    if let names = train.classNames {
      parts.append(Part(name: "classes", hash: Self.hash(ofNames: names)))
    }
    if let categories = train.categories {
      parts.append(Part(name: "categories", hash: Self.hash(ofNames: categories.map { $0 ?? "" })))
    }
    if whole != nil, areScalesGiven, let fills = train.fills {
      parts.append(Part(name: "fills", hash: Self.hash(ofFills: fills)))
    }
    if let normalization {
      parts.append(
        Part(
          name: "normalization",
          hash: Self.hash(of: normalization, hasScales: hasScales, scaling: named)))
    }
    if let targets {
      parts.append(
        Part(
          name: "target_normalization",
          hash: Self.hash(of: targets, hasScales: hasScales, scaling: [])))
    }
    let lines = parts.map { "\($0.name) \($0.hash)\n" }.joined()
    self.init(
      hash: SHA256.hash(data: Array(lines.utf8)).hexadecimal, parts: parts,
      classes: train.classNames ?? [], features: Self.features(train, normalization),
      targets: Self.targets(train, targets),
      scaledFrom: normalization == nil ? nil : scaledFrom)
  }

  /// The two parts of some samples.
  ///
  /// - Parameter divided: What they were divided into, in which values were filled in; else they themselves.
  private static func parts(_ name: String, _ data: Dataset, counted divided: [Dataset]) -> [Part] {
    let targets = data.windows.map { hash(ofTargetsOf: $0) } ?? hash(ofTargets: data.targets)
    let count = { (path: KeyPath<Dataset, Int>) in divided.reduce(0) { $0 + $1[keyPath: path] } }
    return [
      Part(
        name: "\(name).x", hash: hash(ofSamples: data), filled: count(\.filled),
        dropped: count(\.dropped)),
      Part(name: "\(name).y", hash: targets, filled: count(\.filledTargets)),
    ]
  }

  private static func features(_ train: Dataset, _ normalization: Normalization?) -> [Feature] {
    guard train.featureNames != nil || normalization != nil || train.fills != nil else { return [] }
    return (0..<train.features).map { index in
      Feature(
        name: train.featureNames?[index], category: train.categories?[index],
        shift: normalization?.shifts[index] ?? 0, scale: normalization?.scales[index] ?? 1,
        fill: train.fills?[index])
    }
  }

  private static func targets(_ train: Dataset, _ normalization: Normalization?) -> [Target] {
    let count = normalization?.shifts.count ?? train.targetNames?.count ?? 0
    return (0..<count).map { index in
      Target(
        name: train.targetNames.flatMap { $0.indices.contains(index) ? $0[index] : nil },
        shift: normalization?.shifts[index] ?? 0, scale: normalization?.scales[index] ?? 1)
    }
  }

  private static func hash(ofSamples data: Dataset) -> String {
    var hasher = SHA256()
    let rows = data.windows?.seriesLengths ?? Array(data.lengths)
    hasher.update(counts: [rows.count] + rows + [data.features])
    hasher.update(values: data.x)
    if let windows = data.windows {
      hasher.update(counts: windows.settings + [windows.starts.count])
    }
    return hasher.finalize().hexadecimal
  }

  private static func hash(ofTargets targets: RaggedArray) -> String {
    var hasher = SHA256()
    hasher.update(counts: [targets.axes, targets.count] + Array(targets.lengths) + [targets.width])
    hasher.update(values: targets.values)
    return hasher.finalize().hexadecimal
  }

  /// Of windows: the numbers that may be predicted, row by row of the series.
  private static func hash(ofTargetsOf windows: WindowPlaces) -> String {
    var hasher = SHA256()
    hasher.update(counts: [windows.seriesLengths.count] + windows.seriesLengths)
    hasher.update(values: windows.series)
    return hasher.finalize().hexadecimal
  }

  private static func hash(ofFills fills: [Double?]) -> String {
    var hasher = SHA256()
    hasher.update(counts: [fills.count])
    hasher.update(fills.map { $0 ?? 0 })
    return hasher.finalize().hexadecimal
  }

  private static func hash(ofNames names: [String]) -> String {
    var hasher = SHA256()
    hasher.update(counts: [names.count])
    for name in names { hasher.update(text: name) }
    return hasher.finalize().hexadecimal
  }

  private static func hash(
    of normalization: Normalization, hasScales: Bool, scaling parts: [(String, Dataset?)]
  ) -> String {
    var hasher = SHA256()
    hasher.update(text: normalization.kind.rawValue)
    let numbers =
      hasScales ? zip(normalization.shifts, normalization.scales).flatMap { [$0, $1] } : []
    var bytes: [UInt8] = []
    for number in numbers { bytes.appendLittleEndian(number.bitPattern) }
    hasher.update(data: bytes)
    for case (let name, let doubles?) in parts.map({ ($0, $1?.doubles) }) {
      hasher.update(text: name)
      hasher.update(counts: [doubles.count])
      hasher.update(doubles)
    }
    return hasher.finalize().hexadecimal
  }
}

extension SHA256 {
  fileprivate mutating func update(text: String) {
    let bytes = Array(text.utf8)
    update(counts: [bytes.count])
    update(data: bytes)
  }

  fileprivate mutating func update(counts: [Int]) {
    var bytes: [UInt8] = []
    for count in counts { bytes.appendLittleEndian(UInt64(count)) }
    update(data: bytes)
  }

  fileprivate mutating func update(_ numbers: [Double]) {
    let piece = 1 << 15
    for start in stride(from: 0, to: numbers.count, by: piece) {
      let numbers = numbers[start..<min(start + piece, numbers.count)]
      update(words: numbers.map { $0.bitPattern.littleEndian })
    }
  }

  fileprivate mutating func update(values: [Float]) {
    let piece = 1 << 16
    for start in stride(from: 0, to: values.count, by: piece) {
      let values = values[start..<min(start + piece, values.count)]
      update(words: values.map { $0.bitPattern.littleEndian })
    }
  }

  private mutating func update(words: [some FixedWidthInteger]) {
    unsafe words.withUnsafeBytes { unsafe update(bufferPointer: $0) }
  }
}
