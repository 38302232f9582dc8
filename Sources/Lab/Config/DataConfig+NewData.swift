import LabFormats

extension DataConfig {
  /// The keys of a source of data that say what samples are: weights belong to them. All others say where
  /// the data lie and how they are written.
  private static let kept = [
    "features", "target", "target_per", "classes", "missing", "windows", "sequence_length",
    "sequence_stride",
  ]

  /// Refuses data whose samples would be others than those of the run that goes on with them.
  ///
  /// - Parameters:
  ///   - own: What the run was trained with.
  ///   - run: What messages call it.
  func requireSamples(as own: DataConfig, of run: String) throws(LabError) {
    try Self.require(train, as: own.train, at: "data.train", of: run)
    if case .source(let source) = validation {
      var before = own.train
      if case .source(let source) = own.validation { before = source }
      try Self.require(source, as: before, at: "data.validation", of: run)
    }
    if let test { try Self.require(test, as: own.test ?? own.train, at: "data.test", of: run) }
  }

  private static func require(
    _ source: DataSource, as own: DataSource, at path: String, of run: String
  ) throws(LabError) {
    let members = DataSource.form.members(source) ?? []
    let before = DataSource.form.members(own) ?? []
    for key in kept where source.shares(key, with: own) {
      let value = members.first { $0.key == key }?.value
      let old = before.first { $0.key == key }?.value
      guard value != old, !(key == "classes" && value == nil) else { continue }
      func shown(_ value: JSONText?) -> String {
        value.map { Visible.shortened($0.compact, to: 60) } ?? "left out"
      }
      throw LabError(
        .usage,
        "new data are read as the run read its own: `\(path).\(key)` is \(shown(value)), and of "
          + "\(run) \(old == nil ? "it is " : "")\(shown(old))", where: "--set",
        next: (old.map { _ in "give it as the run has it" } ?? "leave it out")
          + "; start a new run for another `\(key)`")
    }
  }
}

extension DataSource {
  /// Whether a key that says what samples are means the same of both sources.
  fileprivate func shares(_ key: String, with other: DataSource) -> Bool {
    switch (self, other) {
    case (.csv(let one), .csv(let two)):
      // The columns of a wide table are time steps.
      return key != "features" || one.layout == two.layout
    case (.arrays, .arrays), (.timeSeries, .timeSeries), (.generator, .generator), (.text, .text):
      return true
    default: return key == "missing" || key == "windows"
    }
  }
}
