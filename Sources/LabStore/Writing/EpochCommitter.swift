import Foundation
import GRDB
import LabFormats

/// Stores epochs of one run, a transaction at a time. Used by one thread at a time.
struct EpochCommitter {
  /// The run's number, once it is stored.
  private(set) var run: Int64?

  private let path: String
  private let lock: FileLock
  private let faults: CommitFaults
  private var start: RunStart?
  private let tensors: [TensorDescription]
  private var lastEpoch: Int?
  private var connection: DatabaseQueue?
  private let log = WriteAheadLog()

  init(_ start: RunStart, path: String, lock: FileLock, faults: CommitFaults) {
    self.path = path
    self.lock = lock
    self.faults = faults
    self.start = start
    switch start {
    case .new(let description, _): tensors = description.tensors
    case .resumed(let run, _, let epoch, let tensors, _):
      self.tensors = tensors
      self.run = run
      lastEpoch = epoch
    }
  }

  /// Stores records, and the end of the run if this is it: all in one transaction.
  ///
  /// When COMMIT itself fails nobody knows whether it happened. Then the database is closed,
  /// opened again and looked at; nothing is ever written twice.
  mutating func commit(_ records: [EpochRecord], ending: RunEnding?) throws {
    precondition(run != nil || !records.isEmpty, "a run ends before its first epoch")
    try lock.acquireCommit(patience: LabDatabase.patience)
    defer { lock.release(.commit) }
    let transaction = RunTransaction(
      path: path, run: run, start: start, tensors: tensors, lastEpoch: lastEpoch,
      records: records, ending: ending)
    do {
      adopt(try LabError.translated(at: path) { try execute(transaction) })
    } catch let failure as UncertainCommit {
      adopt(try settle(transaction, failure))
    }
    if ending != nil { try close() }
  }

  /// Renews the lease, if that is possible: a failure shows with the next commit.
  mutating func renewLease() {
    guard let run, let connection else { return }
    guard (try? lock.acquireCommit(patience: Lease.renewal)) != nil else { return }
    defer { lock.release(.commit) }
    try? connection.inDatabase { db in
      try db.execute(
        sql: "UPDATE run SET alive_until = ? WHERE id = ?", arguments: [Lease.end, run])
    }
  }

  /// Closes everything and leaves the run as it is stored; one that an error stops is marked as
  /// failed, if that still can be stored.
  mutating func abandon(after error: (any Error)? = nil) {
    let isLocked = (try? lock.acquireCommit(patience: Lease.renewal)) != nil
    if isLocked, let error, let run { try? storeFailure(error, of: run) }
    try? close(emptiesLog: isLocked)
    if isLocked { lock.release(.commit) }
  }

  /// Stores why a run has failed, in a connection that has not seen the failure.
  private mutating func storeFailure(_ error: any Error, of run: Int64) throws {
    try connection?.close()
    connection = nil
    try connect().inDatabase { db in
      try db.execute(sql: "PRAGMA busy_timeout = 2000")
      // Gives back the log's space where nobody reads in it: a full disk may have no other.
      try? db.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
      try db.execute(
        sql: """
          UPDATE run SET outcome = 'failed', message = ?, finished_at = \(EpochInsertion.timestamp),
            alive_until = NULL WHERE id = ?
          """,
        arguments: [
          (error as? LabError)?.what ?? String(describing: error),
          Date().timeIntervalSince1970, run,
        ])
    }
  }

  private mutating func execute(_ transaction: RunTransaction) throws -> RunTransaction.Result {
    let connection = try connect()
    return try connection.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let result: RunTransaction.Result
      do {
        result = try transaction.write(to: db)
        try holdRun(result.run)
        if let order = try faults.beforeCommit?() { try db.execute(sql: order) }
      } catch {
        if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
        throw error
      }
      do {
        try db.execute(sql: "COMMIT")
        try faults.afterCommit?()
      } catch {
        if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
        throw UncertainCommit(cause: error, expected: result)
      }
      try log.checkpointIfDue(db)
      return result
    }
  }

  private mutating func connect() throws -> DatabaseQueue {
    if let connection { return connection }
    guard try DatabaseFile.inspect(path) == .ours else { throw LabError.missing(path) }
    let fresh = try Connection.writing(path)
    fresh.inDatabase { log.watch($0) }
    connection = fresh
    return fresh
  }

  /// Takes the lock that says "this run is being trained" before anybody can see the run.
  private func holdRun(_ run: Int64) throws {
    guard self.run == nil else { return }
    guard try lock.tryAcquire(.run(run)) else { throw LabError.beingTrained(run, path) }
  }

  /// Finds out whether a failed commit has happened after all.
  private mutating func settle(
    _ transaction: RunTransaction, _ failure: UncertainCommit
  ) throws -> RunTransaction.Result {
    try? connection?.close()
    connection = nil
    return try LabError.translated(at: path) {
      let run = failure.expected.run
      guard try connect().read({ try transaction.isStored(in: $0, as: run) }) else {
        throw failure.cause
      }
      return failure.expected
    }
  }

  private mutating func adopt(_ result: RunTransaction.Result) {
    run = result.run
    lastEpoch = result.lastEpoch
    start = nil
  }

  /// - Parameter emptiesLog: Whether the caller holds the commit lock.
  private mutating func close(emptiesLog: Bool = true) throws {
    defer { if let run { lock.release(.run(run)) } }
    guard let open = connection else { return }
    connection = nil
    try LabError.translated(at: path) {
      try emptiesLog ? Connection.close(open) : open.close()
    }
  }
}

/// COMMIT reported an error: the transaction may or may not be stored.
private struct UncertainCommit: Error {
  let cause: any Error
  let expected: RunTransaction.Result
}

/// A sign of life in the database, for readers that see nothing else of a process.
enum Lease {
  /// How often a writer renews its lease.
  static let renewal = Duration.seconds(2)
  /// How long a lease lasts, in seconds: longer than a slow disk delays a renewal.
  static let seconds: Int64 = 6

  /// The end of a lease that starts now, in seconds since 1970.
  static var end: Int64 { Int64(Date().timeIntervalSince1970) + seconds }
}

/// Failures to order, for tests of what follows a failed commit.
struct CommitFaults: Sendable {
  /// Called in each transaction just before COMMIT; returns SQL to execute there.
  var beforeCommit: (@Sendable () throws -> String)?
  /// Called just after COMMIT has happened; what it throws passes for an error of COMMIT.
  var afterCommit: (@Sendable () throws -> Void)?
}
