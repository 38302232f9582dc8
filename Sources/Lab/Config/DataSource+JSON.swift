import LabFormats

extension DataSource {
  static var fallback: DataSource { DataSource(x: .file(""), y: .file("")) }

  /// The keys that tell the kinds of sources apart.
  static let keys = ["x", "y", "ts", "csv", "generator"]

  static var rule: Rule<DataSource> {
    .object(fallback: fallback) { object in read(object) }
  }

  static func read(_ object: ObjectReader) -> DataSource {
    if object.contains("ts") {
      return .timeSeries(object.required("ts", .path(endingIn: [".ts"])))
    }
    if object.contains("csv") { return .csv(CSVSource(object)) }
    if object.contains("generator") { return .generator(GeneratorSource(object)) }
    if object.contains("x") || object.contains("y") { return .arrays(ArraysSource(object)) }
    object.allow(keys)
    return object.node.refuse(
      "`\(object.node.path)` names no source of samples",
      next: "allowed: {\"x\": …, \"y\": …}, {\"ts\": …}, {\"csv\": …} or {\"generator\": …}")
      ?? fallback
  }

  var text: JSONText {
    switch self {
    case .arrays(let arrays): arrays.text
    case .timeSeries(let path): .object(["ts": .string(path)])
    case .csv(let csv): csv.text
    case .generator(let generator): generator.text
    }
  }
}

extension ArraysSource {
  fileprivate init(_ object: ObjectReader) {
    self.init(
      x: object.required("x", ArraySource.rule(.samples)),
      y: object.required("y", ArraySource.rule(.targets)),
      lengths: object.optional("lengths", LengthsSource.rule))
  }

  var text: JSONText {
    .object(["x": x.text, "y": y.text, "lengths": lengths?.text])
  }
}

extension ArraySource {
  /// What an array is for: decides how many axes it may have.
  enum Role {
    case samples
    case targets

    var ranks: ClosedRange<Int> {
      switch self {
      case .samples: 3...3
      case .targets: 1...3
      }
    }

    var advice: String {
      switch self {
      case .samples: "x is an array of samples, each an array of time steps, each of numbers"
      case .targets: "y is an array of samples: numbers, arrays of outputs, or arrays of time steps"
      }
    }
  }

  static func rule(_ role: Role) -> Rule<ArraySource> {
    Rule(allowed: "nested arrays of numbers, or the path of a .npy file", fallback: .file("")) {
      node in
      switch node.value.kind {
      case .array: return RaggedArray.read(node, role: role).map(ArraySource.inline)
      case .string: return Rule<String>.path(endingIn: [".npy"]).read(node).map(ArraySource.file)
      default: return nil
      }
    }
  }

  var text: JSONText {
    switch self {
    case .inline(let array): array.text
    case .file(let path): .string(path)
    }
  }
}

extension LengthsSource {
  /// More time steps than any machine has memory for.
  private static let longest = 1 << 40

  static var rule: Rule<LengthsSource> {
    let allowed = "an array of whole numbers from 1, or the path of a .npy file"
    return Rule(allowed: allowed, fallback: .file("")) { node in
      switch node.value.kind {
      case .array:
        let number = Rule.integer(1...longest)
        return .inline(node.value.elements.enumerated().map { number(node.element($1, at: $0)) })
      case .string: return Rule<String>.path(endingIn: [".npy"]).read(node).map(LengthsSource.file)
      default: return nil
      }
    }
  }

  var text: JSONText {
    switch self {
    case .inline(let lengths): .array(lengths.map(JSONText.integer))
    case .file(let path): .string(path)
    }
  }
}

extension Rule where Value == String {
  /// A path that ends in one of the given extensions.
  static func path(endingIn extensions: [String]) -> Rule {
    let list = extensions.joined(separator: " or ")
    return Rule(allowed: "the path of a \(list) file", fallback: "") { node in
      guard let text = node.value.string, Visible.line(text) == text, text.utf8.count <= 4096,
        extensions.contains(where: { text.hasSuffix($0) && text.count > $0.count })
      else { return nil }
      return text
    }
  }
}
