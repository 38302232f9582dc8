import ArgumentParser
import Lab
import LabFormats

/// In which form an answer is printed.
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

  func print(_ answer: any Answer) throws {
    switch format {
    case .json: try Terminal.write(answer.json())
    case .csv: try Terminal.write(answer.csv())
    case .md: try Terminal.write(answer.markdown())
    case nil: try Terminal.write(answer.text(on: Terminal.screen))
    }
  }
}
