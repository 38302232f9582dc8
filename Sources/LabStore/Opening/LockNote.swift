import LabFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the holder of the commit lock leaves in the lock file for the next one: which file it worked
/// on, the log beside it, and how it left them.
///
/// Only SQLite writes to a database in its place, and it counts what it moves from the log. So who knows
/// what the file was finds out that something else has written to it, as `cp` or `truncate`.
struct LockNote: Equatable {
  /// The database.
  let file: FileHeader.Identity
  /// The log beside it.
  let log: FileHeader.Identity?
  /// The size and the time of the last change.
  private let state: [UInt64]
  /// How far SQLite has moved the log's pages into the file.
  private let index: LogIndex
  /// A hash of some pages.
  private let sample: UInt64

  /// Whether the file was written to between two notes, as far as its size and time tell.
  func isOfSameFile(as other: LockNote) -> Bool { file == other.file && state == other.state }

  /// How a file differs from what a note says.
  enum Change { case none, byCheckpoint, byOthers }

  /// Describes the database at `path` as it is now; `before` is the last note on it.
  init?(_ path: String, after before: LockNote?) {
    var index = LogIndex(path)
    guard var status = DatabasePlace.status(path) else { return nil }
    // File and index must be of one moment.
    while index.changes(to: LogIndex(path)) {
      index = LogIndex(path)
      guard let again = DatabasePlace.status(path) else { return nil }
      status = again
    }
    file = FileHeader.Identity(status)
    log = DatabasePlace.status(path + "-wal").map(FileHeader.Identity.init)
    self.index = index
    state = Self.state(status)
    sample =
      before?.file == file && before?.state == state
      ? before?.sample ?? 0 : Self.sample(path, status)
  }

  /// What has been written to the file between this note and a later one.
  func change(to later: LockNote) -> Change {
    guard later.file == file, later.state != state else { return .none }
    if later.index.mayHaveMoved(since: index) { return .byCheckpoint }
    return later.sample == sample ? .none : .byOthers
  }

  private static func state(_ status: stat) -> [UInt64] {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return [
      UInt64(truncatingIfNeeded: status.st_size), UInt64(truncatingIfNeeded: time.tv_sec),
      UInt64(truncatingIfNeeded: time.tv_nsec),
    ]
  }

  /// A hash (FNV-1a, eight bytes at a time) of sixteen pages from all over the file, the first and the
  /// last among them.
  private static func sample(_ path: String, _ status: stat) -> UInt64 {
    let pages = max(1, Int(status.st_size) / VectorLayout.pageSize)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in 0..<16 {
      let page = (pages - 1) * number / 15
      let start = page * VectorLayout.pageSize
      let bytes = FileHeader.bytes(of: path, from: start, count: VectorLayout.pageSize) ?? []
      unsafe bytes.withUnsafeBytes { bytes in
        for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
          let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          hash = (hash ^ word) &* 0x100_0000_01B3
        }
      }
    }
    return hash
  }

  /// "LSTMnot2"; then numbers, each of eight bytes. Another mark means that pages are hashed otherwise.
  private static let mark: UInt64 = 0x3274_6F6E_4D54_534C
  private static let count = 13

  private var numbers: [UInt64] {
    [Self.mark, file.device, file.number, log?.device ?? 0, log?.number ?? 0]
      + state + index.numbers + [sample]
  }

  /// Reads what ``write(to:)`` wrote; nil where there is nothing, or something else.
  init?(_ descriptor: CInt) {
    var bytes = [UInt8](repeating: 0, count: 8 * Self.count)
    guard SystemFile.read(descriptor, into: &bytes, at: 0) == bytes.count else { return nil }
    let numbers = (0..<Self.count).map { bytes.littleEndian(at: 8 * $0, size: 8) }
    guard numbers[0] == Self.mark else { return nil }
    file = FileHeader.Identity(device: numbers[1], number: numbers[2])
    log = numbers[4] == 0 ? nil : FileHeader.Identity(device: numbers[3], number: numbers[4])
    state = Array(numbers[5..<8])
    index = LogIndex(numbers: numbers[8..<12])
    sample = numbers[12]
  }

  /// Puts the note into the lock file. Where that cannot be, the next holder finds the one before,
  /// and looks at the database more closely than it had to.
  func write(to descriptor: CInt) {
    var bytes: [UInt8] = []
    for number in numbers { bytes.appendLittleEndian(number) }
    _ = SystemFile.write(bytes, to: descriptor, at: 0)
  }
}
