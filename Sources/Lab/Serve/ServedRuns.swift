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

  /// Reads the rows.
  func json(of laboratory: Laboratory) throws -> JSONText {
    let database = try laboratory.reading()
    var complaint: LabError?
    let ids: [Int64]
    do {
      ids = try matching(laboratory, database)
    } catch let error as LabError where error.kind == .usage {
      complaint = error
      ids = try database.ids(having: [], sort: sort, descending: isFromGreatest)
    }
    let total =
      search.isEmpty || complaint != nil ? ids.count : try database.runNumbers().count
    let shown = Array(ids.dropFirst(offset).prefix(limit))
    var filter = RunFilter()
    filter.runs = shown
    let places = Dictionary(uniqueKeysWithValues: zip(shown, 0...))
    let table = Table(try database.runs(filter)).selecting(Self.columns)
    let rows = table.rows.compactMap { row -> (run: Int64, cells: [Table.Cell])? in
      if case .integer(let id)? = row.first { (Int64(id), row) } else { nil }
    }.sorted { places[$0.run] ?? 0 < places[$1.run] ?? 0 }
    return .object([
      "total": .integer(total), "matching": .integer(ids.count), "offset": .integer(offset),
      "columns": .array(table.columns.map(Self.column)),
      "rows": .array(
        rows.map { row in
          .object([
            "run": .integer(Int(row.run)), "cells": .array(row.cells.map(PageRuns.cell)),
          ])
        }),
      "error": complaint.map { .string(Visible.line($0.what)) },
    ])
  }

  private var isFromGreatest: Bool { sort == nil || isDescending }

  /// The runs that are meant, in order. What has a sign of comparison is a condition; so is what can be read
  /// as one, such as `units in (4, 8)`; anything else are words.
  private func matching(_ laboratory: Laboratory, _ database: LabDatabase) throws -> [Int64] {
    let isCompared = search.contains { "=<>~".contains($0) }
    let words = search.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    if isCompared || words.contains(where: { ["in", "is", "not"].contains($0) }) {
      do {
        let met = Set(try laboratory.numbers(meeting: search, in: database))
        return try database.ids(having: [], sort: sort, descending: isFromGreatest).filter(
          met.contains)
      } catch let error as LabError where error.kind == .usage && !isCompared {}
    }
    return try database.ids(having: words, sort: sort, descending: isFromGreatest)
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
