import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What must stand in a database after pages of its log were moved into it.
///
/// While pages are moved the file changes anyway, and SQLite makes a file that was cut as long again as it
/// should be; so neither size nor time tells that something has cut it, or copied another file over it, at
/// the same moment. As long as the log has not begun anew, what was moved can be compared.
struct PageCheck {
  /// What a look at the file comes to.
  enum Finding {
    case held, harmed
    /// The log has begun anew, as only another program makes it at this moment.
    case unknown
  }

  private let path: String
  private let index: LogIndex
  /// The last frame of each page that is in the log.
  private let frames: [Int: Int]
  /// Pages that are not in the log, as they must stay: some from all over the file, and the last one, which
  /// no cut misses.
  private var kept: [Int: [UInt8]] = [:]

  /// Takes what is there before pages are moved; the caller holds the commit lock.
  init(_ path: String) {
    self.path = path
    index = LogIndex(path)
    frames = index.frames(of: path)
    let whole = DatabasePlace.size(path) / index.pageSize
    let pages = index.frames > 0 ? min(whole, index.pages) : whole
    for place in Self.spread(pages) {
      guard let number = (place + 1...pages).first(where: { [frames] in frames[$0] == nil }) else {
        break
      }
      kept[number] = index.page(number, of: path)
    }
    if let last = (0..<pages).last(where: { [frames] in frames[$0 + 1] == nil }) {
      kept[last + 1] = index.page(last + 1, of: path)
    }
  }

  /// Compares every page that was moved, and those that were not to change.
  func finding() -> Finding {
    for _ in 1...3 {
      let now = LogIndex(path)
      guard now.isOfSameLog(as: index) else { return .unknown }
      let isHeld = isHeld(now)
      // Meanwhile a shell may have moved more.
      if now == LogIndex(path) { return isHeld ? .held : .harmed }
    }
    return .unknown
  }

  private func isHeld(_ now: LogIndex) -> Bool {
    let frames = now.frames == index.frames ? frames : now.frames(of: path)
    guard let file = FileHeader.descriptor(of: path),
      let log = FileHeader.descriptor(of: path + "-wal")
    else { return false }
    var (here, there) = (now.emptyPage, now.emptyPage)
    for (number, frame) in frames where frame < Int(now.moved) && number <= now.pages {
      guard
        SystemFile.read(file, into: &here, at: now.offset(ofPage: number)) == here.count,
        SystemFile.read(log, into: &there, at: now.offset(of: frame) + 24) == there.count,
        unsafe memcmp(here, there, here.count) == 0
      else { return false }
    }
    return kept.allSatisfy { number, page in
      frames[number] != nil || number > now.pages && now.pages > 0
        || now.page(number, of: path) == page
    }
  }

  /// Sixteen places at most among `count`, the first and the last among them.
  private static func spread(_ count: Int) -> [Int] {
    guard count > 16 else { return Array(0..<count) }
    return (0..<16).map { (count - 1) * $0 / 15 }
  }
}
