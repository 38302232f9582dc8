#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

import Synchronization

/// Files that no output may replace: the databases that this process has open, and what belongs to them.
package enum ProtectedFiles {
  private static let databases = Mutex<Set<String>>([])

  /// Protects a database, its log and its lock until this process ends; `path` leads through no link.
  package static func add(database path: String) {
    _ = databases.withLock { $0.insert(path) }
  }

  /// Throws where a file that is to be written is a protected one, under whatever name.
  ///
  /// - Throws: `LabError` of kind `usage`.
  package static func require(_ path: String) throws(LabError) {
    let target = place(path)
    let file = status(path)
    for database in databases.withLock({ $0 }) {
      for suffix in ["", "-wal", "-shm", "-lock", "-journal"] {
        let own = database + suffix
        let present = status(own)
        let isSame =
          file != nil && file?.st_dev == present?.st_dev && file?.st_ino == present?.st_ino
        guard !isSame, target != place(own) else {
          throw LabError(
            .usage,
            suffix.isEmpty
              ? "the output would replace the database"
              : "the output would replace a file of the database",
            where: path, next: "name another file")
        }
      }
    }
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  /// The folder that a file is in, without links, and its name there; links to files that are missing
  /// are followed, too.
  private static func place(_ path: String, links: Int = 40) -> String {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = unsafe readlink(path, &target, Int(PATH_MAX))
    let (named, name) = FileName.split(path)
    let folder = named.isEmpty ? "./" : named
    if count > 0, links > 0 {
      let next = String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      return place(FileName.isAbsolute(next) ? next : folder + next, links: links - 1)
    }
    guard let real = unsafe realpath(folder, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real) + "/" + name
  }
}
