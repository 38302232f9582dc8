import Foundation
import LabFormats
import LabStore

/// A CSV file that is written row by row; it appears under its name when it is whole.
final class CSVFile {
  private let path: String
  private let temporary: String
  private let file: FileHandle
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 20

  /// Starts a file; an existing one is replaced at the end.
  init(_ path: String) throws(LabError) {
    try ProtectedFiles.require(path)
    self.path = path
    temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let file = FileHandle(forWritingAtPath: temporary)
    else {
      throw LabError(
        .cannotCreate, "cannot create the file", where: path,
        next: "check the folder and its permissions")
    }
    self.file = file
  }

  deinit {
    try? file.close()
    try? FileManager.default.removeItem(atPath: temporary)
  }

  /// Writes one line.
  func write(_ cells: [Table.Cell]) throws(LabError) {
    Table.appendCSV(cells, to: &buffer)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Puts the file in its place.
  func finish() throws(LabError) {
    try flush()
    do {
      try file.synchronize()
      try file.close()
    } catch { throw failure(error) }
    guard unsafe rename(temporary, path) == 0 else {
      throw LabError(.cannotCreate, "cannot replace the file", where: path, next: "look at it")
    }
  }

  private func flush() throws(LabError) {
    do { try file.write(contentsOf: Data(buffer)) } catch { throw failure(error) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ error: any Error) -> LabError {
    LabError(
      .inputOutput, "cannot write the file: \(error.localizedDescription)", where: path,
      next: "free some space and try again")
  }
}
