import LabFormats

/// Text for HTML and SVG in which nothing can become markup.
enum HTMLText {
  /// Returns the text for an element's content or a quoted attribute.
  static func escaped(_ text: String) -> String {
    Visible.paragraph(text).replacingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: nil
      }
    }
  }

  /// Returns JSON for the content of a script element, which only `<` could end.
  static func script(_ json: JSONText) -> String {
    json.compact.replacingScalars { $0 == "<" ? "\\u003c" : nil }
  }

  /// Returns a table; each cell carries its exact number for sorting.
  ///
  /// - Parameters:
  ///   - link: The part of the page that a cell leads to, by its row and column; nil for none.
  ///   - shade: How dark the ground of a cell is, 0 to 1, by its row and column; nil for none.
  static func table(
    _ table: Table, caption: String, isSortable: Bool = false,
    link: (_ row: Int, _ column: Int) -> String? = { _, _ in nil },
    shade: (_ row: Int, _ column: Int) -> Double? = { _, _ in nil }
  ) -> String {
    let head = table.columns.map { column in
      "<th scope=\"col\"\(column.alignment == .right ? " class=\"number\"" : "")>"
        + "\(escaped(column.title))</th>"
    }
    let rows = table.rows.enumerated().map { number, row in
      let cells = zip(table.columns, row).enumerated().map { place, cell in
        Self.cell(cell.1, of: cell.0, link: link(number, place), shade: shade(number, place))
      }
      return "<tr>" + cells.joined() + "</tr>\n"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(escaped(caption))">
      <table\(isSortable ? " class=\"sortable\"" : "")><thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>

      """
  }

  private static func cell(
    _ cell: Table.Cell, of column: Table.Column, link: String?, shade: Double?
  ) -> String {
    let read = column.shown(cell)
    // A class of a text may be a space, which nobody sees.
    let text = cell == .null ? "–" : read == " " ? "␣" : escaped(read)
    let shown = link.map { "<a href=\"#\($0)\">\(text)</a>" } ?? text
    guard column.alignment == .right else { return "<td>\(shown)</td>" }
    let value = cell.double.map { " data-value=\"\(NumberText.exact($0))\"" } ?? ""
    return "<td class=\"number\"\(value)\(shade.map(Self.shade) ?? "")>\(shown)</td>"
  }

  /// Per cent in three digits, of which the page's style makes a ground: a page that is served may
  /// have no `style` attributes.
  private static func shade(_ part: Double) -> String {
    let digits = NumberText.fixed(100 * part, digits: 0)
    return " data-shade=\"\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)\""
  }
}
