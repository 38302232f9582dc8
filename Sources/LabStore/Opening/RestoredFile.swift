import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A database put together of what is left of its file and of the pages in its log.
enum RestoredFile {
  /// Writes it over an empty draft: the log's pages, also those that were moved and are in it still, and the
  /// file's where the log has none.
  ///
  /// Whether the pages fit each other is for the caller to find out.
  /// - Returns: Whether every page was found.
  static func write(_ path: String, to draft: String) throws -> Bool {
    let index = LogIndex(path)
    guard index.frames > 0, index.pages > 0, LogIndex.isLogWhole(path) else { return false }
    let file = SystemFile.open(draft, O_WRONLY)
    guard file >= 0 else { throw LabError.inputOutput(draft, reason: FileLock.reason(errno)) }
    defer { close(file) }
    guard let old = FileHeader.descriptor(of: path),
      let log = FileHeader.descriptor(of: path + "-wal")
    else { return false }
    let frames = index.frames(of: path)
    for number in 1...index.pages {
      var page = index.emptyPage
      let got =
        frames[number].map { SystemFile.read(log, into: &page, at: index.offset(of: $0) + 24) }
        ?? SystemFile.read(old, into: &page, at: index.offset(ofPage: number))
      guard got == page.count else { return false }
      guard SystemFile.write(page, to: file, at: index.offset(ofPage: number)) else {
        throw LabError.inputOutput(draft, reason: FileLock.reason(errno))
      }
    }
    return true
  }
}
