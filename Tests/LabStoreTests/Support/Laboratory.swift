import Foundation

@testable import LabStore

/// A new database in a folder of its own.
final class Laboratory: Sendable {
  let folder: TemporaryFolder
  let database: LabDatabase

  init() throws {
    folder = try TemporaryFolder()
    database = try LabDatabase(
      path: folder.file("lab.db"), access: .readWrite(creatingIfMissing: true))
  }

  deinit { try? database.close() }

  var path: String { database.path }

  /// Records a run of epochs 0…last and ends it.
  @discardableResult
  func recordRun(
    _ description: RunDescription = Sample.description(), epochs: ClosedRange<Int> = 0...5,
    seed: UInt64 = 1
  ) throws -> Int64 {
    let writer = try database.record(description)
    for epoch in epochs {
      try writer.submit(Sample.record(epoch, tensors: description.tensors, seed: seed))
    }
    try writer.finish(.completed, at: Sample.start.addingTimeInterval(60))
    return try writer.runID()
  }

  /// Asks the stock shell.
  func ask(_ sql: String) throws -> String { try Shell.sqlite(path, sql) }
}
