import Foundation
import GRDB
import LabFormats
import LabSchema

/// A database that runs are taken from; it is read beside another one, in the same connection.
final class MergeSource {
  /// The path as it was named.
  let path: String
  /// The file that is read: the named one, or a copy that has the latest schema.
  private let file: String
  /// What holds the copy.
  private let scratch: ScratchFolder?
  /// Whether the file is read as it is: nobody has it open.
  private let isAlone: Bool
  /// Its runs as they were when it was looked at, of those that may be taken in.
  let runs: [Run]
  /// The uuids of the runs that may be taken in; nil for all.
  private let chosen: Set<String>?

  /// A run that may be taken in.
  struct Run {
    let id: Int64
    let uuid, name: String
    let isEnded: Bool
    /// Its last epoch, and the hash of that.
    let last: (epoch: Int, hash: Data)
  }

  /// Looks at a file, and has it brought to the latest schema where it is older: in its place, or where
  /// that may not be, in a copy.
  ///
  /// - Parameter chosen: The uuids of the runs that may be taken in; nil for all.
  /// - Throws: `LabError` where it is none of ours.
  init(_ path: String, only chosen: Set<String>? = nil) throws {
    self.path = path
    self.chosen = chosen
    try Scrutiny.requireFittingLog(path)
    func isChosen(_ run: Run) -> Bool { chosen?.contains(run.uuid) ?? true }
    guard try DatabaseFile.inspect(path) == .ours, let runs = try Self.look(at: path) else {
      // Says what is wrong with it, or brings it to the latest schema.
      let database = try LabDatabase(path: path, access: .readOnly)
      try database.close()
      if try Self.version(path) == Migrations.latest {
        (file, scratch) = (path, nil)
      } else {
        let folder = try ScratchFolder("merge")
        try Self.copy(path, to: folder.path + "/copy.db")
        (file, scratch) = (folder.path + "/copy.db", folder)
      }
      isAlone = !Self.isOpen(file)
      self.runs = (try Self.look(at: file) ?? []).filter(isChosen)
      return
    }
    (file, scratch) = (path, nil)
    isAlone = !Self.isOpen(path)
    self.runs = runs.filter(isChosen)
  }

  /// Whether a run may be taken in.
  func isChosen(_ uuid: String) -> Bool { chosen?.contains(uuid) ?? true }

  /// Shows the file as `shard` to a connection.
  ///
  /// - Returns: Whether it is what was looked at before.
  func attach(to db: Database) throws -> Bool {
    try db.execute(
      sql: "ATTACH ? AS shard", arguments: [Connection.address(file, isImmutable: isAlone)])
    let version = try Int.fetchOne(db, sql: "PRAGMA shard.user_version")
    return version == Migrations.latest
  }

  /// Whether nobody has begun to write to a file that is read as it is.
  var isUnchanged: Bool { !isAlone || !Connection.hasLog(file) }

  private static func isOpen(_ path: String) -> Bool {
    Connection.hasLog(path) || Connection.hasIndex(path)
  }

  private static func version(_ path: String) throws -> Int {
    try LabError.translated(at: path) { try Connection.glance(path, SchemaUpdate.version) }
  }

  /// The runs of a file, if its schema is to the byte what the program makes.
  private static func look(at path: String) throws -> [Run]? {
    try LabError.translated(at: path) {
      try Connection.glance(path) { db in
        guard try SchemaUpdate.version(of: db) == Migrations.latest,
          try SchemaCheck(db).differences(from: Migrations.latest).isEmpty
        else { return nil }
        return try db.rows(
          of: "run", "a run",
          """
          SELECT r.id AS id, r.uuid AS uuid, r.name AS name, r.outcome AS outcome,
            e.epoch AS epoch, e.hash AS hash
          FROM run AS r JOIN epoch AS e ON e.run_id = r.id
            AND e.epoch = (SELECT max(l.epoch) FROM epoch AS l WHERE l.run_id = r.id)
          ORDER BY r.id
          """
        ) { row in
          Run(
            id: try row["id"], uuid: try row["uuid"], name: try row["name"],
            isEnded: try (row["outcome"] as String?) != nil,
            last: (try row["epoch"], try row["hash"]))
        }
      }
    }
  }

  /// Copies a database that may not be written, and brings the copy to the latest schema.
  private static func copy(_ path: String, to target: String) throws {
    let database = try LabDatabase(path: path, access: .readOnly)
    _ = try database.backUp(to: target)
    try database.close()
    try LabDatabase(path: target, access: .readWrite(creatingIfMissing: false)).close()
  }
}
