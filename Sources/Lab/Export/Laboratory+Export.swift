import Foundation
import LabFormats
import LabStore

extension Laboratory {
  /// Writes the weights of an epoch to a `.safetensors` or `.npz` file.
  ///
  /// - Returns: The number of tensors, and what the other program has to be told.
  package func export(
    _ text: String, to path: String, names: TensorNames = .keras
  ) throws -> (tensors: Int, notes: [String]) {
    guard path.hasSuffix(".safetensors") || path.hasSuffix(".npz") else {
      throw LabError(
        .usage, "the file's name ends neither in .safetensors nor in .npz", where: path,
        next: "the ending chooses the format")
    }
    let opened = try open(text)
    let epoch = try opened.epoch()
    let layers = try opened.config.model.layers
    return (try opened.exportWeights(of: epoch, names, to: path), names.notes(layers))
  }

  /// Writes a run as TensorBoard's events, a folder for each part of the data as Keras's callback
  /// does: every loss and metric, the learning rate, and a histogram of each tensor.
  ///
  /// - Returns: The files' paths.
  package func exportEvents(_ text: String, to folder: String) throws -> [String] {
    let opened = try open(whole: text, in: reading())
    let export = EventExport(run: opened.run, database: opened.database)
    var paths: [String] = []
    for split in [DataSplit.train, .validation, .test] {
      guard let events = try export.events(split) else { continue }
      let place = "\(folder)/\(split.rawValue)"
      do {
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
      } catch {
        throw LabError(
          .cannotCreate, "cannot make the folder", where: place, next: "name another folder")
      }
      let path = "\(place)/events.out.tfevents.\(export.start).lstm-lab"
      try FileBytes.write(events.bytes, to: path)
      paths.append(path)
    }
    return paths
  }
}

extension OpenedRun {
  /// Writes the weights of an epoch to a `.safetensors` or `.npz` file and returns the number of
  /// tensors.
  func exportWeights(of epoch: Int, _ names: TensorNames, to path: String) throws -> Int {
    let tensors = TensorExport(
      tensors: try database.tensors(of: id),
      values: try database.weights(of: id, at: epoch).map(\.floats)
    ).tensors(named: names)
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
  let run: StoredRun
  let database: LabDatabase

  /// Seconds since 1970 at which the run was made.
  var start: Int { Int(Self.seconds(run.createdAt)) }

  private static func seconds(_ text: String) -> Double {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    return (try? style.parse(text))?.timeIntervalSince1970 ?? 0
  }

  /// The events of one part of the data; nil where nothing was measured on it.
  func events(_ split: DataSplit) throws -> EventFile? {
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
        let weights = try database.weights(of: run.runID, at: epoch.epoch)
        values += zip(tensors, weights).map { ("\($0.path)/histogram", .histogram($1.floats)) }
      }
      if values.isEmpty { continue }
      file.append(step: epoch.epoch, time: Self.seconds(epoch.recordedAt), values: values)
    }
    return file
  }
}
