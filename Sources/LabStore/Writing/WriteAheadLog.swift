import GRDB
import GRDBSQLite

/// Watches the length of the write-ahead log as the connection's own commits leave it.
///
/// The size of the file would not do: after a checkpoint SQLite writes the same file anew.
final class WriteAheadLog: @unchecked Sendable {
  /// Length in bytes from which on the log is emptied into the database.
  private static let threshold = 16 << 20

  /// Length in bytes from which on readers are waited for: as long as they overlap, moving pages alone
  /// never lets the log begin anew.
  private static let limit = 64 << 20
  /// How long, in milliseconds: less than a lease lasts, so that nobody passes for dead meanwhile.
  private static let patience = 3_000

  // Both belong to whoever has the connection.
  private var pages = 0
  /// The length at which readers are waited for next; it grows while one stays in its transaction.
  private var next = WriteAheadLog.limit
  /// How often in a row they were waited for in vain.
  private var refusals = 0

  /// A reader that is only slow has left soon; one that stays is not waited for again and again.
  private static let soon = (retries: 2, after: 8 << 20)

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

  /// Moves pages of the log into the database, as one of SQLite's modes does it.
  ///
  /// - Returns: Whether all were moved, and what the mode does beside that was done.
  static func move(_ db: Database, _ mode: String) throws -> Bool {
    let counts = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(\(mode))")
    return counts.map { $0[0] as Int? == 0 && $0[1] as Int? == $0[2] as Int? } ?? false
  }

  /// Moves the log's pages into the database, and looks whether they are there before the log can begin
  /// anew; the caller holds the commit lock.
  ///
  /// A log that has grown beyond its limit is emptied. Who reads in it is waited for, and who comes
  /// meanwhile reads the database alone; nobody is refused.
  func checkpoint(_ db: Database, _ place: inout DatabasePlace, _ lock: FileLock) throws {
    try place.moving(lock) { _ = try Self.move(db, "PASSIVE") }
    let length = pages * VectorLayout.pageSize
    guard length > next, place.doubt == nil else { return }
    let before = try Int.fetchOne(db, sql: "PRAGMA busy_timeout") ?? 0
    try db.execute(sql: "PRAGMA busy_timeout = \(Self.patience)")
    var isMoved = false
    try place.moving(lock) { isMoved = try Self.move(db, "RESTART") }
    if isMoved { try place.emptying(lock) { _ = try Self.move(db, "TRUNCATE") } }
    try db.execute(sql: "PRAGMA busy_timeout = \(before)")
    if isMoved { pages = 0 }
    refusals = isMoved ? 0 : refusals + 1
    next =
      isMoved
      ? Self.limit
      : refusals > Self.soon.retries ? length * 3 / 2 : length + Self.soon.after
  }
}
