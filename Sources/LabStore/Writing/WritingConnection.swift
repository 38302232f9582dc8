import GRDB
import Synchronization

/// A connection that stores epochs, and the log as its commits leave it.
final class WritingConnection: Sendable {
  let connection: Connection
  let log: WriteAheadLog
  /// Whether it is the database's own, which stays open.
  let isLent: Bool

  /// Opens a database to store epochs in it; the file exists.
  init(_ path: String) throws {
    connection = try Connection.writing(path)
    log = WriteAheadLog()
    isLent = false
    connection.inDatabase { [log] in log.watch($0) }
  }

  /// Stores in the connection of an opened database.
  init(lent connection: Connection) {
    self.connection = connection
    log = WriteAheadLog()
    isLent = true
    connection.inDatabase { [log] in log.watch($0) }
  }

  /// Closes it, if it is nobody else's.
  func close() throws { if !isLent { try connection.close() } }
}

/// Lends the connection of an opened database to runs: to open one takes as long as a small run.
///
/// What many runs at once store in one connection, none of them has to read again from the disk.
final class LentConnection: Sendable {
  /// Whether many runs share it, and leave it as it is; else one run has it, once.
  private let isShared: Bool
  private let lent = Mutex<WritingConnection?>(nil)

  init(isShared: Bool) { self.isShared = isShared }

  /// The database's connection, if it is to be had.
  func take(_ own: Connection) -> WritingConnection? {
    lent.withLock { lent in
      guard let known = lent else {
        let first = WritingConnection(lent: own)
        lent = first
        return first
      }
      return isShared ? known : nil
    }
  }

  /// Whether a run that has ended leaves the log as it is, for those that come next.
  func staysOpen(_ connection: WritingConnection) -> Bool { isShared && connection.isLent }
}
