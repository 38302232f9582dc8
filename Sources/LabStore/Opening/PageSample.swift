/// Some pages of a database before pages of its log are moved into it, and what they must be afterwards.
///
/// While pages are moved the file changes anyway; so nothing else tells that something has cut it, or
/// copied another file over it, at the same moment.
struct PageSample {
  private let path: String
  private let index: LogIndex
  /// What must stand in the file afterwards: as it does now, or as it does in the log.
  private var kept: [Int: [UInt8]] = [:]
  private var moved: [Int: [UInt8]] = [:]

  /// Takes a sample; the caller holds the commit lock.
  init(_ path: String) {
    self.path = path
    index = LogIndex(path)
    let frames = index.frames(of: path)
    let pages = index.pages(of: path)
    for place in Self.spread(pages) {
      // Where it will be written, the next page that will not; there may be none.
      if let number = (place + 1...pages).first(where: { frames[$0] == nil }) {
        kept[number] = index.page(number, of: path)
      }
    }
    let logged = frames.keys.sorted()
    for number in Self.spread(logged.count).map({ logged[$0] }) {
      moved[number] = frames[number].flatMap { index.page(in: $0, of: path) }
    }
  }

  /// Whether the file holds what it must.
  ///
  /// - Parameter isComplete: Whether all pages of the log were moved.
  func isHeld(isComplete: Bool) -> Bool {
    let expected = isComplete ? kept.merging(moved) { kept, _ in kept } : kept
    return expected.allSatisfy { index.page($0.key, of: path) == $0.value }
  }

  /// Sixteen places at most among `count`, the first and the last among them.
  private static func spread(_ count: Int) -> [Int] {
    guard count > 16 else { return Array(0..<count) }
    return (0..<16).map { (count - 1) * $0 / 15 }
  }
}
