import LabFormats

extension DataSource {
  /// The forms of a source and the keys that tell them apart.
  private static var forms: [(keys: [String], form: ObjectForm<DataSource>)] {
    [
      (["x", "y"], ArraysSource.form.map(DataSource.arrays, \.arrays)),
      (
        ["ts"],
        TimeSeriesSource.form.map(DataSource.timeSeries) {
          if case .timeSeries(let series) = $0 { series } else { nil }
        }
      ),
      (["csv"], csv),
      (
        ["generator"],
        GeneratorSource.form.map(DataSource.generator) {
          if case .generator(let generator) = $0 { generator } else { nil }
        }
      ),
      (["text"], TextSource.form.map(DataSource.text, \.text)),
    ]
  }

  /// The keys that tell the forms apart.
  static var keys: [String] { forms.flatMap(\.keys) }

  static var form: ObjectForm<DataSource> {
    let forms = forms
    let fallback = DataSource(x: .file(""), y: .file(""))
    return ObjectForm(
      fallback: fallback,
      read: { object in
        // Where there are keys of several forms, x and y are the ones too many.
        let found = (forms.dropFirst() + forms.prefix(1)).first {
          $0.keys.contains(where: object.contains)
        }
        if let found { return found.form.read(object) }
        object.allow(forms.flatMap(\.keys))
        object.node.note(
          "`\(object.node.path)` names no source of samples",
          next: "allowed: {\"x\": …, \"y\": …}, {\"ts\": …}, {\"csv\": …}, "
            + "{\"generator\": …} or {\"text\": …}")
        return fallback
      },
      members: { source in forms.lazy.compactMap { $0.form.members(source) }.first },
      objects: { forms.flatMap { $0.form.objects() } })
  }

  /// A table: cut into windows, with a row a sequence, or with a row a time step.
  private static var csv: ObjectForm<DataSource> {
    let (long, wide, windowed) = (CSVSource.long, CSVSource.wide, CSVSource.windowed)
    return ObjectForm<CSVSource>(
      fallback: long.fallback,
      read: { object in
        let layout = object.node.value.members.first { $0.key == "layout" }?.value.string
        let form =
          object.contains("windows")
          ? windowed : layout == TableLayout.wide.rawValue ? wide : long
        let source = form.read(object)
        if source.windows != nil, object.contains("target") {
          object.allow(["target"])
          object.node.note(
            "`\(object.node.path(of: "target"))` has no meaning with `windows`",
            next: "name the columns to predict as `windows.targets`")
        }
        return source
      },
      members: { source in
        [long, wide, windowed].lazy.compactMap { $0.members(source) }.first
      },
      objects: { [long, wide, windowed].flatMap { $0.objects() } }
    ).map(DataSource.csv) { if case .csv(let csv) = $0 { csv } else { nil } }
  }
}

extension ArraySource {
  /// What an array is for: decides how many axes it may have.
  enum Role {
    case samples
    case targets
    /// Samples' x and y where these are series.
    case series
    case seriesTargets

    var ranks: ClosedRange<Int> {
      switch self {
      case .samples: 3...3
      case .series: 2...3
      case .targets, .seriesTargets: 1...3
      }
    }

    /// Whether an array is read by a model, whose scales are taken from the numbers as they are read.
    var isRead: Bool { self == .samples || self == .series }

    var advice: String {
      switch self {
      case .samples: "x is an array of samples, each an array of time steps, each of numbers"
      case .targets: "y is an array of samples: numbers, arrays of outputs, or arrays of time steps"
      case .series: "x is an array of time steps, each of numbers, or an array of such series"
      case .seriesTargets: "y has a number, or an array of them, for each time step of x"
      }
    }
  }

  static func rule(_ role: Role) -> Rule<ArraySource> {
    let path = Rule<String>.arrayFile.tellingARFF
    let allowed = "nested arrays of numbers, \(path.allowed)"
    return Rule(
      allowed: allowed, fallback: .file(""),
      form: ValueForm(oneOf: [path.form()] + role.ranks.map(nested), words: allowed),
      read: { node in
        switch node.value.kind {
        case .array: RaggedArray.read(node, role: role).map(ArraySource.inline)
        case .string: path.read(node).map(ArraySource.file)
        default: nil
        }
      },
      text: { source in
        switch source {
        case .inline(let array): array.text
        case .file(let path): .string(path)
        }
      })
  }

  /// Arrays of so many levels, none of them empty.
  private static func nested(_ levels: Int) -> ValueForm {
    (0..<levels).reduce(Rule<Double>.finite.form()) { form, _ in form.list(from: 1) }
  }
}

extension LengthsSource {
  /// More time steps than any machine has memory for.
  private static let longest = 1 << 40

  static var rule: Rule<LengthsSource> {
    let path = Rule<String>.arrayFile.tellingARFF
    let allowed = "an array of whole numbers from 1, \(path.allowed)"
    let number = Rule.integer(1...longest)
    return Rule(
      allowed: allowed, fallback: .file(""),
      form: ValueForm(oneOf: [path.form(), number.form().list()], words: allowed),
      read: { node in
        switch node.value.kind {
        case .array:
          .inline(node.value.elements.enumerated().map { number(node.element($1, at: $0)) })
        case .string: path.read(node).map(LengthsSource.file)
        default: nil
        }
      },
      text: { lengths in
        switch lengths {
        case .inline(let lengths): .array(lengths.map(JSONText.integer))
        case .file(let path): .string(path)
        }
      })
  }
}
