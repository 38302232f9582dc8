import LSTMEngine
import LabFormats

/// What the outputs of a model say.
enum OutputMeaning {
  /// One output a class: the first greatest is what is predicted.
  case classes(ClassTitles)
  /// One output: how likely the second of two classes is; above ½ it is what is predicted.
  case second(ClassTitles)
  /// A number an output, by these names.
  case numbers([String])

  /// - Parameters:
  ///   - classes: The run's classes; none where its targets are numbers.
  ///   - names: What its source calls the numbers, one an output.
  init(_ config: Config, classes: [String], names: [String]?, outputs: Int) {
    let kind = OutputKind(
      config.training.loss, outputs: outputs, hasClasses: !classes.isEmpty)
    switch kind {
    case .classes: self = .classes(ClassTitles(names: classes, count: outputs))
    case .second: self = .second(ClassTitles(names: classes, count: 2))
    case .numbers, .labels:
      let isNamed = names?.count == outputs
      self = .numbers(
        outputs == 1
          ? ["predicted"] : (isNamed ? names : nil) ?? (0..<outputs).map { "y\($0)" })
    }
  }

  /// The classes that are told apart; nil for numbers.
  var classes: ClassTitles? {
    switch self {
    case .classes(let titles), .second(let titles): titles
    case .numbers: nil
    }
  }

  private var kind: OutputKind {
    switch self {
    case .classes: .classes
    case .second: .second
    case .numbers: .numbers
    }
  }

  /// The class that a row of outputs says; nil for numbers.
  func predicted(_ row: ArraySlice<Float>) -> Int? { kind.predicted(row) }

  /// The class that a row of targets says; nil for numbers, and between two classes.
  func target(_ targets: SampleSet.Targets, row: Int) -> Int? { kind.target(targets, row: row) }
}

extension OutputMeaning {
  /// How well classes are told apart; nil for numbers, and where a target is between two classes.
  func scores(_ outputs: [Float], _ targets: SampleSet.Targets) -> ClassScores? {
    classes.flatMap { kind.scores(outputs, targets, count: $0.count) }
  }
}

/// What classes are called: by their names, or by their numbers where they have none.
struct ClassTitles {
  let names: [String]
  /// The number of classes, names or not.
  let count: Int
  /// Whether names have their numbers before them, and columns are titled by numbers alone: for where there
  /// is no room for names.
  var isNumbered = false

  /// Of a name that has its number, so many characters tell enough.
  private static let mostOfName = 24

  init(names: [String], count: Int) {
    self.names = Array(names.prefix(count))
    self.count = count
  }

  /// A class in a row of a table.
  func cell(_ number: Int) -> Table.Cell {
    guard number < names.count else { return .integer(number) }
    let name = names[number]
    return .text(isNumbered ? "\(number) \(Visible.shortened(name, to: Self.mostOfName))" : name)
  }

  /// A class in JSON.
  func json(_ number: Int) -> JSONText {
    number < names.count ? .string(names[number]) : .integer(number)
  }

  /// A class as a title.
  func title(_ number: Int) -> String {
    number < names.count && !isNumbered ? names[number] : "\(number)"
  }
}

/// The titles of a table's columns, some of which others chose: each is another.
struct ColumnTitles {
  private(set) var titles: Set<String> = []  // only asked, never iterated

  /// Returns the title, or one that begins with what it is where there is such a column already.
  mutating func add(_ title: String, as what: String) -> String {
    var title = title
    while !titles.insert(title).inserted { title = "\(what) \(title)" }
    return title
  }
}
