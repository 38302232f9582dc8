import ArgumentParser
import Lab
import LabFormats

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

  func print(_ table: Table) throws {
    switch format {
    case .json: try Terminal.write(table.json())
    case .csv: try Terminal.write(table.csv())
    case .md: try Terminal.write(table.markdown())
    case nil: try Terminal.write(table.plainText(width: Terminal.outputWidth))
    }
  }
}
