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
    let loss = config.training.loss
    let telling = [Loss.sparseCategoricalCrossentropy, .categoricalCrossentropy].contains(loss)
    if outputs > 1, telling || !classes.isEmpty {
      self = .classes(ClassTitles(names: classes, count: outputs))
    } else if outputs == 1, loss == .binaryCrossentropy {
      self = .second(ClassTitles(names: classes, count: 2))
    } else if outputs == 1 {
      self = .numbers(["predicted"])
    } else {
      let isNamed = names?.count == outputs
      self = .numbers((isNamed ? names : nil) ?? (0..<outputs).map { "y\($0)" })
    }
  }

  /// The classes that are told apart; nil for numbers.
  var classes: ClassTitles? {
    switch self {
    case .classes(let titles), .second(let titles): titles
    case .numbers: nil
    }
  }

  /// The class that a row of outputs says; nil for numbers.
  func predicted(_ row: ArraySlice<Float>) -> Int? {
    switch self {
    case .classes: firstGreatest(of: row.count) { row[row.startIndex + $0] }
    case .second: row[row.startIndex] > 0.5 ? 1 : 0
    case .numbers: nil
    }
  }

  /// The class that a row of targets says; nil for numbers, and between two classes.
  func target(_ targets: SampleSet.Targets, row: Int) -> Int? {
    switch (self, targets) {
    case (.numbers, _): nil
    case (_, .classes(let classes)): Int(classes[row])
    case (.second, .values(let values, _)):
      values[row] == 0 ? 0 : values[row] == 1 ? 1 : nil
    case (.classes, .values(let values, let width)):
      firstGreatest(of: width) { values[row * width + $0] }
    }
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
