import LabFormats

/// Text for HTML and SVG in which nothing can become markup.
enum HTMLText {
  /// Returns the text for an element's content or a quoted attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in Visible.paragraph(text) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Returns JSON for the content of a script element, which only `<` could end.
  static func script(_ json: JSONText) -> String {
    json.compact.replacing("<", with: "\\u003c")
  }

  /// Returns a table; each cell carries its exact number for sorting.
  static func table(_ table: Table, caption: String, isSortable: Bool = false) -> String {
    let head = table.columns.map { column in
      "<th scope=\"col\"\(column.alignment == .right ? " class=\"number\"" : "")>"
        + "\(escaped(column.title))</th>"
    }
    let rows = table.rows.map { row in
      "<tr>" + zip(table.columns, row).map { cell($1, of: $0) }.joined() + "</tr>\n"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(escaped(caption))">
      <table\(isSortable ? " class=\"sortable\"" : "")><thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>

      """
  }

  private static func cell(_ cell: Table.Cell, of column: Table.Column) -> String {
    let shown = cell == .null ? "–" : escaped(column.shown(cell))
    guard column.alignment == .right else { return "<td>\(shown)</td>" }
    let value = cell.double.map { " data-value=\"\(NumberText.exact($0))\"" } ?? ""
    return "<td class=\"number\"\(value)>\(shown)</td>"
  }
}
