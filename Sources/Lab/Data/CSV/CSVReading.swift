import LabFormats
import LabStore

/// What samples of another file must be like: what those to train on were found to have.
struct SampleForm {
  /// The classes; nil for numbers.
  var classNames: [String]?
  /// The names of the features.
  var featureNames: [String]?
  /// The text that each feature marks with 1.
  var categories: [String?]?

  /// Whether targets are numbers, whatever the first one looks like; else the source says it.
  var hasNumbers = false
  /// Whether targets may be missing.
  var presence = TargetPresence.required

  /// Names the classes alone.
  init(classNames: [String]?, targets presence: TargetPresence = .required) {
    self.classNames = classNames
    self.presence = presence
  }

  /// Takes the form of new data from what a run has stored of its own.
  ///
  /// - Parameter classes: None where targets are numbers.
  init(classes: [String], features: [DataDescription.Feature], targets presence: TargetPresence) {
    self.init(classNames: classes.isEmpty ? nil : classes, targets: presence)
    hasNumbers = classes.isEmpty
    let names = features.compactMap(\.name)
    if !names.isEmpty, names.count == features.count { featureNames = names }
    if features.contains(where: { $0.category != nil }) { categories = features.map(\.category) }
  }

  /// Takes the form of samples.
  init(_ data: Dataset) {
    classNames = data.classNames
    featureNames = data.featureNames
    categories = data.categories
  }

  /// Returns what each of some columns holds: its texts, or nil for numbers.
  func texts(of columns: [String]) -> [[String]?]? {
    guard let featureNames else { return nil }
    return columns.map { column in
      let texts = featureNames.indices.filter { featureNames[$0] == column }
        .compactMap { categories?[$0] }
      return texts.isEmpty ? nil : texts
    }
  }
}

/// Reads samples, or series that windows are cut from, from a table of text.
struct CSVReading {
  let source: CSVSource
  /// The source's JSON path, such as `data.train`.
  let path: String
  /// What the samples must be like; nil for those to train on.
  let form: SampleForm?
  let keepsDoubles: Bool
  private let table: CSVTable
  private let file: ConfigFile

  /// Opens the table.
  init(
    _ source: CSVSource, path: String, in file: ConfigFile, like form: SampleForm?,
    keepsDoubles: Bool
  ) throws(LabError) {
    self.source = source
    self.path = path
    self.file = file
    self.form = form
    self.keepsDoubles = keepsDoubles
    table = try CSVTable(source, contentsOf: file.locating(source.path))
  }

  /// Reads samples that are sequences of the table, or its rows.
  func samples() throws(LabError) -> Dataset {
    let sequence = try sequenceColumn()
    let features = try source.layout == .wide ? nil : features()
    let columns = try targetColumns(source.targets, key: "target")
    let targets = CSVTargets(columns: columns, source: source, path: path, like: form)
    guard let features else {
      let names =
        source.features
        ?? table.columns.indices.filter {
          !columns.contains($0) && $0 != sequence && table.columns[$0] != CSVTable.rowNames
        }.map { table.columns[$0] }
      guard !names.isEmpty else {
        throw table.file.error(
          "no column is left for the features", at: 0,
          next:
            "a wide table has a column for each time step: name the `delimiter`, or the columns "
            + "as `\(path).features`")
      }
      var rows = CSVWideRows(
        table: table, source: source, sequence: sequence,
        columns: try featureColumns(names), targets: targets, keepsDoubles: keepsDoubles)
      return try rows.dataset()
    }
    var rows = CSVSequences(
      table: table, source: source, sequence: sequence, features: features)
    return try rows.dataset(targets)
  }

  /// Reads series with the columns that windows predict.
  func series(_ windows: Windows) throws(LabError) -> SeriesTable {
    let names = windows.targets ?? source.features ?? []
    let columns = try targetColumns(names, key: "windows.targets")
    var rows = CSVSequences(
      table: table, source: source, sequence: try sequenceColumn(), features: try features())
    return try rows.series(
      columns, names: names, mayMiss: source.missing != .error || form?.presence == .optional)
  }

  private func sequenceColumn() throws(LabError) -> Int? {
    try source.sequence.map { name throws(LabError) in
      try table.column(name, key: "\(path).sequence")
    }
  }

  private func featureColumns(_ names: [String]) throws(LabError) -> [Int] {
    var columns: [Int] = []
    for (index, name) in names.enumerated() {
      columns.append(try table.column(name, key: "\(path).features[\(index)]"))
    }
    return columns
  }

  /// The places of targets; nil for one that is not there and need not be.
  private func targetColumns(_ names: [String], key: String) throws(LabError) -> [Int?] {
    var columns: [Int?] = []
    for (index, name) in names.enumerated() {
      if form?.presence == .optional, !table.columns.contains(name) {
        columns.append(nil)
        continue
      }
      let place = names.count == 1 && key == "target" ? "" : "[\(index)]"
      columns.append(try table.column(name, key: "\(path).\(key)\(place)"))
    }
    return columns
  }

  private func features() throws(LabError) -> CSVFeatures {
    let names = source.features ?? []
    return CSVFeatures(
      try featureColumns(names), names: names, missing: source.missing, keepsDoubles: keepsDoubles,
      trained: form?.texts(of: names))
  }
}
