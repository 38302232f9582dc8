import Foundation
import LabFormats

/// What processes that are gone have left beside a database.
package enum Leftovers {
  /// The drafts of databases that were being made, which the next start that writes removes.
  package static func drafts(of database: String) -> [String] {
    DatabaseFile.drafts(of: URL(fileURLWithPath: database).path).sorted()
  }

  /// Logs that were set aside because their database was gone: they may hold pages that are nowhere else.
  package static func logs(of database: String) -> [String] {
    let url = URL(fileURLWithPath: database)
    let folder = url.deletingLastPathComponent().path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(url.lastPathComponent + "-lost") && $0.hasSuffix("-wal") }
      .sorted().map { folder + "/" + $0 }
  }

  /// Removes the drafts that no living process makes.
  package static func removeDrafts(of database: String) throws {
    try LabDatabase(path: database, access: .readWrite(creatingIfMissing: false)).close()
  }
}
