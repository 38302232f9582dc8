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

/// Connections of runs that have ended, for the next ones: to open one takes as long as a small run.
final class WritingConnections: Sendable {
  /// nil where nobody is to keep any.
  private let kept: Mutex<[WritingConnection]?>
  private let lent = Mutex<WritingConnection?>(nil)

  init(keepsThem: Bool) { kept = Mutex(keepsThem ? [] : nil) }

  /// Takes one that was kept; for one run at a time the database's own, once.
  func take(_ own: Connection) -> WritingConnection? {
    kept.withLock { kept in
      if kept != nil { return kept?.popLast() }
      return lent.withLock { lent in
        guard lent == nil else { return nil }
        let first = WritingConnection(lent: own)
        lent = first
        return first
      }
    }
  }

  /// Keeps one, if it is to be kept.
  func keep(_ connection: WritingConnection) -> Bool {
    kept.withLock { kept in
      kept?.append(connection)
      return kept != nil
    }
  }

  /// Closes those that were kept, and keeps no more.
  func close() throws {
    let last = kept.withLock { kept in
      defer { kept = nil }
      return kept ?? []
    }
    for connection in last { try connection.close() }
  }
}
