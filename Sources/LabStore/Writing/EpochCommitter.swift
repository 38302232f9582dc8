import Foundation
import GRDB
import LabFormats

/// Stores epochs of one run, a transaction at a time. Used by one thread at a time.
struct EpochCommitter {
  /// The run's number, once it is stored.
  var run: Int64?

  private(set) var database: LabDatabase
  private(set) var lock: FileLock
  private let faults: CommitFaults
  var start: RunStart?
  /// Of a run that began with this committer.
  let description: RunDescription?
  let tensors: [TensorDescription]
  var lastEpoch: Int?
  var lastHash: [UInt8]?
  var writing: WritingConnection?
  /// What SQLite's `data_version` was for the connection after the last commit.
  var version: Int?
  /// The database as it was opened.
  var place: DatabasePlace
  /// Whether the database is no longer where it was, and what there was to save is saved.
  var isLost = false

  var path: String { database.path }

  init(_ start: RunStart, in database: LabDatabase, lock: FileLock, faults: CommitFaults) {
    self.database = database
    self.lock = lock
    place = database.place
    self.faults = faults
    self.start = start
    switch start {
    case .new(let description, _):
      self.description = description
      tensors = description.tensors
    case .resumed(let run, _, let epoch, let tensors, _):
      description = nil
      self.tensors = tensors
      self.run = run
      lastEpoch = epoch
    }
  }

  /// Goes on with another's run in a copy of its database.
  init(_ other: EpochCommitter, in database: LabDatabase, lock: FileLock) {
    self = other
    self.database = database
    self.lock = lock
    place = database.place
    (writing, version) = (nil, nil)
    isLost = false
  }

  /// Stores records, and the end of the run if this is it: all in one transaction.
  ///
  /// When COMMIT itself fails nobody knows whether it happened. Then the database is closed,
  /// opened again and looked at; nothing is ever written twice.
  mutating func commit(_ records: [EpochRecord], ending: RunEnding?) throws {
    precondition(run != nil || !records.isEmpty, "a run ends before its first epoch")
    try lock.acquireCommit(patience: LabDatabase.patience)
    defer { lock.release(.commit) }
    if let loss = findLoss() {
      let unstored = Unstored(records: records, ending: ending)
      throw rescue(unstored, isEnded: ending != nil, from: loss)
    }
    // So that the log's file is known, should the process not live to empty it.
    if start != nil { place.tell(lock) }
    let transaction = transaction(records, ending)
    do {
      adopt(try LabError.translated(at: path) { try execute(transaction) }, records)
    } catch let failure as UncertainCommit {
      adopt(try settle(transaction, failure), records)
    } catch {
      // The file may have been taken away since it was looked at.
      guard let loss = findLoss() else { throw error }
      let unstored = Unstored(records: records, ending: ending)
      throw rescue(unstored, isEnded: ending != nil, from: loss)
    }
    let stored = Unstored(records: records, ending: ending, isInDatabase: true)
    if place.doubt != nil || ending != nil, let loss = findLoss() {
      throw rescue(stored, isEnded: ending != nil, from: loss)
    }
    guard ending != nil else { return }
    try leave()
    if let loss = place.doubt != nil ? findLoss() : place.loss {
      throw rescue(stored, isEnded: true, from: loss)
    }
  }

  func transaction(_ records: [EpochRecord], _ ending: RunEnding?) -> RunTransaction {
    RunTransaction(
      path: path, run: run, start: start, tensors: tensors, lastEpoch: lastEpoch,
      records: records, ending: ending)
  }

  /// Renews the lease, if that is possible: a failure shows with the next commit.
  ///
  /// - Returns: Whether the database is in its place; where not, a commit saves what there is.
  mutating func renewLease() -> Bool {
    guard let run, let connection = writing?.connection else { return true }
    guard (try? lock.acquireCommit(patience: Lease.renewal)) != nil else { return true }
    defer { lock.release(.commit) }
    if place.loss != nil { return false }
    try? connection.inDatabase { db in
      try Lease.renew(run, db)
    }
    return true
  }

