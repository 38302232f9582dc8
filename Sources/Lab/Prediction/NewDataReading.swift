import LSTMEngine
import LabFormats
import LabStore

/// Reads samples as a run read its own, by what is stored with the run alone.
struct NewDataReading {
  let opened: OpenedRun
  let config: Config
  /// What is stored with the run.
  let stored: Preparation
  let data: NewData
  /// The place of each number in the file, for messages.
  private let places: NewDataPlaces

  /// - Parameter source: How the data are written; by default as those that the run was trained with.
  init(_ opened: OpenedRun, data: NewData, as source: DataSource? = nil) throws {
    self.opened = opened
    stored = try opened.preparation
    self.data = data
    var config = try opened.config
    config.data.train = source ?? config.data.train
    places = NewDataPlaces(path: data.path, y: data.y, source: config.data.train)
    config.file = ConfigFile(data.path)
    self.config = config
  }

  /// Returns the samples, scaled as the run's own.
  func dataset(targets presence: TargetPresence) throws -> Dataset {
    let read = try loaded(targets: presence).dataset(
      path: "data", in: config.file, missing: config.data.train.missing,
      keepsUnknown: presence == .optional)
    return try prepared(read)
  }

  /// Returns the last window of each series, scaled as the run's own.
  ///
  /// - Parameter own: Reads a part of the run's own data in the place of the file, given what its samples
  ///   must be like.
  func lastWindows(
    of own: ((SampleForm) throws -> LoadedSource)? = nil
  ) throws -> Dataset {
    let loaded = try own?(stored.form(targets: .optional)) ?? loaded(targets: .optional)
    guard case .series(let series, let windows) = loaded else { throw opened.withoutWindows }
    return try prepared(series.lastWindows(windows, path: "data", file: config.file))
  }

  /// Returns samples as they were read filled and scaled as the run's own.
  private func prepared(_ read: Dataset) throws -> Dataset {
    let read = try filled(read)
    let wanted = try features()
    guard read.features == wanted else {
      throw LabError(
        .data,
        "the samples have \(read.features) feature\(read.features == 1 ? "" : "s"), run "
          + "\(opened.id) reads \(wanted)", where: data.path,
        next: "give the features that the run was trained with, in the same order")
    }
    try requireTargets(read)
    try InputCheck(config: config, place: { places.ofX($0, in: read) })
      .requireReadable(read, path: "data")
    return try scaled(read)
  }

  /// Whether the run scaled numbers as they were read, not their nearest float32.
  var keepsDoubles: Bool { opened.run.scaledFrom == .float64 }

  /// Reads the files.
  private func loaded(targets presence: TargetPresence) throws(LabError) -> LoadedSource {
    let here = ConfigFile("")
    let form = stored.form(targets: presence)
    switch config.data.train {
    case .csv(let source):
      try requireTable("tables")
      return try LoadedSource(
        .csv(source.reading(data.path)), path: "data.train", in: here, like: form,
        keepsDoubles: keepsDoubles)
    case .timeSeries(var source):
      try requireTable(".ts files")
      source.path = data.path
      return try LoadedSource(
        .timeSeries(source), path: "data.train", in: here, like: form, keepsDoubles: keepsDoubles)
    case .text(var source):
      try requireTable("texts")
      source.path = data.path
      return try LoadedSource(.text(source), path: "data.train", in: here, like: form)
    case .arrays(let source): return try arrays(source, targets: presence)
    case .generator(let source): return try arrays(source.asArrays, targets: presence)
    }
  }

  private func arrays(
    _ source: ArraysSource, targets presence: TargetPresence
  ) throws(LabError) -> LoadedSource {
    let isSelfPredicting = source.windows != nil && source.y == nil
    if isSelfPredicting, data.y != nil {
      throw LabError(
        .usage, "`--y` has no meaning: run \(opened.id) predicts columns of x itself",
        where: "--y", next: "leave it out")
    }
    if presence == .required, data.y == nil, !isSelfPredicting {
      throw LabError(
        .usage, "the targets of \(Visible.line(data.path)) are not given", where: "--y",
        next: "name the .npy file that holds them: --y FILE")
    }
    if source.lengths != nil, data.lengths == nil {
      throw LabError(
        .usage, "run \(opened.id) was trained with the lengths of its samples", where: "--lengths",
        next: "name the .npy file with the number of time steps of each sample: --lengths FILE")
    }
    try requireMembers()
    var new = source
    new.x = .file(data.path)
    new.y = data.y.map(ArraySource.file)
    new.lengths = data.lengths.map(LengthsSource.file)
    return try ArraysLoading(
      path: "data", file: ConfigFile(""), keepsDoubles: keepsDoubles
    ).loaded(new, targets: presence, hasUnknownTargets: source.y != nil && new.y == nil)
  }

  /// Refuses an archive of arrays of which none is named.
  private func requireMembers() throws(LabError) {
    for case let path? in [data.path, data.y, data.lengths] where path.hasSuffix(".npz") {
      let names = try NPZFile(contentsOf: path).names.prefix(30).map {
        Visible.shortened(Visible.line($0), to: 40)
      }
      throw LabError(
        .usage, "a .npz file holds arrays by name, and none is named", where: path,
        next: "name one of \(names.joined(separator: ", ")): "
          + "\(Visible.line(path)):\(names.first ?? "x")")
    }
  }

