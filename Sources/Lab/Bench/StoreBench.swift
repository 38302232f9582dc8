import Foundation
import LSTMEngine
package import LabFormats
import LabStore

/// Measures recording and reading back: a run whose training takes next to no time, so that its
/// epochs come as fast as they can be stored.
package struct StoreBench: Sendable {
  /// The features of each time step.
  package var input = 64
  /// The cells of each layer.
  package var units = 128
  /// The LSTM layers.
  package var layers = 1
  /// The outputs of the dense layer.
  package var outputs = 10
  /// The epochs that are recorded.
  package var epochs = 200

  /// By default an LSTM layer of 128 units and 200 epochs, of which all are stored whole.
  package init() {}

  /// What was measured.
  package struct Result: Answer, Sendable {
    /// The weights of the model.
    package var parameters: Int
    /// The epochs that were recorded.
    package var epochs: Int
    /// From the first epoch handed over to the last one stored.
    package var seconds: Double
    /// Stored float32 values, of weights and optimizer state together.
    package var values: Int
    /// The database's size once everything is in it.
    package var fileBytes: Int
    /// Reading every weight of some epochs through the view `weights`.
    package var readWeights: Int
    /// The seconds that this took.
    package var readSeconds: Double
    /// Reading one weight of every epoch through the view.
    package var historySeconds: Double
  }

  /// Records into a database of its own in a temporary folder, which is removed afterwards.
  package func run() throws -> Result {
    let folder = try ScratchFolder("bench")
    defer { withExtendedLifetime(folder) {} }
    let databasePath = folder.path + "/bench.db"
    let file = folder.path + "/config.json"
    let plan = try TrainingPlan(try Config(json: config, source: file))
    var result = try record(plan, databasePath: databasePath)
    try read(databasePath, into: &result)
    return result
  }

  private func record(_ plan: TrainingPlan, databasePath: String) throws -> Result {
    let database = try LabDatabase(path: databasePath, access: .readWrite(creatingIfMissing: true))
    let start = ContinuousClock.now
    let session = try TrainingSession(
      starting: plan, in: database, on: RecordingThreads(),
      resources: TrainingSession.Resources(threads: 1))
    _ = try session.train(report: { _ in }, shouldStop: { false })
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try database.close()
    let parameters = plan.summary.parameters
    let attributes = try FileManager.default.attributesOfItem(atPath: databasePath)
    return Result(
      parameters: parameters, epochs: epochs, seconds: seconds,
      values: parameters * (epochs + 1) * (1 + plan.network.optimizer.slotNames.count),
      fileBytes: (attributes[.size] as? NSNumber)?.intValue ?? 0, readWeights: 0, readSeconds: 0,
      historySeconds: 0)
  }

  private func read(_ path: String, into result: inout Result) throws {
    let laboratory = Laboratory(path: path)
    let wanted = max(1, min(epochs, 1_000_000 / result.parameters))
    let clock = ContinuousClock()
    result.readSeconds =
      try clock.measure {
        result.readWeights = try laboratory.reading().countWeights(throughEpoch: wanted)
      } / .seconds(1)
    result.historySeconds =
      try clock.measure {
        _ = try laboratory.reading().viewedHistory(
          of: 1, layer: "lstm", tensor: "recurrent_kernel", row: 0, col: 0)
      } / .seconds(1)
  }

  /// One sample of one step: the optimizer is all there is to do.
  private var config: String {
    let x = String(repeating: "0.5,", count: input - 1) + "0.5"
    let lstm = String(repeating: #"{"type":"lstm","units":\#(units)},"#, count: layers)
    return """
      {"name":"bench","data":{"train":{"x":[[[\(x)]]],"y":[0]}},
       "model":{"layers":[\(lstm){"type":"dense","units":\(outputs),"activation":"softmax"}]},
       "training":{"epochs":\(epochs),"loss":"sparse_categorical_crossentropy"}}
      """
  }
}

extension StoreBench.Result {
  /// Values stored a second, as millions of bytes.
  package var megabytesPerSecond: Double { 4 * Double(values) / seconds / 1e6 }
  /// The microseconds that training and storing an epoch take.
  package var microsecondsPerEpoch: Double { seconds / Double(epochs + 1) * 1e6 }
  /// The bytes of the file for each stored value.
  package var bytesPerValue: Double { Double(fileBytes) / Double(values) }
  /// The seconds that reading a million weights takes.
  package var readSecondsPerMillion: Double { readSeconds / Double(max(1, readWeights)) * 1e6 }

  /// The figures, one row.
  package var table: Table {
    Table(
      columns: [
        .init("parameters", .integer), .init("epochs", .integer), .init("us_per_epoch", .exact),
        .init("mb_per_second", .exact), .init("bytes_per_value", .exact),
        .init("read_s_per_million", .exact), .init("history_ms", .exact),
      ],
      rows: [
        [
          .integer(parameters), .integer(epochs), .real(rounded(microsecondsPerEpoch)),
          .real(rounded(megabytesPerSecond)), .real(rounded(bytesPerValue)),
          .real(rounded(readSecondsPerMillion)), .real(rounded(historySeconds * 1e3)),
        ]
      ])
  }

  /// The row alone, so that the output of several measurements has a line for each.
  package var jsonText: JSONText { table.object(ofRow: 0) }

  /// Three decimals are more than a measurement has.
  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
