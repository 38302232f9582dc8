import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the index of a log, `lab.db-shm`, says of the log
/// (https://www.sqlite.org/walformat.html, "The WAL-Index File Format").
struct LogIndex: Equatable {
  /// Changes when the log begins anew: then its first half grows by one.
  private let salt: UInt64
  /// The frames in the log.
  let frames: UInt64
  /// The frames whose pages are in the database.
  let moved: UInt64
  /// The frames whose pages are there or on their way.
  private let moving: UInt64
  /// The pages of the database after the log's last transaction.
  let pages: Int
  /// The bytes of a page.
  let pageSize: Int

  init(_ path: String) {
    let bytes = FileHeader.bytes(of: path + "-shm", from: 0, count: 136) ?? []
    guard bytes.count == 136 else {
      (salt, frames, moved, moving) = (0, 0, 0, 0)
      (pages, pageSize) = (0, VectorLayout.pageSize)
      return
    }
    frames = bytes.littleEndian(at: 16, size: 4)
    pages = Int(bytes.littleEndian(at: 20, size: 4))
    salt = bytes.littleEndian(at: 32, size: 8)
    moved = bytes.littleEndian(at: 96, size: 4)
    moving = bytes.littleEndian(at: 128, size: 4)
    let size = Int(bytes.littleEndian(at: 14, size: 2))
    // An index that nobody has filled yet has none.
    pageSize = size == 1 ? 65_536 : size < 512 ? VectorLayout.pageSize : size
  }

  /// Takes what ``numbers`` gave.
  init(numbers: ArraySlice<UInt64>) {
    let numbers = Array(numbers)
    (salt, frames, moved, moving) = (numbers[0], numbers[1], numbers[2], numbers[3])
    (pages, pageSize) = (0, VectorLayout.pageSize)
  }

  /// Whether the log has not begun anew between two looks.
  func isOfSameLog(as other: LogIndex) -> Bool { salt == other.salt }

  /// Whether the log beside a database is as long as its index says, and begins as it began.
  ///
  /// A log that was cut or written over while the database was open loses what is in it alone; SQLite
  /// writes on behind the gap.
  static func isLogWhole(_ path: String) -> Bool {
    while true {
      let index = LogIndex(path)
      guard index.frames > 0, let log = DatabasePlace.status(path + "-wal"),
        let header = FileHeader.bytes(of: path + "-wal", from: 0, count: 32)
      else { return true }
      let isWhole =
        Int(log.st_size) >= index.offset(of: Int(index.frames)) && header.count == 32
        && header.littleEndian(at: 16, size: 8) == index.salt
      // Another's shell may have begun the log anew between the two looks.
      if isWhole || !index.changes(to: LogIndex(path)) { return isWhole }
    }
  }

  /// Where a frame of the log begins, counted from 0.
  func offset(of frame: Int) -> Int { 32 + frame * (24 + pageSize) }

  /// The last frame of each page that is in the log beside a database.
  func frames(of path: String) -> [Int: Int] {
    var last: [Int: Int] = [:]
    let numbers = FileHeader.pieces(
      of: path + "-wal", at: (0..<Int(frames)).lazy.map { offset(of: $0) }, count: 4)
    for (frame, number) in numbers.enumerated() {
      last[number.reduce(0) { $0 << 8 | Int($1) }] = frame
    }
    return last
  }

  /// Where a page of the database begins, counted from 1.
  func offset(ofPage number: Int) -> Int { (number - 1) * pageSize }

  /// Room for a page.
  var emptyPage: [UInt8] { [UInt8](repeating: 0, count: pageSize) }

  /// A page as it stands in the database, counted from 1.
  func page(_ number: Int, of path: String) -> [UInt8]? {
    FileHeader.bytes(of: path, from: offset(ofPage: number), count: pageSize)
  }

  var numbers: [UInt64] { [salt, frames, moved, moving] }

  /// Whether another look finds pages moved, or on their way.
  func changes(to later: LogIndex) -> Bool {
    (salt, moved, moving) != (later.salt, later.moved, later.moving)
  }

  /// Whether pages of the log have gone into the database since `before`, or are about to.
  func mayHaveMoved(since before: LogIndex) -> Bool {
    if moved != moving || before.moved != before.moving { return true }
    if salt == before.salt { return moved != before.moved }
    // The log has begun anew, once: all that was in it had been moved when `before` was taken.
    let hasBegunOnce =
      before.moved == before.frames
      && (before.frames == 0 || salt & 0xFFFF_FFFF == (before.salt & 0xFFFF_FFFF) &+ 1)
    return !hasBegunOnce || moved != 0
  }
}
