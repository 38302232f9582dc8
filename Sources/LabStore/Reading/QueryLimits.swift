import GRDB
import GRDBSQLite
package import LabFormats

/// How much a query of a user may take: a statement of a few words can ask for more than any machine has.
package struct QueryLimits: Sendable {
  /// The bytes of memory for all.
  package let memory: Int
  /// The seconds for each row of the answer, or for the end where no row comes.
  package let seconds: Int

  /// What a query has that asks for nothing else.
  package static let usual = QueryLimits(memory: 800 << 20, seconds: 60)

  /// Makes limits of so many bytes for all, and so many seconds for each row.
  package init(memory: Int, seconds: Int) {
    self.memory = memory
    self.seconds = seconds
  }

  /// The time at which a row that is asked for now must be there.
  var deadline: ContinuousClock.Instant { .now + .seconds(seconds) }

  /// The bytes that SQLite may keep at a time; what it sorts beyond that goes into temporary files.
  var heap: Int { memory / 2 }
  /// The bytes of one value, also of one in the middle of a calculation, which has several.
  var value: Int { memory / 16 }
  /// The bytes of one row of the answer, of which there are some copies on the way out.
  var row: Int { memory / 32 }

  /// Sets what SQLite itself can hold to.
  ///
  /// The heap is one for all connections of the process, which has one query.
  func apply(to db: Database) {
    unsafe sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, CInt(clamping: value))
    sqlite3_hard_heap_limit64(Int64(heap))
  }

  /// Takes back what ``apply(to:)`` has set for the process.
  static func lift() { sqlite3_hard_heap_limit64(0) }
}

extension LabError {
  /// A query asks for more than its limits let it have.
  package static func query(_ limits: QueryLimits, exceeded what: String) -> LabError {
    let megabytes = limits.memory >> 20
    return LabError(
      .usage, "\(what) takes too much memory: the query may take \(megabytes) MB", where: "query",
      next: "ask for less, or allow it more: --memory \(4 * megabytes)")
  }

  /// A query takes longer than its limits let it.
  static func tooLong(_ limits: QueryLimits) -> LabError {
    LabError(
      .usage, "the query takes more than \(limits.seconds) s without a row of its answer",
      where: "query",
      next: "ask for less, or give it more time with: --seconds \(4 * limits.seconds)")
  }
}
