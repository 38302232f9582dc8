import LabFormats
import LabStore
import Synchronization

/// Connections to one database that stay open from one question to the next: to open one costs
/// milliseconds, and a little memory for good.
///
/// Where the file is no longer the one that was opened, where its schema has changed, and after an error it
/// is opened anew, with all that opening looks at.
final class KeptDatabases: Sendable {
  private struct Kept {
    let database: LabDatabase
    let schema: LabDatabase.SchemaStamp
  }

  private let open: @Sendable () throws -> LabDatabase
  private let idle = Mutex<[Kept]>([])

  /// - Parameter open: Opens the database.
  init(_ open: @escaping @Sendable () throws -> LabDatabase) { self.open = open }

  /// Reads the database.
  func read<Answer>(_ body: (LabDatabase) throws -> Answer) throws -> Answer {
    let kept = try usable() ?? opened()
    do {
      let answer = try body(kept.database)
      keep(kept)
      return answer
    } catch let error as LabError where [.usage, .notFound].contains(error.kind) {
      keep(kept)
      throw error
    } catch {
      try? kept.database.close()
      throw error
    }
  }

  private func opened() throws -> Kept {
    let database = try open()
    return Kept(database: database, schema: try database.schemaStamp())
  }

  /// One that nobody reads, and that is as it was opened.
  private func usable() -> Kept? {
    while let kept = idle.withLock({ $0.popLast() }) {
      if (try? kept.database.requireInPlace()) != nil,
        let stamp = try? kept.database.schemaStamp(), stamp == kept.schema
      {
        return kept
      }
      try? kept.database.close()
    }
    return nil
  }

  private func keep(_ kept: Kept) {
    // What an older version's tables lack was copied when it was opened, and is not kept up to date.
    guard kept.schema.isLatest, (try? kept.database.releaseCache()) != nil else {
      return (try? kept.database.close()) ?? ()
    }
    idle.withLock { $0.append(kept) }
  }
}
