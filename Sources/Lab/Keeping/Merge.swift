import Foundation
package import LabFormats
import LabStore

/// What came of taking other databases' runs in.
package struct Merge: Answer, Sendable {
  /// A row a database, and what became of its runs.
  package private(set) var table = Table(
    columns: [
      .init("file", .text), .init("runs", .integer), .init("added", .integer),
      .init("extended", .integer), .init("unchanged", .integer), .init("differing", .integer),
      .init("problem", .text),
    ], rows: [])
  /// Runs that are others here, and those that are being trained here, a line each.
  package private(set) var conflicts: [String] = []
  /// What was wrong with databases of which nothing was taken in.
  package private(set) var errors: [LabError] = []

  fileprivate mutating func add(_ runs: [MergedRun], of file: String) {
    func count(_ isCounted: (MergedRun.Change) -> Bool) -> Table.Cell {
      .integer(runs.count { isCounted($0.change) })
    }
    table.rows.append([
      .text(file), .integer(runs.count), count { $0 == .added },
      count {
        if case .extended = $0 { true } else { $0 == .ended }
      }, count { $0 == .unchanged },
      count {
        if case .differs = $0 { true } else { $0 == .busy }
      }, .null,
    ])
    conflicts += runs.compactMap { run in
      let name = "run \(run.run ?? 0) (\(Visible.line(run.name)), \(run.uuid.prefix(8)))"
      return switch run.change {
      case .differs(let epoch):
        "\(name) is another one in \(Visible.line(file)) from epoch \(epoch) on; it was left as it is"
      case .busy:
        "\(name) is being trained here; its epochs in \(Visible.line(file)) were left out"
      default: nil
      }
    }
  }

  fileprivate mutating func add(_ error: LabError, of file: String) {
    table.rows.append([
      .text(file), .null, .null, .null, .null, .null, .text(error.what),
    ])
    errors.append(error)
  }

  /// What was done, in a sentence.
  package var summary: String {
    func sum(_ column: Int) -> Int {
      table.rows.reduce(0) { sum, row in
        if case .integer(let count) = row[column] { sum + count } else { sum }
      }
    }
    return
      "\(NumberText.count(table.rows.count)) database\(table.rows.count == 1 ? "" : "s"): "
      + "\(NumberText.count(sum(2))) run\(sum(2) == 1 ? "" : "s") added, "
      + "\(NumberText.count(sum(3))) extended, \(NumberText.count(sum(4))) unchanged"
      + (sum(5) > 0 ? ", \(NumberText.count(sum(5))) left out" : "")
  }
}

extension Laboratory {
  /// Takes the runs of other databases into this one, which is made if it is missing.
  ///
  /// A run that is here already is not taken in twice; a longer one gets its later epochs. What is wrong
  /// with one database does not keep the others out.
  ///
  /// - Parameter condition: What the runs meet that are taken in, by what stands in their own database.
  package func merge(
    _ files: [String], where condition: String? = nil, isDryRun: Bool,
    shouldStop: () -> Bool = { false }
  ) throws -> Merge {
    // What would be made is made elsewhere where nothing shall change.
    let scratch =
      try isDryRun && !FileManager.default.fileExists(atPath: path)
      ? ScratchFolder("merge") : nil
    defer { withExtendedLifetime(scratch) {} }
    let database = try scratch.map { folder in
      try LabDatabase(path: folder.path + "/lab.db", access: .readWrite(creatingIfMissing: true))
    }
    let merger = try Merger(into: database ?? creating(), isDryRun: isDryRun)
    var merge = Merge()
    for file in files where !shouldStop() {
      do {
        let chosen = try condition.map { try Self.uuids(meeting: $0, in: file) }
        merge.add(try merger.merge(file, only: chosen), of: file)
      } catch let error as LabError {
        merge.add(error, of: file)
      }
    }
    try merger.close()
    return merge
  }

  /// The uuids of the runs of another database that meet a condition.
  private static func uuids(meeting condition: String, in file: String) throws -> Set<String> {
    let other = Laboratory(path: file, isNamed: true)
    let database = try other.reading()
    defer { try? database.close() }
    let numbers = try other.numbers(meeting: condition, in: database)
    return Set(try numbers.map { try database.run($0).uuid })
  }
}
