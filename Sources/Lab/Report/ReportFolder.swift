import Foundation
import LabFormats

/// The folder that a report is written into, where an earlier one may stand.
struct ReportFolder {
  let path: String

  /// Returns where a file of the report stands.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Refuses a folder in which something would be lost, or would stand beside what it does not belong
  /// to: an earlier report is replaced only by one on at least its runs.
  ///
  /// - Parameters:
  ///   - names: The files that a report may have.
  ///   - runs: The runs' unique names.
  ///   - written: The files that will be written.
  func check(_ names: [String], runs: Set<String>, written: [String]) throws(LabError) {
    let there = names.filter { FileManager.default.fileExists(atPath: file($0)) }
    guard let first = there.first else { return }
    for name in there { try ProtectedFiles.require(file(name)) }
    let advice = "name another folder with -o, or remove this one"
    guard let earlier = reportedRuns() else {
      throw LabError(
        .cannotCreate, "the folder has a file `\(first)`, and no report", where: path, next: advice)
    }
    guard earlier.allSatisfy(runs.contains) else {
      throw LabError(
        .cannotCreate, "the folder holds a report on other runs", where: path, next: advice)
    }
    if let stale = there.first(where: { !written.contains($0) }) {
      throw LabError(
        .cannotCreate, "the folder holds a report with a file `\(stale)`, and this one has none",
        where: path, next: "remove it, or write it again, too")
    }
  }

  /// The unique names of the runs that an earlier report is about; nil where there is none.
  private func reportedRuns() -> [String]? {
    guard let text = try? TextFile(contentsOf: file("runs.csv"), what: "report") else { return nil }
    var records = CSVRecords(text)
    guard (try? records.advance()) == true,
      let column = records.fields.firstIndex(where: { records.text($0) == "uuid" })
    else { return nil }
    var runs: [String] = []
    while (try? records.advance()) == true, column < records.fields.count {
      runs.append(records.text(records.fields[column]))
    }
    return runs
  }
}
