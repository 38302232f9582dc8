import LabFormats
import LabStore

/// A part of the table of all runs: sorted, searched and cut by the database.
package struct ServedRuns: Equatable, Sendable {
  /// How many runs come before it.
  let offset: Int
  let limit: Int
  /// One of `RunFilter.sortKeys`; nil: the newest first.
  let sort: String?
  let isDescending: Bool
  /// Words, or a condition as `--where` takes it.
  let search: String

  private static let mostRows = 200
  private static let mostWords = 16

  init(_ query: ServedQuery) throws(LabError) {
    offset = try query.number("offset", default: 0)
    limit = min(try query.number("limit", default: 50), Self.mostRows)
    let sort = query.text("sort")
    if let sort, !RunFilter.sortKeys.contains(sort) {
      throw LabError(
        .usage, "runs cannot be sorted by `\(Visible.shortened(Visible.line(sort), to: 40))`",
        where: "sort", next: "allowed: " + RunFilter.sortKeys.joined(separator: ", "))
    }
    self.sort = sort
    isDescending = query.text("descending") == "1"
    search = query.text("search") ?? ""
  }

  /// Those of the columns of `reports/runs.sql` that a person looks at.
  private static let columns = [
    "run_id", "name", "status", "epochs", "loss", "val_loss", "accuracy", "val_accuracy",
    "test_loss", "test_accuracy", "best_epoch", "best_loss", "best_val_loss", "best_accuracy",
    "best_val_accuracy", "seconds", "parameters", "seed", "fold", "sweep", "tags", "notes",
    "parent_run_id", "parent_epoch", "created_at", "finished_at", "host", "version", "trainer",
    "message",
  ]

  private static let texts = [
    "name", "status", "sweep", "tags", "notes", "created_at", "finished_at", "host", "version",
    "trainer", "message",
  ]

  /// Whether the search may be a condition, for which the settings of all runs are read: what has a sign of
  /// comparison is one; what has a word of one is one if it can be read as one, such as `units in (4, 8)`;
  /// anything else are words.
  var maySearchSettings: Bool {
    isCompared || words.contains { ["in", "is", "not"].contains($0) }
  }

  private var isCompared: Bool { search.contains { "=<>~".contains($0) } }

  private var words: [String] {
    search.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
  }

  private var isFromGreatest: Bool { sort == nil || isDescending }

  /// Reads the rows.
  ///
  /// - Parameter all: Reads all runs with their settings.
  func json(in database: LabDatabase, all: () throws -> ComparedRuns) throws -> JSONText {
    let total = try database.runCount()
    let found: (count: Int, shown: [Int64])
    do {
      found = try matching(database, all) ?? (total, ordered(database, offset, limit))
    } catch let error as LabError where error.kind == .usage {
      return .object(["error": .string(Visible.line(error.what))])
    }
    let table = Table(try database.rows(of: found.shown, columns: Self.columns))
    return .object([
      "total": .integer(total), "matching": .integer(found.count), "offset": .integer(offset),
      "columns": .array(table.columns.map(Self.column)),
      "rows": .array(
        table.rows.compactMap { row in
          guard case .integer(let run)? = row.first else { return nil }
          return .object(["run": .integer(run), "cells": .array(row.map(PageRuns.cell))])
        }),
    ])
  }

  /// Runs in order, whatever is searched for.
  private func ordered(
    _ database: LabDatabase, _ offset: Int = 0, _ limit: Int? = nil
  ) throws -> [Int64] {
    try database.ids(sort: sort, descending: isFromGreatest, offset: offset, limit: limit)
  }

  /// How many runs are meant, and those of them that are shown, in order; nil where all are meant.
  private func matching(
    _ database: LabDatabase, _ all: () throws -> ComparedRuns
  ) throws -> (count: Int, shown: [Int64])? {
    func cut(_ ids: [Int64]) -> (Int, [Int64]) {
      (ids.count, Array(ids.dropFirst(offset).prefix(limit)))
    }
    if maySearchSettings {
      do {
        let met = Set(try all().numbers(meeting: search))
        return cut(
          sort == nil ? met.sorted(by: >) : try ordered(database).filter(met.contains))
      } catch let error as LabError where error.kind == .usage && !isCompared {}
    }
    if words.isEmpty { return nil }
    guard words.count <= Self.mostWords else {
      throw LabError(
        .usage, "\(words.count) words are too many", where: "search",
        next: "search for \(Self.mostWords) or fewer")
    }
    return cut(
      try database.ids(having: words, sort: sort, descending: isFromGreatest))
  }

  private static func column(_ column: Table.Column) -> JSONText {
    let title = column.title
    let isMetric = title.hasSuffix("loss") || title.hasSuffix("accuracy")
    return .object([
      "title": .string(title),
      "role": .string(PageRuns.role(of: title, path: nil, isMetric: isMetric).rawValue),
      "isNumber": .bool(!texts.contains(title)),
      "isDuration": title == "seconds" ? .bool(true) : nil,
      "isHigherBetter": isMetric ? .bool(title.hasSuffix("accuracy")) : nil,
      "isSortable": .bool(RunFilter.sortKeys.contains(title)),
    ])
  }
}
