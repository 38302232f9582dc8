import Foundation
package import LabFormats
import LabStore

/// Records the run of a stream: the only writer, through the same queue and transactions as a run of our own.
///
/// What is stored of the run already is compared by its hashes and not written again, so that a stream may come
/// twice, or go on where another one was cut off.
final class StreamRecorder {
  private let stream: ByteStream
  private let database: LabDatabase
  private let header: StreamHeader
  private let tensors: [TensorDescription]
  private let answer: @Sendable (StreamAnswer) -> Void
  private let tell: (String) -> Void
  /// The run as it was stored when the stream began; nil of a new one.
  private let known: StoredRun?

  private var writer: RunWriter?
  private var chain: HashChain?
  private var weightsBefore: [Data]?
  /// The last epoch that came.
  private var last: Int?

  /// Reads the first line of a stream and finds its run.
  init(
    _ stream: ByteStream, in database: LabDatabase,
    answer: @escaping @Sendable (StreamAnswer) -> Void, tell: @escaping (String) -> Void
  ) throws {
    self.stream = stream
    self.database = database
    self.answer = answer
    self.tell = tell
    guard let line = try stream.line(upTo: StreamHeader.longestLine) else {
      throw LabError(
        .data, "the stream ends before its first line does", where: stream.name,
        next: "a training writes it: see docs/record.md")
    }
    header = try StreamHeader(line, source: stream.place)
    tensors = header.tensors.map(TensorDescription.init)
    known = try database.run(uuid: header.uuid)
    if let known {
      try requireSameTensors(as: known)
      answer(.run(known.runID, uuid: known.uuid))
    } else if let after = header.after {
      throw LabError(
        .data, "the stream goes on with run \(after.uuid), which is not here", where: database.path,
        next: "take in the stream that the run began with first, or name its database with --db")
    }
  }

  /// The longest line but the first.
  private static let longestLine = 1 << 20

  /// Records what comes, to the stream's end.
  ///
  /// - Returns: The run, what became of it, and the last epoch that is stored.
  func record() throws -> RecordedStream {
    var end: StreamedEnd?
    do {
      while end == nil, let line = try stream.line(upTo: Self.longestLine) {
        switch try StreamLine(line, source: stream.place) {
        case .epoch(let epoch): guard try take(epoch) else { return try finish(nil) }
        case .end(let told): end = told
        }
      }
    } catch let error as LabError {
      // What came before the fault is whole; where nothing did, nothing is stored.
      if writer?.storedEpoch != nil || last != nil {
        try? writer?.finish(.failed, message: error.what, at: Date())
      } else {
        writer?.abandon()
      }
      throw error
    }
    return try finish(end)
  }

  /// Takes in an epoch.
  ///
  /// - Returns: Whether all its bytes came.
  private func take(_ epoch: StreamedEpoch) throws -> Bool {
    let layout = try FrameLayout(of: epoch, header, place: stream.place)
    if let last, epoch.epoch != last + 1 {
      throw LabError(
        .data, "epoch \(epoch.epoch) follows epoch \(last)", where: stream.place,
        next: "the numbers of epochs rise by one")
    }
    guard let frame = try layout.frame(from: stream) else { return false }
    let hash = try chained(frame, epoch)
    defer { (last, weightsBefore) = (epoch.epoch, frame.weights) }
    if let known, epoch.epoch <= known.epochs {
      try requireStored(hash, at: epoch.epoch, of: known)
      return true
    }
    try openWriter(before: epoch.epoch).submit(record(epoch, frame, hash))
    return true
  }

  /// Adds an epoch to the chain of hashes, which begins anew with the first that is known.
  private func chained(_ frame: StreamFrame, _ epoch: StreamedEpoch) throws -> [UInt8] {
    if chain == nil {
      var before: [UInt8]?
      if let known, epoch.epoch > 0 {
        before = try database.hash(of: known.runID, at: epoch.epoch - 1)
      }
      chain = HashChain(after: before ?? HashChain.start)
    }
    guard var chain else { preconditionFailure("the chain has a beginning") }
    let hash = chain.append(
      weights: frame.weights, iterations: epoch.iterations, slots: frame.slots.map(\.tensors))
    self.chain = chain
    return hash
  }

  private func requireStored(_ hash: [UInt8], at epoch: Int, of run: StoredRun) throws {
    let stored = try database.hash(of: run.runID, at: epoch)
    guard stored == hash else {
      throw LabError(
        .data,
        stored == nil
          ? "run \(run.runID) begins behind epoch \(epoch)"
          : "epoch \(epoch) of run \(run.runID) is another one in the stream", where: stream.place,
        next:
          "what is stored stays as it is; let the training begin a run of its own, with this one as its "
          + "`parent`")
    }
  }

  /// The run's writer, which is opened with the first epoch that is not stored.
  private func openWriter(before epoch: Int) throws -> RunWriter {
    if let writer { return writer }
    let writer: RunWriter
    if let known {
      guard epoch == known.epochs + 1 else {
        throw LabError(
          .data,
          "the stream begins with epoch \(epoch), and run \(known.runID) ends with \(known.epochs)",
          where: stream.place, next: "take in the stream with the epochs between them first")
      }
      writer = try database.resume(known, after: known.epochs)
    } else {
      writer = try database.record(description)
    }
    let uuid = header.uuid
    let isNew = known == nil
    writer.told = { [answer] run, epoch, isFirst in
      if isFirst, isNew { answer(.run(run, uuid: uuid)) }
      answer(.stored(epoch))
    }
    self.writer = writer
    return writer
  }

