import LabFormats
import LabStore

/// A CSV file that is written row by row; it appears under its name when it is whole.
final class CSVFile {
  private let file: NewFile
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 20

  /// Starts a file; an existing one is replaced at the end.
  init(_ path: String) throws(LabError) { file = try NewFile(path) }

  /// Writes one line.
  func write(_ cells: [Table.Cell]) throws(LabError) {
    Table.appendCSV(cells, to: &buffer)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Puts the file in its place.
  func finish() throws(LabError) {
    try flush()
    try file.finish()
  }

  private func flush() throws(LabError) {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
