import LabStore
import Synchronization

/// The database that many runs of one process are recorded in: opened with the first of them.
final class RunsDatabase: Sendable {
  private let laboratory: Laboratory
  private let opened = Mutex<LabDatabase?>(nil)

  init(of laboratory: Laboratory) { self.laboratory = laboratory }

  /// The database; it is made if it is missing.
  func open() throws -> LabDatabase {
    try opened.withLock { opened in
      if let opened { return opened }
      let database = try laboratory.creating(forManyRuns: true)
      opened = database
      return database
    }
  }

  /// Closes it once the runs have ended. What is stored is safe: where the log cannot be emptied now,
  /// the next process does it.
  func close() { opened.withLock { try? $0.take()?.close() } }
}
