import GRDB
import GRDBSQLite
import Synchronization

/// A connection to a database: closed with its last user, if not before.
///
/// GRDB's queue behind it is never given up. For what hangs on a queue libdispatch begins a thread when the
/// queue goes, and where the system gives none it waits for ever; a closed one takes some ten kilobytes.
final class Connection: Sendable {
  private static let queues = Mutex<[DatabaseQueue]>([])

  private let queue: DatabaseQueue

  /// Opens a database, and prepares the connection.
  init(
    _ path: String, _ configuration: Configuration,
    _ prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws {
    let failure = Failure()
    var configuration = configuration
    configuration.prepareDatabase { db in
      do {
        try prepare(db)
        _ = try Int.fetchOne(db, sql: "SELECT 1 FROM sqlite_schema LIMIT 1")
      } catch {
        failure.error.withLock { $0 = error }
        // GRDB would look itself, and give the queue up: in the file's place it finds an empty database.
        unsafe sqlite3_deserialize(db.sqliteConnection, "main", nil, 0, 0, 0)
      }
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    self.queue = queue
    Self.queues.withLock { $0.append(queue) }
    if let error = failure.error.withLock({ $0 }) { throw error }
  }

  deinit { try? queue.close() }

  /// Closes the connection before its last user is gone.
  func close() throws { try queue.close() }

  /// Does something outside of any transaction.
  func inDatabase<Result>(_ body: (Database) throws -> Result) rethrows -> Result {
    try queue.inDatabase(body)
  }

  /// Reads one moment of the database.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result { try queue.read(body) }

  /// Does something in a transaction.
  func write<Result>(_ body: (Database) throws -> Result) throws -> Result { try queue.write(body) }

  private final class Failure: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }
}
