extension DataConfig {
  static var rule: Rule<DataConfig> {
    .object(fallback: DataConfig(train: DataSource.fallback)) { object in
      DataConfig(
        train: object.required("train", DataSource.rule),
        validation: object.optional("validation", ValidationSource.rule))
    }
  }

  var text: JSONText {
    .object(["train": train.text, "validation": validation?.text])
  }
}

extension DataSource {
  fileprivate static var fallback: DataSource { DataSource(x: .file(""), y: .file("")) }

  static var rule: Rule<DataSource> {
    .object(fallback: fallback) { object in read(object) }
  }

  fileprivate static func read(_ object: ObjectReader) -> DataSource {
    DataSource(
      x: object.required("x", ArraySource.rule(.samples)),
      y: object.required("y", ArraySource.rule(.targets)))
  }

  var text: JSONText {
    .object(["x": x.text, "y": y.text])
  }
}

extension ValidationSource {
  static var rule: Rule<ValidationSource> {
    .object(fallback: .source(DataSource.fallback)) { object in
      if object.contains("x") || object.contains("y") {
        return .source(DataSource.read(object))
      }
      return .split(object.required("split", .betweenZeroAndOne))
    }
  }

  var text: JSONText {
    switch self {
    case .split(let fraction): .object(["split": .real(fraction)])
    case .source(let source): source.text
    }
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
      case .array: return FloatArray.read(node, role: role).map(ArraySource.inline)
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
