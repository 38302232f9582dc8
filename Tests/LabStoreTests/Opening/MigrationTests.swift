import Foundation
import GRDB
import LabFormats
import LabSchema
import Testing

@testable import LabStore

/// An older database becomes one of this version, whole, or stays what it was.
struct MigrationTests {
  /// The committed database of a version, in a folder of its own.
  @discardableResult
  static func copy(_ version: Int = 1, to folder: TemporaryFolder) throws -> String {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../LabTests/Fixtures/V000\(version)/lab.db").standardized.path
    try FileManager.default.copyItem(atPath: source, toPath: folder.file("lab.db"))
    return folder.file("lab.db")
  }

  /// Everything in a file: its version, whether it is sound, its schema and every row.
  private static func content(_ path: String) throws -> String {
    try Shell.sqlite(
      path,
      """
      PRAGMA user_version; PRAGMA integrity_check; PRAGMA foreign_key_check;
      SELECT type, name, tbl_name, sql FROM sqlite_schema;
      .sha3sum --schema
      """)
  }

  /// What the database is before and after.
  private static func contents(_ version: Int) throws -> (old: String, new: String) {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try copy(version, to: folder)
    let old = try content(path)
    try LabDatabase(path: path, access: .readWrite(creatingIfMissing: false)).close()
    let new = try content(path)
    #expect(old.hasPrefix("\(version)\nok\n") && new.hasPrefix("\(Migrations.latest)\nok\n"))
    return (old, new)
  }

  private struct Stop: Error {}

  @Test(arguments: 1..<Migrations.latest)
  func `a migration that fails at any statement changes nothing`(
    version: Int
  ) throws {
    let old = try Self.contents(version).old
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(version, to: folder)
    let queue = try Connection.writing(path)
    var statements = 0
    var last = 0
    repeat {
      var count = 0
      do {
        try SchemaUpdate.run(on: queue) {
          if count == last { throw Stop() }
          count += 1
        }
        break
      } catch is Stop { statements += 1 }
      last += 1
      if last % 10 == 0 { #expect(try Self.content(path) == old, "statement \(last)") }
    } while last < 1_000
    // 99 runs, and more statements than tables.
    #expect(statements > (version == 1 ? 160 : 30) && statements < 1_000)
    #expect(try Self.content(path).hasPrefix("\(Migrations.latest)\nok\n"))
    try queue.close()
  }

  /// What a killed process leaves are the files as they are; its pages are in the log by then.
  @Test(arguments: 1..<Migrations.latest)
  func `a migration that is killed at any statement leaves the old or the new`(
    version: Int
  ) throws {
    let (old, new) = try Self.contents(version)
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(version, to: folder)
    let queue = try Connection.writing(path)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA cache_size = 1") }
    var copies: [String] = []
    var logged = 0
    let files = FileManager.default
    try SchemaUpdate.run(on: queue) {
      let killed = folder.file("killed-\(copies.count).db")
      for suffix in ["", "-wal"] {
        try files.copyItem(atPath: path + suffix, toPath: killed + suffix)
      }
      copies.append(killed)
      logged = max(logged, try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count)
    }
    #expect(copies.count > (version == 1 ? 160 : 30))
    #expect(
      logged > (version == 1 ? 500_000 : 100_000), "the log had \(logged) bytes before COMMIT")
    for (number, killed) in copies.enumerated() where number % 4 == 0 || number < 70 {
      #expect(try Self.content(killed) == old, "statement \(number)")
      guard number % 12 == 0 else { continue }
      try LabDatabase(path: killed, access: .readOnly).close()
      #expect(try Self.content(killed) == new, "statement \(number)")
    }
    try queue.close()
  }

  /// COMMIT writes the end of the log: whatever of it has reached the disk, it is all or nothing.
  @Test(arguments: 1..<Migrations.latest)
  func `a commit that is cut off anywhere leaves the old or the new`(
    version: Int
  ) throws {
    let (old, new) = try Self.contents(version)
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(version, to: folder)
    let queue = try Connection.writing(path)
    try SchemaUpdate.run(on: queue)
    let database = try Data(contentsOf: URL(fileURLWithPath: path))
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try queue.close()
    let frame = VectorLayout.pageSize + 24
    let cuts = Array(stride(from: 32, to: log.count, by: frame * 5)) + [log.count - 1, log.count]
    #expect(cuts.count > 4)
    for cut in cuts {
      let killed = folder.file("cut-\(cut).db")
      try database.write(to: URL(fileURLWithPath: killed))
      try log.prefix(cut).write(to: URL(fileURLWithPath: killed + "-wal"))
      #expect(try Self.content(killed) == (cut == log.count ? new : old), "\(cut) bytes")
    }
  }

