package import LabFormats

/// A text with formulas: shown on a terminal, or as Markdown with LaTeX that GitHub renders.
package struct ExplanationText: Equatable, Sendable {
  var blocks: [Block] = []

  /// A piece of the text.
  enum Block: Equatable, Sendable {
    case heading(Int, String)
    case paragraph(String)
    case formula(Formula)
    case table(Table)
  }

  /// Lines of a calculation, in both notations.
  struct Formula: Equatable, Sendable {
    var plain: [String] = []
    /// Each line has one `&`, where the lines are aligned.
    var latex: [String] = []

    /// Adds a line.
    mutating func add(_ plain: String, _ latex: String) {
      self.plain.append(plain)
      self.latex.append(latex)
    }
  }

  mutating func heading(_ level: Int, _ text: String) { blocks.append(.heading(level, text)) }
  mutating func paragraph(_ text: String) { blocks.append(.paragraph(text)) }
  mutating func formula(_ formula: Formula) { blocks.append(.formula(formula)) }
  mutating func table(_ table: Table) { blocks.append(.table(table)) }

  /// Returns what a screen shows; a formula's lines go on indented.
  package func plain(on screen: Screen) -> String {
    let width = screen.width
    return blocks.map { block in
      switch block {
      case .heading(1, let text): Self.heading(text, over: "═", width: width)
      case .heading(2, let text): Self.heading(text, over: "─", width: width)
      case .heading(_, let text): WrappedText.lines(text, width: width)
      case .paragraph(let text): WrappedText.lines(text, width: width)
      case .formula(let formula):
        formula.plain.map {
          WrappedText.lines($0, width: width, indent: "  ", hanging: "      ")
        }.joined()
      case .table(let table): table.text(fitting: screen.columns)
      }
    }.joined(separator: "\n")
  }

  private static func heading(_ text: String, over line: String, width: Int) -> String {
    WrappedText.lines(text, width: width)
      + String(repeating: line, count: min(DisplayWidth.of(text), width)) + "\n"
  }

  /// Returns Markdown; formulas are fenced as `math`.
  package func markdown() -> String {
    blocks.map { block in
      switch block {
      case .heading(let level, let text):
        String(repeating: "#", count: level) + " " + Table.escaped(text) + "\n"
      case .paragraph(let text): text + "\n"
      case .formula(let formula):
        "```math\n\\begin{aligned}\n" + formula.latex.joined(separator: " \\\\\n")
          + "\n\\end{aligned}\n```\n"
      case .table(let table): table.markdown()
      }
    }.joined(separator: "\n")
  }
}
