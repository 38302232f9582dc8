import LabFormats

extension DataConfig {
  static var rule: Rule<DataConfig> {
    .object(fallback: DataConfig(train: DataSource.fallback)) { object in
      var data = DataConfig(
        train: object.required("train", DataSource.rule),
        validation: object.optional("validation", ValidationSource.rule),
        test: object.optional("test", DataSource.rule))
      data.normalize = object.optional("normalize", .name(of: .none), default: .none)
      return data
    }
  }

  var text: JSONText {
    .object([
      "train": train.text, "validation": validation?.text, "test": test?.text,
      "normalize": .string(normalize.rawValue),
    ])
  }
}

extension ValidationSource {
  static var rule: Rule<ValidationSource> {
    .object(fallback: .source(DataSource.fallback)) { object in
      if DataSource.keys.contains(where: object.contains) {
        return .source(DataSource.read(object))
      }
      if !object.contains("split") { object.allow(DataSource.keys) }
      return .split(
        ValidationSplit(
          object.required("split", .betweenZeroAndOne),
          isStratified: object.optional("stratify", .boolean, default: false)))
    }
  }

  var text: JSONText {
    switch self {
    case .split(let split):
      .object(["split": .real(split.fraction), "stratify": .bool(split.isStratified)])
    case .source(let source): source.text
    }
  }
}
