import Foundation
import GRDB
import LabFormats

/// The kinds of connections, which share their settings.
extension Connection {
  /// How long SQLite itself waits for a lock, in seconds. Ours are waited for elsewhere; this is
  /// for other programs, such as a shell in the middle of a transaction.
  private static let busyTimeout = 60.0

  /// Opens a database for writing; the file exists.
  ///
  /// Checkpoints never happen by themselves: a commit that runs into another connection's
  /// checkpoint can lose pages in SQLite up to 3.51.2, so both happen under the commit lock. Nor does
  /// closing remove the log, for which readers would be locked out: see ``close(_:_:)``. A copy that
  /// `VACUUM INTO` or a dump has made, which has no log yet, gets one.
  static func writing(_ path: String) throws -> Connection {
    let patience = Duration.seconds(busyTimeout)
    if try DatabaseFile.isLogging(path) {
      try DatabaseFile.holdOpen(path, patience: patience)
      return try opened(path)
    }
    let connection = try opened(path)
    try connection.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try DatabaseFile.holdOpen(path, patience: patience)
    return connection
  }

  /// Closes a connection that writes, after its log was emptied; the caller holds the commit lock.
  func close(_ lock: FileLock, _ place: inout DatabasePlace) throws {
    emptyLog(lock, &place)
    try close()
  }

  /// Empties the log into the file as far as nobody reads in it; the caller holds the commit lock.
  ///
  /// So the file alone is whole when nobody uses it. The log stays behind, empty: to remove it, all
  /// readers must be locked out.
  func emptyLog(_ lock: FileLock, _ place: inout DatabasePlace) {
    // What cannot be moved, on a full disk for one, is safe in the log; and what has come into the
    // file's place gets none of our pages.
    if place.loss == nil {
      var isMoved: Bool?
      place.moving(lock) {
        isMoved = try? inDatabase { db in
          try db.execute(sql: "PRAGMA busy_timeout = 0")
          return try WriteAheadLog.move(db, "PASSIVE")
        }
      }
      if isMoved == true {
        place.emptying(lock) { _ = try? inDatabase { try WriteAheadLog.move($0, "TRUNCATE") } }
      }
      let patience = Int(1_000 * Self.busyTimeout)
      try? inDatabase { try $0.execute(sql: "PRAGMA busy_timeout = \(patience)") }
    }
  }

  private static func opened(_ path: String) throws -> Connection {
    try Connection(path, configuration()) { db in
      try db.execute(
        sql: """
          PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL;
          PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -4000
          """)
    }
  }

  /// Opens a database for reading only.
  ///
  /// SQLite needs two small files beside a database in WAL mode. Where they can be neither found
  /// nor made, as in a folder that is read-only, there is no writer either, and the file is read
  /// as it is, provided that no log with newer pages lies beside it.
  static func reading(_ path: String) throws -> Connection {
    do {
      return try readOnly(path)
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    {
      guard !hasLog(path) else { throw error }
      return try readOnly(immutable(path))
    }
  }

  /// Whether pages that are newer than the file lie beside it.
  static func hasLog(_ path: String) -> Bool {
    let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
    return (log?[.size] as? NSNumber)?.intValue ?? 0 > 0
  }

  /// Whether the two files that SQLite needs beside a database in WAL mode are there.
  static func hasIndex(_ path: String) -> Bool {
    ["-wal", "-shm"].allSatisfy { DatabasePlace.status(path + $0) != nil }
  }

  /// Reads a little of a database at once, or not at all: no lock is waited for, and where nobody has
  /// written lately none is taken and no file is made.
  static func glance<Result>(
    _ path: String, _ body: (Database) throws -> Result
  ) throws -> Result {
    var configuration = Configuration()
    configuration.busyMode = .immediateError
    configuration.readonly = true
    return try Connection(hasLog(path) ? path : immutable(path), configuration).read(body)
  }

  private static func readOnly(_ path: String) throws -> Connection {
    var configuration = configuration()
    configuration.readonly = true
    return try Connection(path, configuration) { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000")
    }
  }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeout)
    configuration.foreignKeysEnabled = true
    // Where a disk fails, ROLLBACK may fail as well; that is an error to tell, no mistake to trap on.
    configuration.allowsUnsafeTransactions = true
    return configuration
  }

  /// The address of a file that nobody writes.
  private static func immutable(_ path: String) -> String { address(path, isImmutable: true) }

  /// The address of a file that is only read, in which every byte that is no letter or digit is escaped.
  ///
  /// - Parameter isImmutable: Whether nobody writes to it, so that no lock is taken and no file made.
  static func address(_ path: String, isImmutable: Bool) -> String {
    var address = Array("file:".utf8)
    for byte in path.utf8 {
      if Byte.isLetter(byte) || Byte.isDigit(byte) || "/-._~".utf8.contains(byte) {
        address.append(byte)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        address += (byte < 16 ? "%0" : "%").utf8
        address += digits.utf8
      }
    }
    return String(decoding: address, as: UTF8.self) + (isImmutable ? "?immutable=1" : "?mode=ro")
  }
}
