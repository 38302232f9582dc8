import GRDB
import GRDBSQLite

/// A time at which what a connection does is interrupted.
final class Deadline {
  /// When; it may be moved meanwhile.
  var time: ContinuousClock.Instant

  init(_ time: ContinuousClock.Instant) { self.time = time }

  /// The steps of SQLite's machine between two looks at the clock: less than a millisecond.
  private static let steps: CInt = 10_000

  /// Does something whose statements end with `SQLITE_INTERRUPT` when the time has come.
  func limit<Result>(_ db: Database, _ body: () throws -> Result) rethrows -> Result {
    unsafe sqlite3_progress_handler(
      db.sqliteConnection, Self.steps,
      { context in
        guard let context = unsafe context else { return 0 }
        let deadline = unsafe Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue()
        return ContinuousClock.now < deadline.time ? 0 : 1
      }, Unmanaged.passUnretained(self).toOpaque())
    defer {
      unsafe sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
      withExtendedLifetime(self) {}
    }
    return try body()
  }
}
