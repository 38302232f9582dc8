import LabStore

/// What a report says of one run.
struct ReportedRun {
  let run: StoredRun
  /// The hash of the last epoch.
  let lastHash: String
  /// Norms of each gate in the first and the last epoch.
  let gates: Table
  let film: WeightFilm?
  let activations: [ActivationPictures]
  /// Why there are no activations, if there are none.
  let missing: String?

  /// The number of the configuration's epochs; nil where that cannot be read.
  let plannedEpochs: Int?

  /// The lines that repeat the run.
  var commands: [String] {
    if let parent = run.parentRunID, let epoch = run.parentEpoch {
      return ["lstm-lab resume \(parent) --from \(epoch)  # its settings as in \(configName)"]
    }
    var lines = ["lstm-lab run \(configName)"]
    if let plannedEpochs, run.epochs > plannedEpochs {
      lines.append("lstm-lab resume @last --epochs \(run.epochs)")
    }
    return lines + ["lstm-lab show @last  # its weights hash must be \(lastHash)"]
  }

  /// The file that the configuration is written to.
  var configName: String { "run-\(run.runID).json" }

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - count: The number of runs of the report, which share the room for pictures.
  init(_ id: Int64, among count: Int, in database: LabDatabase, _ laboratory: Laboratory) throws {
    run = try database.run(id)
    let epoch = run.epochs
    lastHash = try database.hash(of: id, at: epoch)?.hexadecimal ?? ""
    gates = Self.gates(try database.gateStats(of: id), last: epoch)
    film = try WeightFilm(
      of: id, cells: 80_000 / count, room: 1_600_000 / count, in: database)
    plannedEpochs = try? Config(json: run.config, source: "configuration").training.epochs
    do {
      activations = try ActivationPictures.of(
        id, samples: count > 8 ? 1 : 3, cells: 20_000 / count, in: laboratory)
      missing = nil
    } catch {
      guard let error = LabError(any: error) else { throw error }
      activations = []
      missing = error.what
    }
  }

  private static func gates(_ report: ReportTable, last: Int) -> Table {
    var table = Table(columns: [
      .init("layer", .text), .init("gate", .text), .init("weight_norm_first", .number),
      .init("weight_norm_last", .number), .init("update_norm_last", .metric),
      .init("gradient_norm_last", .metric),
    ])
    // run_id, epoch, layer, gate, weight_norm, update_norm, gradient_norm
    let rows = report.rows.map { $0.map(Table.Cell.init) }
    guard let first = rows.first?[1] else { return table }
    for row in rows where row[1] == .integer(last) {
      let before = rows.first { $0[1] == first && $0[2] == row[2] && $0[3] == row[3] }
      table.rows.append([row[2], row[3], before?[4] ?? .null, row[4], row[5], row[6]])
    }
    return table
  }
}

extension [UInt8] {
  /// The bytes as lower-case hexadecimal digits.
  fileprivate var hexadecimal: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
