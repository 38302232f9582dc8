import Foundation
import LabFormats
import LabStore

extension Laboratory {
  /// Writes the weights of an epoch to a `.safetensors` or `.npz` file.
  ///
  /// - Returns: The number of tensors, whether an earlier file was replaced, and what the other
  ///   program has to be told.
  /// - Throws: `cannotCreate` where a file of another kind would be lost.
  package func export(
    _ text: String, to path: String, names: TensorNames = .keras
  ) throws -> (tensors: Int, replaced: Bool, notes: [String]) {
    guard path.hasSuffix(".safetensors") || path.hasSuffix(".npz") else {
      throw LabError(
        .usage, "the file's name ends neither in .safetensors nor in .npz", where: path,
        next: "name a file that ends in one of them: the ending chooses the format")
    }
    let opened = try open(text)
    let epoch = try opened.epoch()
    let layers = opened.run.trainer == nil ? try opened.config.model.layers : []
    let replaces = try Self.replacesWeights(path)
    let count = try opened.exportWeights(of: epoch, names, to: path)
    return (count, replaces, names.notes(layers))
  }

  /// Whether a file of weights stands at a path; one of another kind is refused.
  private static func replacesWeights(_ path: String) throws(LabError) -> Bool {
    try ProtectedFiles.require(path)
    let place = URL(filePath: path).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: place)[.type] as? FileAttributeType
    guard type == .typeRegular, let file = FileHandle(forReadingAtPath: path),
      let start = try? file.read(upToCount: 9), !start.isEmpty
    else { return false }
    let isWeights = path.hasSuffix(".npz") ? start.starts(with: [0x50, 0x4B]) : start.last == 0x7B
    guard isWeights else {
      throw LabError(
        .cannotCreate, "there is a file already, and it holds no weights", where: path,
        next: "name another file, or remove this one")
    }
    return true
  }

  /// Writes runs as TensorBoard's events: a folder for each, and in it one for each part of the data
  /// as Keras's callback has them, with every loss and metric, the learning rate, and a histogram of
  /// each tensor.
  ///
  /// - Returns: The runs' folders, and the parts in them.
  /// - Throws: `cannotCreate` where a run's folder has events already: TensorBoard would show both as
  ///   one run. Nothing is written before every run is found good.
  package func exportEvents(
    _ texts: [String], to folder: String
  ) throws -> [(folder: String, parts: [String])] {
    let database = try reading()
    let runs = try texts.reduce(into: [OpenedRun]()) { runs, text in
      let opened = try open(whole: text, in: database)
      if !runs.contains(where: { $0.id == opened.id }) { runs.append(opened) }
    }
    let parent = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let folders = runs.map { "\(parent)/\($0.id)-\(FileName.safe($0.run.name))" }
    for folder in folders where Self.hasEvents(folder) {
      throw LabError(
        .cannotCreate, "the folder has events already", where: folder,
        next: "remove it, or name another one with --tensorboard")
    }
    let exports = try zip(runs, folders).map { try EventExport($0, to: $1) }
    for file in exports.flatMap(\.files) { try Self.makeFolder(file.folder) }
    for file in exports.flatMap(\.files) { try FileBytes.write(file.bytes, to: file.path) }
    return exports.map { ($0.folder, $0.files.map(\.part)) }
  }

  /// Whether TensorBoard would find events in a folder or below it.
  private static func hasEvents(_ folder: String) -> Bool {
    FileManager.default.enumerator(atPath: folder)?.contains { path in
      (path as? String)?.split(separator: "/").last?.contains("tfevents") == true
    } ?? false
  }

  private static func makeFolder(_ path: String) throws(LabError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        .cannotCreate, "cannot make the folder", where: path, next: "name another folder")
    }
  }
}

extension OpenedRun {
  /// Writes the weights of an epoch to a `.safetensors` or `.npz` file and returns the number of
  /// tensors.
  func exportWeights(of epoch: Int, _ names: TensorNames, to path: String) throws -> Int {
    let tensors =
      run.trainer != nil && names == .keras
      ? try foreignTensors(at: epoch)
      : try TensorExport(tensors: try database.tensors(of: id), values: try weights(at: epoch))
        .tensors(named: names)
    if path.hasSuffix(".npz") {
      try FileBytes.write(try NPZFile.bytes(of: tensors, place: path), to: path)
    } else {
      try SafetensorsFile.write(
        tensors, metadata: [("run", run.uuid), ("epoch", String(epoch)), ("name", run.name)],
        to: path)
    }
    return tensors.count
  }
}

/// A stored run as events of TensorBoard.
private struct EventExport {
  /// The events of one part of the data.
  struct File {
    let part: String
    let folder: String
    let path: String
    let bytes: [UInt8]
  }

  private let opened: OpenedRun
  let folder: String
  /// A file for each part of the data that was measured.
  private(set) var files: [File] = []

  /// Only makes the bytes: nothing is written.
  init(_ opened: OpenedRun, to folder: String) throws {
    self.opened = opened
    self.folder = folder
    let start = Int(Self.seconds(opened.run.createdAt))
    files = try [DataSplit.train, .validation, .test].compactMap { split in
      guard let events = try events(split) else { return nil }
      let place = "\(folder)/\(split.rawValue)"
      return File(
        part: split.rawValue, folder: place,
        path: "\(place)/events.out.tfevents.\(start).lstm-lab", bytes: events.bytes)
    }
  }

  private static func seconds(_ text: String) -> Double {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    return (try? style.parse(text))?.timeIntervalSince1970 ?? 0
  }

  /// The events of one part of the data; nil where nothing was measured on it.
  private func events(_ split: DataSplit) throws -> EventFile? {
    let (run, database) = (opened.run, opened.database)
    let metrics = try database.metrics(of: run.runID).mapValues { $0.filter { $0.split == split } }
    guard split == .train || metrics.contains(where: { !$0.value.isEmpty }) else { return nil }
    let stored = split == .train ? Set(try database.epochs(of: run.runID, storing: .weights)) : []
    let tensors = try database.tensors(of: run.runID)
    var file = EventFile(time: Self.seconds(run.createdAt))
    for epoch in try database.epochs(of: run.runID) {
      var values: [(tag: String, value: EventFile.Value)] = (metrics[epoch.epoch] ?? []).map {
        ("epoch_\($0.name)", .scalar($0.value))
      }
      if split == .train, let rate = epoch.learningRate {
        values.append(("epoch_learning_rate", .scalar(rate)))
      }
      if stored.contains(epoch.epoch) {
        let weights = try opened.weights(at: epoch.epoch)
        values += zip(tensors, weights).map { ("\($0.path)/histogram", .histogram($1)) }
      }
      if values.isEmpty { continue }
      file.append(step: epoch.epoch, time: Self.seconds(epoch.recordedAt), values: values)
    }
    return file
  }
}
