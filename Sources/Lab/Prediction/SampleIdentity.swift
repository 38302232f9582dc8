import LSTMEngine
import LabFormats
import LabStore

/// What tells the samples of a table apart: what the source of data calls each, or its number; of windows
/// the series, and the row that follows.
struct SampleIdentity {
  private enum Kind {
    case name(column: String, TextList)
    /// The samples' numbers in the file; nil where they are in order.
    case number(Progression?)
    /// The samples' numbers in the split, as every command counts them, and in their source of data.
    case numbers(Progression)
    case row(column: String?, ids: TextList?, rows: [SeriesRow], origins: [String]?)
  }

  private let kind: Kind

  /// - Parameter label: The column whose text in a window's last row says where it ends.
  init(_ epoch: AppliedEpoch, label: String?) throws(LabError) {
    if let places = epoch.data.windows, !epoch.data.sharesTargets {
      let rows = places.rowsBehind
      let origins = try label.map { label throws(LabError) in
        try epoch.labels(label, of: rows.map { SeriesRow(series: $0.series, row: $0.row - 1) })
      }
      kind = .row(column: epoch.idName, ids: places.ids, rows: rows, origins: origins)
      return
    }
    if let ids = epoch.data.ids, let name = epoch.idName {
      kind = .name(column: name, ids)
    } else if case .split = epoch.origin {
      let numbers = epoch.data.numbers.flatMap { $0 == Progression(0..<$0.count) ? nil : $0 }
      kind = numbers.map(Kind.numbers) ?? .number(nil)
    } else {
      kind = .number(epoch.data.numbers)
    }
  }

  /// The columns, whose titles are no others'.
  func columns(_ titles: inout ColumnTitles) -> [Table.Column] {
    func column(_ title: String, _ kind: Table.Kind) -> Table.Column {
      .init(titles.add(title, as: "column"), kind)
    }
    switch kind {
    case .name(let name, _): return [column(name, .text)]
    case .number: return [column("sample", .integer)]
    case .numbers: return [column("sample", .integer), column("number", .integer)]
    case .row(let name, let ids, _, let origins):
      let series = column(name ?? "series", ids == nil ? .integer : .text)
      let origin = origins.map { _ in column("origin", .text) }
      return [series, origin, column("step", .integer)].compactMap(\.self)
    }
  }

  /// What stands in the columns for a sample.
  func cells(of sample: Int) -> [Table.Cell] {
    switch kind {
    case .name(_, let ids): return [.text(ids[sample])]
    case .number(let numbers): return [.integer(numbers?[sample] ?? sample)]
    case .numbers(let numbers): return [.integer(sample), .integer(numbers[sample])]
    case .row(_, let ids, let rows, let origins):
      let row = rows[sample]
      let origin = origins.map { Table.Cell.text($0[sample]) }
      return [ids.map { .text($0[row.series]) } ?? .integer(row.series), origin, .integer(row.row)]
        .compactMap(\.self)
    }
  }
}

extension AppliedEpoch {
  /// What a table calls the column that tells samples or series apart; nil where they have no names.
  var idName: String? {
    guard data.ids ?? data.windows?.ids != nil, let table else { return nil }
    return table.source.sequence
  }

  /// What a column says in some rows of the series.
  func labels(_ column: String, of rows: [SeriesRow]) throws(LabError) -> [String] {
    guard let table else {
      throw LabError(
        .usage, "the series of run \(weights.opened.id) are no table, which has columns",
        where: "--label", next: "leave it out: `step` counts the rows of a series from 0")
    }
    return try SeriesLabels(column, of: table.source, at: table.path).texts(of: rows)
  }
}
