import LabStore
import Synchronization

/// What conditions ask of all runs, kept until the database changes: who types a condition asks with each letter.
final class SearchedRuns: Sendable {
  private struct Known {
    let database: LabDatabase
    /// SQLite's `data_version`, which means something on one connection alone.
    let version: Int
    let runs: ComparedRuns
  }

  private let known = Mutex<Known?>(nil)

  /// Returns all runs of a database.
  func runs(of laboratory: Laboratory, in database: LabDatabase) throws -> ComparedRuns {
    try known.withLock { known in
      let version = try database.dataVersion()
      if let known, known.database === database, known.version == version { return known.runs }
      // Not two of them at once.
      known = nil
      let runs = try laboratory.everyRun(in: database)
      // Whether one that is in training has ended is seen by its lock, too.
      if !runs.isAnyRunning { known = Known(database: database, version: version, runs: runs) }
      return runs
    }
  }
}
