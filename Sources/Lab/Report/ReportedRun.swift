import LabFormats
import LabStore

/// What a report says of one run.
struct ReportedRun {
  let run: StoredRun
  /// The hash of the last epoch.
  let lastHash: String
  /// Norms of each gate in the first and the last epoch.
  let gates: Table
  let weights: WeightFilm?
  let activations: ActivationFilm?
  /// Why there are no activations, if there are none.
  let missing: String?

  /// How it is made again.
  let reproduction: Reproduction

  /// The file that the configuration is written to.
  var configName: String { Reproduction.configName(run) }

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - count: The number of runs of the report, which share the room for pictures.
  init(_ opened: OpenedRun, among count: Int) throws {
    let (id, database) = (opened.id, opened.database)
    run = opened.run
    let epoch = run.epochs
    lastHash = try database.hash(of: id, at: epoch)?.hexadecimal ?? ""
    gates = Self.gates(try database.gateStats(of: id), last: epoch)
    weights = try WeightFilm(of: opened, cells: 80_000 / count, room: 1_600_000 / count)
    reproduction = try Reproduction(run, hash: lastHash, in: database)
    do {
      activations = try ActivationFilm(
        of: opened,
        ActivationFilm.Room(
          samples: count > 8 ? 1 : 3, cells: 20_000 / count, allCells: 400_000 / count))
      missing = activations == nil ? "the model has no recurrent layer" : nil
    } catch {
      guard let error = error as? LabError, error.what != OpenedRun.wrongHash else { throw error }
      activations = nil
      missing = error.what
    }
  }

  private static func gates(_ stats: [(epoch: Int, stat: GateStat)], last: Int) -> Table {
    var table = Table(columns: [
      .init("layer", .text), .init("gate", .text), .init("weight_norm_first", .number),
      .init("weight_norm_last", .number), .init("update_norm_last", .metric),
      .init("gradient_norm_last", .metric),
    ])
    let first = stats.filter { $0.epoch == stats[0].epoch }.map(\.stat)
    for (epoch, stat) in stats where epoch == last {
      let before = first.first { $0.layer == stat.layer && $0.gate == stat.gate }
      table.rows.append(
        [.text(stat.layer), stat.gate.map(Table.Cell.text) ?? .null]
          + [before?.weightNorm, stat.weightNorm, stat.updateNorm, stat.gradientNorm].map(number))
    }
    return table
  }

  private static func number(_ value: Double?) -> Table.Cell {
    value.map { $0.isNaN ? .null : .real($0) } ?? .null
  }
}
