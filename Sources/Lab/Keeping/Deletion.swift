package import LabFormats
import LabStore

/// Runs that are going to be deleted, and what falls away with them.
package struct Deletion: Sendable {
  private let laboratory: Laboratory
  private let database: LabDatabase
  private let runs: [Run]

  private struct Run: Sendable {
    let run: StoredRun
    let epochs: Int
    let bytes: Double
    let forks: [Int64]
  }

  fileprivate init(_ choice: RunChoice, in laboratory: Laboratory) throws {
    self.laboratory = laboratory
    let database = try laboratory.changing()
    self.database = database
    runs = try laboratory.runs(of: choice, in: database).map { run in
      guard run.status != "running" else {
        throw LabError(
          .busy, "run \(run.runID) is being trained", where: laboratory.path,
          next: "wait for it, or stop it first; nothing was deleted")
      }
      let extent = try database.extent(of: run.runID)
      return Run(run: run, epochs: extent.epochs, bytes: extent.bytes, forks: extent.forks)
    }
  }

  /// What falls away, a row a run.
  package var table: Table {
    Table(
      columns: [
        .init("run_id", .integer), .init("name", .text), .init("status", .text),
        .init("epochs", .integer), .init("bytes", .integer), .init("created_at", .text),
      ],
      rows: runs.map { run in
        [
          .integer(Int(run.run.runID)), .text(run.run.name), .text(run.run.status),
          .integer(run.epochs), .integer(Int(run.bytes)), .text(run.run.createdAt),
        ]
      })
  }

  /// What falls away, in a sentence.
  package var summary: String {
    let epochs = runs.reduce(0) { $0 + $1.epochs }
    let bytes = runs.reduce(0) { $0 + $1.bytes }
    return "\(Self.count(runs.count, "run")) with \(Self.count(epochs, "epoch")), about "
      + "\(NumberText.bytes(bytes)) of weights and optimizer states" + forks
  }

  /// The forks that stay behind without their parent.
  private var forks: String {
    let going = Set(runs.map(\.run.runID))
    let forks = runs.flatMap(\.forks).filter { !going.contains($0) }
    guard !forks.isEmpty else { return "" }
    let shown = forks.prefix(5).map(String.init).joined(separator: ", ")
    let more = forks.count > 5 ? ", …" : ""
    return
      "; \(Self.count(forks.count, "fork")) of theirs (run \(shown)\(more)) \(forks.count == 1 ? "stays" : "stay")"
  }

  private static func count(_ number: Int, _ what: String) -> String {
    "\(NumberText.count(number)) \(what)\(number == 1 ? "" : "s")"
  }

  /// Deletes the runs, all of them or none.
  ///
  /// - Parameter shrinks: Whether the file gives the space back to the disk.
  package func carryOut(shrinks: Bool) throws {
    try database.delete(runs.map(\.run.runID))
    if shrinks { try database.shrink() }
    try database.close()
  }
}

extension Laboratory {
  /// Finds the runs that are to be deleted, and what falls away with them; deletes nothing yet.
  ///
  /// - Throws: `LabError` of kind `busy` where one is being trained.
  package func deletion(of choice: RunChoice) throws -> Deletion {
    try Deletion(choice, in: self)
  }

  /// Copies the database to a file, as it is at one moment.
  ///
  /// - Returns: The runs and bytes of the copy.
  package func backUp(to file: String) throws -> (runs: Int, bytes: Int) {
    let database = try reading()
    defer { try? database.close() }
    return try database.backUp(to: file)
  }
}