  /// Closes everything and leaves the run as it is stored; one that an error stops is marked as
  /// failed, if that still can be stored.
  mutating func abandon(after error: (any Error)? = nil) {
    guard !isLost else {
      try? close(emptiesLog: false)
      return
    }
    let isLocked = (try? lock.acquireCommit(patience: Lease.renewal)) != nil
    if isLocked, let error, let run { try? storeFailure(error, of: run) }
    try? close(emptiesLog: isLocked)
    if isLocked { lock.release(.commit) }
  }

  /// Stores why a run has failed, in a connection that has not seen the failure.
  mutating func storeFailure(_ error: any Error, of run: Int64) throws {
    try writing?.close()
    writing = nil
    let fresh = try connect()
    try fresh.connection.inDatabase { db in
      try db.execute(sql: "PRAGMA busy_timeout = 2000")
      // Gives back the log's space where nobody reads in it: a full disk may have no other.
      try? fresh.log.checkpoint(db, &place, lock)
      try Self.markFailed(run, error, db)
    }
  }

  /// Writes down why a run ended before its end.
  static func markFailed(_ run: Int64, _ error: any Error, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE run SET outcome = 'failed', message = ?, finished_at = \(EpochInsertion.timestamp)
        WHERE id = ? AND outcome IS NULL
        """,
      arguments: [
        (error as? LabError)?.what ?? String(describing: error), Date().timeIntervalSince1970, run,
      ])
    try Lease.end(run, db)
  }

  mutating func execute(_ transaction: RunTransaction) throws -> RunTransaction.Result {
    let writing = try connect()
    return try writing.connection.inDatabase { db in
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
        version = try? Self.version(of: db)
        try faults.afterCommit?()
      } catch {
        if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
        throw UncertainCommit(cause: error, expected: result)
      }
      if writing.log.isDue { try writing.log.checkpoint(db, &place, lock) }
      return result
    }
  }

  private mutating func connect() throws -> WritingConnection {
    if let writing { return writing }
    try place.require()
    guard try DatabaseFile.inspect(path) == .ours else { throw LabError.missing(path) }
    let fresh = try database.lent.take(database.connection) ?? WritingConnection(path)
    writing = fresh
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
    try? writing?.close()
    writing = nil
    return try LabError.translated(at: path) {
      let run = failure.expected.run
      guard try connect().connection.read({ try transaction.isStored(in: $0, as: run) }) else {
        throw failure.cause
      }
      return failure.expected
    }
  }

  mutating func adopt(_ result: RunTransaction.Result, _ records: [EpochRecord]) {
    run = result.run
    lastEpoch = result.lastEpoch
    lastHash = records.last?.hash ?? lastHash
    start = nil
  }

  /// Closes the connection, or leaves it to other runs.
  private mutating func leave() throws {
    guard let open = writing, database.lent.staysOpen(open) else { return try close() }
    writing = nil
    if let run { lock.release(.run(run)) }
  }

  /// - Parameter emptiesLog: Whether the caller holds the commit lock.
  private mutating func close(emptiesLog: Bool = true) throws {
    defer { if let run { lock.release(.run(run)) } }
    guard let open = writing else { return }
    writing = nil
    try LabError.translated(at: path) {
      if emptiesLog { open.connection.emptyLog(lock, &place) }
      try open.close()
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

  /// Renews the lease of a run; no row changes where there is no such run.
  static func renew(_ run: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "UPDATE progress SET alive_until = ? WHERE run_id = ?")
      .execute(arguments: [end, run])
  }

  /// Ends the lease of a run.
  static func end(_ run: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "UPDATE progress SET alive_until = NULL WHERE run_id = ?")
      .execute(arguments: [run])
  }
}

/// Failures to order, for tests of what follows a failed commit.
struct CommitFaults: Sendable {
  /// Called in each transaction just before COMMIT; returns SQL to execute there.
  var beforeCommit: (@Sendable () throws -> String)?
  /// Called just after COMMIT has happened; what it throws passes for an error of COMMIT.
  var afterCommit: (@Sendable () throws -> Void)?
}
