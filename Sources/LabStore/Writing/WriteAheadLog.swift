import GRDB
import GRDBSQLite

/// Watches the length of the write-ahead log as the connection's own commits leave it.
///
/// The size of the file would not do: after a checkpoint SQLite writes the same file anew.
final class WriteAheadLog {
  /// Length in bytes from which on the log is emptied into the database.
  private static let threshold = 16 << 20

  private var pages = 0

  /// Starts to watch; the object must live as long as the connection.
  func watch(_ db: Database) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe sqlite3_wal_hook(
      db.sqliteConnection,
      { context, _, _, pages in
        guard let context = unsafe context else { return SQLITE_OK }
        unsafe Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().pages =
          Int(pages)
        return SQLITE_OK
      }, context)
  }

  /// Whether the log has grown so long that its pages are to be moved into the database.
  var isDue: Bool { pages * VectorLayout.pageSize > Self.threshold }

  /// Moves the log's pages into the database; the caller holds the commit lock.
  func checkpoint(_ db: Database) throws {
    try db.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
  }
}
