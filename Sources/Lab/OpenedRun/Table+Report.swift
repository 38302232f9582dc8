package import LabFormats
package import LabStore

extension Table {
  /// Takes what the store answers; a column that comes twice gets a number.
  package init(_ report: ReportTable) {
    let titles = report.titles
    self.init(
      columns: titles.enumerated().map { index, title in
        Column(title, Self.kind(title, report.rows.lazy.map { $0[index] }))
      },
      rows: report.rows.map { $0.map(Cell.init) })
  }

  /// Numbers stand on the right; losses and accuracies are shown with four decimals.
  private static func kind(_ title: String, _ values: some Sequence<SQLValue>) -> Kind {
    var isInteger = false
    for value in values {
      switch value {
      case .real:
        return metricTitles.contains(title) ? .metric : title == "seconds" ? .seconds : .exact
      case .integer: isInteger = true
      case .text, .blob: return .text
      case .null: break
      }
    }
    return isInteger ? .integer : .text
  }

  private static let metricTitles = [
    "loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy", "best_loss",
    "best_accuracy", "best_val_loss", "best_val_accuracy",
  ]
}

extension Table {
  /// The columns; one whose title comes twice gets a number.
  static func unique(_ columns: [Column]) -> [Column] {
    zip(columns, ReportTable(columns: columns.map(\.title), rows: []).titles).map {
      Column($1, $0.kind)
    }
  }
}

extension ReportTable {
  /// The columns' names; one that comes twice gets a number.
  var titles: [String] {
    var titles: [String] = []
    for name in columns {
      var title = name
      var number = 1
      while titles.contains(title) {
        number += 1
        title = "\(name):\(number)"
      }
      titles.append(title)
    }
    return titles
  }
}

extension Table.Cell {
  init(_ value: SQLValue) {
    switch value {
    case .null: self = .null
    case .integer(let number): self = .integer(Int(number))
    case .real(let number): self = .real(number)
    case .text(let text): self = .text(text)
    case .blob(let blob): self = .text(SQLValue.literal(blob))
    }
  }
}
