import LabFormats
import LabStore

/// How a run is made again in a new database, from nothing but a configuration.
struct Reproduction {
  /// The name and text of the configuration: the run's own, or that of the run it descends from.
  private(set) var configuration: (name: String, text: String)
  /// The lines for a shell, in the folder of the report.
  private(set) var commands: [String] = []

  /// Follows a run back to where its training began.
  ///
  /// - Parameter hash: The hash of the run's last epoch.
  init(_ run: StoredRun, hash: String, in database: LabDatabase) throws {
    var line = [run]
    // A parent is older than its fork; a damaged database may say otherwise, again and again.
    while let parent = line[0].parentRunID, parent < line[0].runID {
      line.insert(try database.run(parent), at: 0)
    }
    configuration = (Self.configName(line[0]), line[0].config + "\n")
    guard line[0].parentEpoch == nil else {
      commands = ["# The run that it was forked from is no longer stored."]
      return
    }
    var files: [String] = []
    for (index, run) in line.enumerated() {
      let isLast = index + 1 == line.count
      let last = isLast ? run.epochs : line[index + 1].parentEpoch ?? run.epochs
      let start =
        index == 0 ? "lstm-lab run \(configuration.name)" : try Self.fork(run, line[index - 1])
      commands.append(Visible.line(start))
      let config = try? Config(of: run)
      if let config { commands += try Self.resumptions(of: run, config, to: last, in: database) }
      for file in config?.files ?? [] where !files.contains(file) { files.append(file) }
    }
    noteFiles(files)
    commands.append(Self.proof(run, hash))
  }

  /// The file that a run's configuration is written to.
  static func configName(_ run: StoredRun) -> String { "run-\(run.runID).json" }

  private static func fork(_ run: StoredRun, _ parent: StoredRun) throws -> String {
    let changes = try ConfigChange.between(parent.config, run.config)
    // Another fold of the same data has their hash.
    let hasNewData =
      run.dataHash != parent.dataHash || changes.contains { $0.path.hasPrefix("data.") }
    let settings = changes.map { change in
      " --set " + ShellWord.quoted("\(change.path)=\(change.value)", plain: "/._-=,:@%+")
    }
    return "lstm-lab resume @last --from \(run.parentEpoch ?? 0)" + settings.joined()
      + (hasNewData ? " --new-data" : "")
  }

  /// The lines that train a run on to an epoch after each early stop before it, as was done.
  private static func resumptions(
    of run: StoredRun, _ config: Config, to last: Int, in database: LabDatabase
  ) throws -> [String] {
    guard config.training.earlyStopping != nil else { return [] }
    let stops = try database.epochs(of: run.runID).filter { stored in
      guard stored.epoch > run.parentEpoch ?? 0, stored.epoch < last else { return false }
      let place = database.place(of: run.runID, epoch: stored.epoch)
      return try TrainingState(json: stored.state, place: place).controls.isStopped
    }
    return stops.map { _ in "lstm-lab resume @last --epochs \(config.training.epochs)" }
  }

  private mutating func noteFiles(_ files: [String]) {
    let files = files.filter { !$0.hasPrefix("/") }
    guard !files.isEmpty else { return }
    commands.insert(
      Visible.line("# First put its files where \(configuration.name) finds them: ")
        + files.map(Visible.line).joined(separator: ", "), at: 0)
  }

  /// The line that shows whether the bits are the same.
  private static func proof(_ run: StoredRun, _ hash: String) -> String {
    run.status == "completed"
      ? "lstm-lab show @last  # its weights hash must be \(hash)"
      : "lstm-lab query 'SELECT weights_hash FROM epochs WHERE epoch = \(run.epochs)"
        + " ORDER BY run_id DESC LIMIT 1'  # must be \(hash)"
  }
}