  private func record(
    _ epoch: StreamedEpoch, _ frame: StreamFrame, _ hash: [UInt8]
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch.epoch, seconds: epoch.seconds, recordedAt: epoch.recordedAt ?? Date(),
      learningRate: epoch.learningRate, metrics: epoch.metrics, hash: hash,
      state: TrainingState(iterations: epoch.iterations, slots: frame.slots.map(\.name)).json,
      weights: frame.weights.isEmpty ? nil : frame.weights,
      optimizer: frame.slots.isEmpty ? nil : frame.slots,
      gateStats: ForeignNorms.stats(
        tensors, isTrained: header.tensors.map(\.isTrainable), weights: frame.weights,
        before: weightsBefore),
      activations: frame.activations)
  }

  /// Stores how the run ended; without a word from the stream, it was interrupted.
  private func finish(_ end: StreamedEnd?) throws -> RecordedStream {
    guard let last else {
      throw LabError(
        .data, "the stream ends before its first epoch: nothing was stored", where: stream.name,
        next: "a training that ends before its first epoch leaves no run")
    }
    let outcome = end?.outcome ?? .interrupted
    // A known run that only ends otherwise than it did.
    if writer == nil, let known, last == known.epochs, end != nil, known.status != outcome.rawValue
    {
      writer = try database.resume(known, after: known.epochs)
    }
    if let end, let epoch = end.result, epoch > last {
      throw LabError(
        .data, "the result is epoch \(epoch), and the last is \(last)", where: stream.place,
        next: "name one that came")
    }
    if let writer {
      let result = end?.result
      let measured = end.map { end in
        end.test.isEmpty
          ? [] : [RunResult.EpochMetrics(epoch: result ?? last, metrics: end.test)]
      }
      try writer.finish(
        outcome, message: end?.message,
        result: RunResult(epoch: result, measured: measured ?? []), at: Date())
    }
    let run = try writer?.runID() ?? known?.runID
    guard let run else { preconditionFailure("a run is written or known") }
    return RecordedStream(
      run: run, epochs: max(last, known?.epochs ?? 0), outcome: outcome.rawValue)
  }

  /// The model as a configuration of ours, if it is one, and that of the tensors.
  private func native(of run: StreamedRun) -> String? {
    guard let native = header.native?.compact else { return nil }
    let place = "\(stream.name): native"
    do {
      try NativeModel(json: native, name: run.name, place: place)
        .requireTensors(tensors, place: place)
      return native
    } catch {
      tell("the run is recorded without a model that can be computed here:\n\(error)")
      return nil
    }
  }

  /// Describes a new run.
  private var description: RunDescription {
    guard let run = header.run else { preconditionFailure("a stream without a run") }
    let config = run.config.compact
    var description = RunDescription(
      name: run.name, createdAt: run.begun ?? Date(), seed: run.seed.map { Int64($0) },
      config: config, configHash: Config.hash(of: config), configDirectory: nil,
      data: nil, tags: run.tags, notes: run.notes,
      host: run.host ?? ProcessInfo.processInfo.hostName, version: LabVersion.current,
      tensors: tensors)
    description.uuid = run.uuid
    description.activations = header.activations.map(ActivationDescription.init)
    description.foreign = ForeignTraining(
      trainer: run.trainer, native: native(of: run),
      isExact: header.tensors.allSatisfy(\.isExact), dataHash: run.data,
      parent: run.parent.map { .init(uuid: $0.uuid, epoch: $0.epoch) },
      tensors: header.tensors.map(ForeignTensor.init),
      slots: header.slots.compactMap { slot in
        slot.tensors.map { ForeignSlot(name: slot.name, tensors: $0) }
      })
    return description
  }

  /// Refuses a stream whose weights are not those of the run that it goes on with.
  private func requireSameTensors(as run: StoredRun) throws {
    guard try database.tensors(of: run.runID) == tensors else {
      throw LabError(
        .data, "the tensors of run \(run.runID) are others than the stream's", where: stream.place,
        next: "let the training begin a run of its own: with another uuid")
    }
    guard run.trainer != nil else {
      throw LabError(
        .data, "run \(run.runID) was trained by lstm-lab itself", where: stream.place,
        next: "go on with it: lstm-lab resume \(run.runID)\(database.option)")
    }
  }
}

/// What a recorder tells the program that trains.
package enum StreamAnswer: Equatable, Sendable {
  /// The run is stored, and has this number.
  case run(Int64, uuid: String)
  /// Everything is stored up to this epoch.
  case stored(Int)
  /// Nothing more is.
  case refused(LabError)

  /// The answer as a line of JSON.
  package var line: String {
    switch self {
    case .run(let run, let uuid):
      JSONText.object(["run": .integer(Int(run)), "uuid": .string(uuid)]).compact
    case .stored(let epoch): JSONText.object(["stored": .integer(epoch)]).compact
    case .refused(let error):
      JSONText.object(["error": .string(error.what), "kind": .string(Self.kind(error))]).compact
    }
  }

  private static func kind(_ error: LabError) -> String {
    switch error.kind {
    case .usage: "usage"
    case .data, .notFound: "data"
    case .busy: "busy"
    case .software, .system, .cannotCreate, .inputOutput: "io"
    }
  }
}

/// What came of a stream.
package struct RecordedStream: Equatable, Sendable {
  /// The run's number.
  package let run: Int64
  /// Its last epoch.
  package let epochs: Int
  /// How its training ended: `completed`, `interrupted`, `failed` or `diverged`.
  package let outcome: String
}
