import ArgumentParser
import Lab

/// In which form a listing is printed.
struct TableOptions: ParsableArguments {
  enum Format: String, EnumerableFlag {
    case json, csv, md

    static func help(for format: Format) -> ArgumentHelp? {
      switch format {
      case .json: "Print JSON."
      case .csv: "Print CSV (RFC 4180)."
      case .md: "Print a Markdown table."
      }
    }
  }

  @Flag(exclusivity: .exclusive)
  var format: Format?

  func print(_ table: Table) {
    switch format {
    case .json: Terminal.write(table.json())
    case .csv: Terminal.write(table.csv())
    case .md: Terminal.write(table.markdown())
    case nil: Terminal.write(table.plainText(width: Terminal.outputWidth))
    }
  }
}