  /// Fills in or leaves out what is missing, as the run did, with the numbers that stand for it there.
  private func filled(_ read: Dataset) throws(LabError) -> Dataset {
    guard read.x.contains(where: \.isNaN) else { return read }
    guard let filling = stored.filling(config.data.train.missing, of: read.features) else {
      throw LabError(
        .data, "values are missing, and run \(opened.id) has stored nothing to fill them with",
        where: data.path,
        next: "fill them in, or leave their samples out: its `\"missing\"` is "
          + "\"\(config.data.train.missing.rawValue)\"")
    }
    return try filling.applied(to: read, path: "data", file: config.file).withoutGaps
  }

  /// Refuses arrays, and what only arrays have.
  private func requireTable(_ what: String) throws(LabError) {
    if let option = data.y == nil ? (data.lengths == nil ? nil : "--lengths") : "--y" {
      throw LabError(
        .usage, "`\(option)` belongs to arrays; run \(opened.id) reads \(what)", where: option,
        next: "leave it out: \(what) hold their targets themselves")
    }
    let path = data.path.lowercased()
    guard path.hasSuffix(".npy") || path.hasSuffix(".npz") || path.contains(".npz:") else { return }
    throw LabError(
      .usage, "run \(opened.id) reads \(what), not arrays", where: data.path,
      next: "write the samples as those of the run; its configuration is in: "
        + "lstm-lab show \(opened.id) --json\(opened.database.option)")
  }

  /// Refuses targets of another kind than the run's.
  private func requireTargets(_ read: Dataset) throws(LabError) {
    guard read.y.contains(where: { !$0.isNaN }) else { return }
    let hasNames = read.classNames != nil
    guard hasNames == stored.classes.isEmpty else { return }
    throw LabError(
      .data,
      hasNames
        ? "the file's targets are classes, and run \(opened.id) predicts numbers"
        : "the file's targets are numbers, and run \(opened.id) predicts classes",
      where: data.path, next: "give targets of the kind that the run was trained with")
  }

  /// The number of features that the model reads.
  private func features() throws -> Int {
    if config.model.readsSymbols { return 1 }
    return try opened.database.tensors(of: opened.id).first { $0.source == .input }?.rows ?? 0
  }

  private func scaled(_ read: Dataset) throws(LabError) -> Dataset {
    let normalization = try stored.normalization(
      config.data.normalize, of: read.features, where: opened.place,
      next: LabError.adviceOnDamage(opened.database.path))
    guard let normalization else { return read.withoutDoubles }
    let scaled = read.normalized(by: normalization)
    guard let bad = scaled.x.firstIndex(where: { !$0.isFinite }) else { return scaled }
    let number = read.doubles.map { "\($0[bad])" } ?? "\(read.x[bad])"
    throw LabError(
      .data,
      "`data.x\(read.sequences.place(of: bad))` is \(number), which the run's scale makes "
        + "\(scaled.x[bad])", where: places.ofX(bad, in: read),
      next: "the number is far from all that the run was trained with: check its unit of measure")
  }

  /// The table that is read, and where it lies; nil for another kind of file.
  var table: (source: CSVSource, path: String)? {
    guard case .csv(let source) = config.data.train else { return nil }
    return (source.reading(data.path), data.path)
  }

  // MARK: For the engine

  /// Returns the model for batches of these samples.
  func network(for data: Dataset) throws -> NetworkDescription {
    let check = ModelCheck(config: config, features: data.features)
    var network = try check.description(steps: data.steps, samples: data.samples)
    if let scaling = targetScaling {
      guard scaling.scales.count == network.outputs else {
        throw LabError(
          .data,
          "\(scaling.scales.count) outputs have stored scales, and \(network.outputs) need them",
          where: opened.place, next: LabError.adviceOnDamage(opened.database.path))
      }
      network.outputScales = scaling.scales.map(Float.init)
    }
    try opened.requireTensors(of: network)
    try check.requireRoom(network)
    return network
  }

  /// How the run scaled the numbers that it predicts; nil where it did not.
  private var targetScaling: Normalization? {
    stored.targetNormalization(config.data.normalizeTarget)
  }

  /// Returns the samples; where some targets are not known, another one stands for them.
  func samples(_ data: Dataset, _ network: NetworkDescription) throws -> SampleSet {
    var config = config
    config.file = ConfigFile(self.data.y ?? self.data.path)
    let check = TargetCheck(
      config: config, outputs: network.outputs, hasSteps: network.outputHasSteps, rules: .first,
      place: { places.ofTarget(row: $0, in: data) }, scaling: targetScaling)
    guard let known = data.y.first(where: { !$0.isNaN }) else {
      return check.samples(withoutTargets: data)
    }
    return try check.samples(
      data.y.contains(where: \.isNaN) ? data.replacingUnknownTargets(with: known) : data,
      path: "data")
  }
}

extension GeneratorSource {
  /// What arrays of the same kind are: of windows, the predicted features are columns of x.
  fileprivate var asArrays: ArraysSource {
    let places = windows?.targets?.compactMap { task.featureNames.firstIndex(of: $0) }
    var windows = windows
    windows?.targets = places.map { $0.map(String.init) }
    return ArraysSource(
      x: .file(""), y: windows == nil ? .file("") : nil, windows: windows)
  }
}

extension CSVSource {
  /// The same source with another file, which is written like its own.
  fileprivate func reading(_ path: String) -> CSVSource {
    var source = self
    source.path = path
    func isOf(_ ending: String, _ path: String) -> Bool {
      let path = path.lowercased()
      return path.hasSuffix(ending) || path.hasSuffix(ending + ".gz")
    }
    if delimiter == nil, isOf(".tsv", self.path), !isOf(".csv", path) { source.delimiter = .tab }
    return source
  }
}
