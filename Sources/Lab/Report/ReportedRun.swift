import LabFormats
import LabStore

/// What a report says of one run.
struct ReportedRun {
  /// What takes time to find out about a run, and can be left out.
  struct Parts: OptionSet {
    let rawValue: Int
    /// The weights of its epochs.
    static let weights = Parts(rawValue: 1)
    /// Gates, states and cells of some samples.
    static let samples = Parts(rawValue: 2)
    /// What its result makes of the data.
    static let result = Parts(rawValue: 4)
    /// What the weights of all its epochs tell.
    static let history = Parts(rawValue: 8)
    /// Its learning curves beside those of the others.
    static let curves = Parts(rawValue: 16)
    /// The norms of its gates.
    static let norms = Parts(rawValue: 32)
    static let all: Parts = [.weights, .samples, .result, .history, .curves, .norms]
  }

  let run: StoredRun
  /// The hash of the last epoch.
  let lastHash: String
  /// Norms of each gate in the first and the last epoch.
  let gates: Table
  /// The same norms in every epoch; nil where none are stored.
  let norms: NormFilm?
  /// The length of all gradients of each epoch.
  let gradients: [(epoch: Int, value: Double)]
  let weights: WeightFilm?
  /// Gates and states as the run recorded them.
  let recorded: SampleFilm?
  /// Samples computed from the stored weights.
  let computed: SampleFilm?
  /// Why nothing is shown over time, if nothing is.
  let missing: String?
  /// What its result makes of the data.
  let result: ReportedResult?
  /// What the weights of all its epochs tell; nil among many runs, and where its data are not there.
  let history: ReportedHistory?

  /// How it is made again.
  let reproduction: Reproduction

  /// The file that the configuration is written to.
  var configName: String { Reproduction.configName(run) }

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - count: The number of runs of the report, which share the room for pictures.
  ///   - parts: What is read of it beside its facts.
  ///   - numbers: The training samples that are shown; those that it recorded, else the first, where none
  ///     are named.
  ///   - isServed: Whether the page can ask for the weights of an epoch, so that it needs none.
  init(
    _ opened: OpenedRun, among count: Int, parts: Parts = .all, samples numbers: [Int]? = nil,
    isServed: Bool = false
  ) throws {
    let (id, database) = (opened.id, opened.database)
    run = opened.run
    let epoch = run.epochs
    lastHash = try database.hash(of: id, at: epoch)?.hexadecimal ?? ""
    let stats =
      parts.isDisjoint(with: [.norms, .curves]) ? [] : try database.gateStats(of: id)
    let isWithNorms = parts.contains(.norms)
    gates = Self.gates(isWithNorms ? stats : [], last: epoch)
    norms = isWithNorms ? NormFilm(stats, among: count) : nil
    gradients = NormFilm.gradients(stats)
    weights =
      parts.contains(.weights)
      ? try WeightFilm(
        of: opened, cells: isServed ? Self.servedCells : 200_000 / count,
        room: isServed ? nil : 1_400_000 / count) : nil
    reproduction = try Reproduction(run, hash: lastHash, in: database)
    var loaded: TrainingPlan?
    func plan() throws -> TrainingPlan {
      let plan = try loaded ?? opened.plan(opened.config)
      loaded = plan
      return plan
    }
    var reason: String?
    let sampleRoom = SampleFilm.Room(
      samples: count > 8 ? 1 : 3, cells: 20_000 / count, numbers: 450_000 / count)
    let recorded =
      parts.isDisjoint(with: [.samples, .history]) || numbers != nil
      ? nil : try Self.shown(else: &reason) { try SampleFilm(recordedBy: opened, sampleRoom) }
    self.recorded = recorded
    let isDamaged = reason != nil
    let isComputed =
      !isDamaged && (parts.contains(.samples) || parts.contains(.history) && recorded == nil)
    computed =
      isComputed
      ? try Self.shown(else: &reason) {
        try SampleFilm(
          computedFor: opened, samples: numbers ?? recorded?.samples.map(\.number), sampleRoom,
          plan: plan())
      } : nil
    missing =
      recorded == nil && computed == nil ? reason ?? "the model has no recurrent layer" : nil
    result =
      parts.contains(.result)
      ? try Self.shown(else: &reason) {
        try ReportedResult(of: opened, plan: plan, among: count)
      } : nil
    let samples = (recorded ?? computed)?.samples.map(\.number) ?? []
    let hasHistory =
      parts.contains(.history) && count <= Self.mostWithHistory && !isDamaged
      && run.trainer == nil && run.epochs > 0
    history =
      hasHistory
      ? try Self.shown(else: &reason) {
        try ReportedHistory(opened, plan: plan(), samples: samples, cells: 200 / count)
      } : nil
  }

  /// The most numbers of an epoch's weights that a served page is given.
  static let servedCells = 1_000_000
  /// Of more runs it would take too long.
  private static let mostWithHistory = 4

  /// Returns what can be shown, or says why it cannot; damaged weights are an error.
  private static func shown<Part>(
    else reason: inout String?, _ part: () throws -> Part?
  ) throws -> Part? {
    do {
      return try part()
    } catch let error as LabError where error.what != OpenedRun.wrongHash {
      reason = error.what
      return nil
    }
  }

  /// What is shown over time: what was recorded before what was computed.
  var activations: SampleFilm? { recorded ?? computed }

  /// The pictures of its result with the names of their files.
  var pictures: [(file: String, picture: ReportedResult.Picture)] {
    (result?.pictures ?? []).map { (Self.file(run, $0.name), $0) }
  }

  /// What the files of pictures may be called.
  static func pictureFiles(of run: StoredRun) -> [String] {
    ReportedResult.names.map { file(run, $0) }
  }

  private static func file(_ run: StoredRun, _ name: String) -> String {
    "run-\(run.runID)-\(name).svg"
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