  @Test(arguments: 1..<Migrations.latest)
  func `many openers migrate once`(version: Int) async throws {
    let new = try Self.contents(version).new
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(version, to: folder)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for access in [LabDatabase.Access.readOnly, .readWrite(creatingIfMissing: true)] {
        for _ in 0..<4 {
          group.addTask { try LabDatabase(path: path, access: access).close() }
        }
      }
      try await group.waitForAll()
    }
    #expect(try Self.content(path) == new)
  }

  /// The public views, with the columns that tell their rows apart first.
  private static let views = [
    "runs", "epochs", "metrics", "tensors", "weights", "gate_stats", "activations", "predictions",
    "data_parts", "classes", "features", "targets", "settings", "sweeps",
  ]

  @Test(arguments: 1..<Migrations.latest)
  func `a file that cannot be written shows what it would be`(version: Int) async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(version, to: folder)
    let migratedFolder = try TemporaryFolder()
    defer { withExtendedLifetime(migratedFolder) {} }
    let migrated = try Self.copy(version, to: migratedFolder)
    try LabDatabase(path: migrated, access: .readWrite(creatingIfMissing: false)).close()
    let old = try Data(contentsOf: URL(fileURLWithPath: path))
    unsafe chmod(path, 0o444)
    unsafe chmod(folder.path, 0o555)
    unsafe chmod(migratedFolder.path, 0o777)
    for suffix in ["", "-lock"] { unsafe chmod(migrated + suffix, 0o666) }
    defer { unsafe chmod(folder.path, 0o755) }
    await #expect(processExitsWith: .success) {
      [path = path as String, migrated = migrated as String] in
      if getuid() == 0 { precondition(setuid(65_534) == 0) }
      let old = try LabDatabase(path: path, access: .readOnly)
      let new = try LabDatabase(path: migrated, access: .readOnly)
      for view in Self.views {
        #expect(try rows(of: view, in: old) == rows(of: view, in: new), "\(view)")
      }
      for run in try new.runs().rows {
        guard case .integer(let id) = run[0] else { continue }
        #expect(try old.run(id) == new.run(id))
        #expect(try old.activationDescriptions(of: id) == new.activationDescriptions(of: id))
        #expect(
          try old.gateStats(of: id).map(\.stat) == new.gateStats(of: id).map(\.stat))
        #expect(try old.tensors(of: id) == new.tensors(of: id))
      }
      do {
        _ = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: false))
        Issue.record("a read-only database was opened for writing")
      } catch let error as LabError { #expect(error.kind == .cannotCreate, "\(error)") }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == old)
  }

  /// An older program that records at this moment knows nothing of the new tables.
  @Test func `while a run is trained the database stays as it is`() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(to: folder)
    let lock = try FileLock(beside: path)
    #expect(try lock.tryAcquire(.run(3)))
    let reader = try LabDatabase(path: path, access: .readOnly)
    #expect(try reader.runs().rows.count == 99)
    try reader.close()
    let error = #expect(throws: LabError.self) {
      try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    }
    #expect(error == LabError.inOldUse(path))
    #expect(try Shell.sqlite(path, "PRAGMA user_version") == "1")
    lock.release(.run(3))
    try LabDatabase(path: path, access: .readOnly).close()
    #expect(try Shell.sqlite(path, "PRAGMA user_version") == "\(Migrations.latest)")
  }

  @Test func `a run whose configuration is damaged does not hold up the others`() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = try Self.copy(to: folder)
    _ = try Shell.sqlite(path, "UPDATE run SET config = '{nonsense}' WHERE id = 5")
    try LabDatabase(path: path, access: .readOnly).close()
    #expect(
      try Shell.sqlite(path, "SELECT run_id FROM runs WHERE settings_hash IS NULL") == "5")
    #expect(
      try Shell.sqlite(path, "SELECT count(DISTINCT run_id) FROM settings") == "98")
  }
}

/// The rows of a view, in an order of their own.
private func rows(of view: String, in database: LabDatabase) throws -> [String] {
  var rows: [String] = []
  try database.query("SELECT * FROM \(view)", columns: { _ in }, row: { rows.append("\($0)") })
  return rows.sorted()
}
