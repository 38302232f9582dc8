import Foundation
import LabFormats
import LabSchema
import Testing

@testable import LabStore

/// A database is ours, or it is refused and left as it was.
struct OpeningTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let name: String
    let prepare: @Sendable (String) throws -> Void
    let kind: LabError.Kind
    let text: String
    var testDescription: String { name }
  }

  static let refusals = [
    Refusal(
      name: "missing", prepare: { _ in }, kind: .notFound,
      text: """
        there is no such database; name another file with --db, or train a run into this one with: \
        lstm-lab run CONFIG --db PATH
        """),
    Refusal(
      name: "text", prepare: { try Data("hello\n".utf8).write(to: URL(fileURLWithPath: $0)) },
      kind: .data,
      text: """
        the file is not an SQLite database; nothing was changed; name another file with --db
        """),
    Refusal(
      name: "long text",
      prepare: { try Data(repeating: 65, count: 70_000).write(to: URL(fileURLWithPath: $0)) },
      kind: .data,
      text: """
        the file is not an SQLite database; nothing was changed; name another file with --db
        """),
    Refusal(
      name: "folder",
      prepare: {
        try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true)
      },
      kind: .data,
      text: """
        this is a folder, not a database; name a file in it, such as --db PATH/lab.db
        """),
    Refusal(
      name: "foreign", prepare: { _ = try Shell.sqlite($0, "CREATE TABLE t (a)") },
      kind: .data,
      text: """
        the database belongs to another application; nothing was changed; name another file \
        with --db
        """),
    Refusal(
      name: "future",
      prepare: {
        try LabDatabase(path: $0, access: .readWrite(creatingIfMissing: true)).close()
        _ = try Shell.sqlite($0, "PRAGMA user_version = 99")
      },
      kind: .data,
      text: """
        the database has schema version 99, and this program knows those up to 3; nothing was changed; \
        use a newer lstm-lab
        """),
    outdated(version: 0), outdated(version: -1),
    Refusal(
      name: "header only",
      prepare: {
        try LabDatabase(path: $0, access: .readWrite(creatingIfMissing: true)).close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: $0)).prefix(100)
        try bytes.write(to: URL(fileURLWithPath: $0))
      },
      kind: .data,
      text: """
        the database is damaged (database disk image is malformed); restore a backup, or save \
        what can still be read with sqlite3's .dump
        """),
  ]

  /// A database of ours whose schema has a version that never was.
  private static func outdated(version: Int) -> Refusal {
    Refusal(
      name: "version \(version)",
      prepare: {
        try LabDatabase(path: $0, access: .readWrite(creatingIfMissing: true)).close()
        _ = try Shell.sqlite($0, "DROP VIEW runs; PRAGMA user_version = \(version)")
      },
      kind: .data,
      text: """
        the database is damaged (its schema version is \(version)); restore a backup, or save \
        what can still be read with sqlite3's .dump
        """)
  }

  /// What the stock shell writes out and reads in again has lost the two numbers that mark it.
  @Test(arguments: [1, 2, 3], ["new.db", "new 'one'.db"])
  func `a restored dump is told, and the advice brings it back`(version: Int, name: String) throws {
    let folder = try TemporaryFolder()
    let (path, new) = (folder.file("lab.db"), folder.file(name))
    if version < Migrations.latest {
      try MigrationTests.copy(version, to: folder)
    } else {
      let lab = try Laboratory()
      try lab.recordRun()
      try lab.database.close()
      try FileManager.default.copyItem(atPath: lab.path, toPath: path)
    }
    _ = try Shell.sqlite(new, Shell.sqlite(path, ".dump"))
    let before = try Shell.sqlite(new, ".dump")
    for access in [LabDatabase.Access.readOnly, .readWrite(creatingIfMissing: true)] {
      let error = #expect(throws: LabError.self) { try LabDatabase(path: new, access: access) }
      #expect(error?.kind == .data)
      #expect(error?.what.contains("schema version \(version)") == true)
      #expect(error?.where == new)
      let advice = try #require(error?.next)
      #expect(advice.hasPrefix("nothing was changed; bring them back with: sqlite3 "))
      #expect(try Shell.sqlite(new, ".dump") == before)
      guard access != .readOnly else { continue }
      try Shell.run(advice.replacing("nothing was changed; bring them back with: ", with: ""))
    }
    let lab = try LabDatabase(path: new, access: .readWrite(creatingIfMissing: true))
    #expect(try lab.runs().rows.count == [99, 18, 1][version - 1])
    #expect(try lab.state(of: 1, at: 1).weights.count == 5)
    try lab.close()
    #expect(try Shell.sqlite(new, "PRAGMA journal_mode; PRAGMA integrity_check") == "wal\nok")
  }

  /// As after one of the two PRAGMAs, or one with another version's number.
  @Test(arguments: [0, 1, 2]) func `a wrong version number is told`(version: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true)).close()
    _ = try Shell.sqlite(path, "PRAGMA user_version = \(version)")
    let error = #expect(throws: LabError.self) { try LabDatabase(path: path, access: .readOnly) }
    #expect(error == LabError.unmarked(path, version: Migrations.latest))
    #expect(error?.next.contains("PRAGMA user_version = \(Migrations.latest)") == true)
  }

  @Test(arguments: refusals, [LabDatabase.Access.readOnly, .readWrite(creatingIfMissing: false)])
  func `what is not ours is refused and left alone`(
    refusal: Refusal, access: LabDatabase.Access
  ) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    try refusal.prepare(path)
    let before = FileManager.default.contents(atPath: path)
    let error = #expect(throws: LabError.self) { try LabDatabase(path: path, access: access) }
    #expect(error?.kind == refusal.kind)
    #expect(
      error.map { "\($0.what); \($0.next)".replacing(path, with: "PATH") } == refusal.text)
    #expect(error?.where == path)
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test(arguments: refusals.dropFirst())
  func `a run is not recorded into what is not ours`(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    try refusal.prepare(path)
    let before = FileManager.default.contents(atPath: path)
    let error = #expect(throws: LabError.self) {
      try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    }
    #expect(error?.kind == refusal.kind)
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test func `an empty file becomes a database, through a link too`() throws {
    let folder = try TemporaryFolder()
    let target = folder.file("target.db")
    try Data().write(to: URL(fileURLWithPath: target))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.db"), withDestinationPath: target)
    let lab = try LabDatabase(
      path: folder.file("link.db"), access: .readWrite(creatingIfMissing: true))
    #expect(lab.path == target)
    try lab.close()
    #expect(try Shell.sqlite(target, "SELECT count(*) FROM runs") == "0")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["link.db", "target.db", "target.db-lock", "target.db-shm", "target.db-wal"])
  }

  @Test func `a folder that does not exist cannot take a database`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: LabError.self) {
      try LabDatabase(
        path: folder.file("no/lab.db"), access: .readWrite(creatingIfMissing: true))
    }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.exitCode == 73)
  }

  @Test func `a file in the place of a folder holds no database`() throws {
    let folder = try TemporaryFolder()
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder.file("file")))
    let path = folder.file("file/lab.db")
    for (access, kind) in [
      (LabDatabase.Access.readOnly, LabError.Kind.notFound),
      (.readWrite(creatingIfMissing: false), .notFound),
      (.readWrite(creatingIfMissing: true), .cannotCreate),
    ] {
      let error = #expect(throws: LabError.self) { try LabDatabase(path: path, access: access) }
      #expect(error?.kind == kind)
    }
  }

  @Test(arguments: ["target.db", "deep/../target.db", "second.db"])
  func `a link to a file that is missing makes that file`(target: String) throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createDirectory(atPath: folder.file("deep"), withIntermediateDirectories: false)
    try files.createSymbolicLink(
      atPath: folder.file("second.db"), withDestinationPath: folder.file("target.db"))
    try files.createSymbolicLink(atPath: folder.file("link.db"), withDestinationPath: target)
    let lab = try LabDatabase(
      path: folder.file("link.db"), access: .readWrite(creatingIfMissing: true))
    #expect(lab.path == folder.file("target.db"))
    try lab.close()
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("link.db")) == target)
    #expect(try Shell.sqlite(folder.file("target.db"), "SELECT count(*) FROM runs") == "0")
  }

  @Test func `files beside a new database are left alone`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    let others = ["-new", "-new-wal", "-new-1", "-newer"].map { path + $0 }
    for other in others { try Data(other.utf8).write(to: URL(fileURLWithPath: other)) }
    try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true)).close()
    for other in others {
      #expect(FileManager.default.contents(atPath: other) == Data(other.utf8))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).count == others.count + 4)
  }

  @Test func `many openers create one database`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true)).close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try Shell.sqlite(path, "PRAGMA integrity_check; PRAGMA journal_mode") == "ok\nwal")
  }

  /// As one is that a build before this version has made.
  @Test func `a database with other tables is not taken for a failing disk`() throws {
    let lab = try Laboratory()
    try lab.recordRun()
    _ = try lab.ask("DROP VIEW runs")
    let error = #expect(throws: LabError.self) { try lab.database.runs(RunFilter()) }
    #expect(error?.kind == .data)
    #expect(
      error?.what == "the database does not have the tables of this version (no such table: runs)")
    #expect(error?.next.contains("read it with the lstm-lab that wrote it") == true)
  }

  @Test func `a name like a URI is a name`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a?mode=memory%20#.db")
    let lab = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    try lab.close()
    #expect(FileManager.default.fileExists(atPath: path))
    let reader = try LabDatabase(path: path, access: .readOnly)
    #expect(try reader.runs().rows.isEmpty)
    try reader.close()
  }

  /// A second look at an open file must not drop the locks of the first, see ``FileHeader``: then
  /// the shell would take itself for the only user and remove the log.
  @Test func `opening a database again leaves the first connection's locks alone`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...1)
    #expect(try lab.database.runs().rows.count == 1)
    let log = lab.path + "-wal"
    #expect(FileManager.default.fileExists(atPath: log))
    try LabDatabase(path: lab.path, access: .readWrite(creatingIfMissing: true)).close()
    try LabDatabase(path: lab.path, access: .readOnly).close()
    #expect(try lab.ask("SELECT count(*) FROM epochs") == "2")
    #expect(FileManager.default.fileExists(atPath: log))
  }

  @Test func `what is left of a deleted database does not get into a new one`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    let old = try Laboratory()
    try old.recordRun(epochs: 0...3)
    try FileManager.default.copyItem(atPath: old.path + "-wal", toPath: path + "-wal")
    let lab = try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    #expect(try lab.runs().rows.isEmpty)
    #expect(try Shell.sqlite(path, "PRAGMA integrity_check") == "ok")
    try lab.close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["lab.db", "lab.db-lock", "lab.db-shm", "lab.db-wal"])
  }

  @Test func `a closed database is whole without the empty log beside it`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...3)
    try lab.database.close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: lab.path + "-wal")).isEmpty)
    let copy = lab.folder.file("copy.db")
    try FileManager.default.copyItem(atPath: lab.path, toPath: copy)
    #expect(
      try Shell.sqlite(copy, "PRAGMA integrity_check; SELECT count(*) FROM epochs") == "ok\n4")
  }

  @Test func `a copy by VACUUM INTO is a database like any other`() throws {
    let lab = try Laboratory()
    try lab.recordRun(epochs: 0...3)
    let copy = lab.folder.file("copy.db")
    _ = try lab.ask("VACUUM INTO '\(copy)'")
    #expect(try Shell.sqlite(copy, "PRAGMA journal_mode") == "delete")
    let reader = try LabDatabase(path: copy, access: .readOnly)
    #expect(try reader.state(of: 1, at: 3).weights == Sample.record(3).weights)
    try reader.close()
    let database = try LabDatabase(path: copy, access: .readWrite(creatingIfMissing: false))
    let writer = try database.resume(database.run(1), after: 3)
    try writer.submit(Sample.record(4))
    try writer.finish(.completed, at: Sample.start)
    try database.close()
    #expect(
      try Shell.sqlite(
        copy, "PRAGMA journal_mode; PRAGMA integrity_check; SELECT count(*) FROM epochs")
        == "wal\nok\n5")
  }

  @Test func `drafts that a killed process has left are removed, and nothing else`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    let drafts = ["-new-123-0000000000abc", "-new-99999-3w5e11264sgsf"].map { path + $0 }
    let others = [
      "-new-0-0000000000abc", "-new-x-0000000000001", "-new-1-A B", "-new-1-2-3", "-new-1",
      "-new-1-backup",
    ].map { path + $0 }
    // The second start finds a database already, and another path's drafts are not its own.
    for _ in 1...2 {
      for file in drafts + others + [folder.file("other.db-new-1-0000000000001")] {
        try Data("draft".utf8).write(to: URL(fileURLWithPath: file))
      }
      try Data().write(to: URL(fileURLWithPath: drafts[0] + "-journal"))
      try LabDatabase(path: path, access: .readWrite(creatingIfMissing: true)).close()
      for draft in drafts + [drafts[0] + "-journal"] {
        #expect(!FileManager.default.fileExists(atPath: draft))
      }
      for other in others + [folder.file("other.db-new-1-0000000000001")] {
        #expect(FileManager.default.fileExists(atPath: other))
      }
    }
  }

  /// Who makes a draft holds the commit lock all the while.
  @Test func `a draft whose maker lives is left alone`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.db")
    let maker = try FileLock(beside: path)
    try maker.acquireCommit(patience: .seconds(1))
    let draft = path + "-new-1-0000000000001"
    try Data().write(to: URL(fileURLWithPath: draft))
    let opener = Thread {
      _ = try? LabDatabase(path: path, access: .readWrite(creatingIfMissing: true))
    }
    opener.start()
    Thread.sleep(forTimeInterval: 0.3)
    #expect(FileManager.default.fileExists(atPath: draft))
    maker.release(.commit)
    let deadline = Date().addingTimeInterval(20)
    while FileManager.default.fileExists(atPath: draft), Date() < deadline {}
    #expect(!FileManager.default.fileExists(atPath: draft))
  }
}
