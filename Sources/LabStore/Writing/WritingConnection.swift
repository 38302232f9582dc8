import GRDB
import Synchronization

/// A connection that stores epochs, and the log as its commits leave it.
final class WritingConnection: Sendable {
  let connection: Connection
  let log: WriteAheadLog

  /// Opens a database to store epochs in it; the file exists.
  init(_ path: String) throws {
    let log = WriteAheadLog()
    connection = try Connection.writing(path)
    self.log = log
    connection.inDatabase { log.watch($0) }
  }

  /// Stores in a connection that is there, whose log is not watched.
  init(_ connection: Connection) {
    self.connection = connection
    log = WriteAheadLog()
  }
}

/// Connections of runs that have ended, for the next ones: to open one takes as long as a small run.
final class WritingConnections: Sendable {
  /// nil where nobody is to keep any.
  private let kept: Mutex<[WritingConnection]?>

  init(keepsThem: Bool) { kept = Mutex(keepsThem ? [] : nil) }

  /// Takes one that was kept.
  func take() -> WritingConnection? { kept.withLock { $0?.popLast() } }

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
    for connection in last { try connection.connection.close() }
  }
}
