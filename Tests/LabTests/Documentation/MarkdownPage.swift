import Foundation

/// The code blocks of one of the repository's pages, in order.
struct MarkdownPage {
  struct Block: CustomStringConvertible {
    /// What stands behind the opening fence: `sql`, `json`, or nothing.
    let language: String
    let lines: [String]
    /// The line of the page that the opening fence is in, from 1.
    let line: Int
    /// Whether nothing but empty lines stands between this block and the one before.
    let followsBlock: Bool
    let page: String

    var text: String { lines.joined(separator: "\n") }
    var description: String { "\(page):\(line)" }
  }

  let name: String
  let blocks: [Block]

  /// Reads a page by its path from the repository's root.
  init(_ name: String) throws {
    self.name = name
    let text = try String(
      contentsOfFile: SeedExperimentTests.root + "/" + name, encoding: .utf8)
    var blocks: [Block] = []
    var open: (language: String, line: Int, lines: [String])?
    var followsBlock = false
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if let block = open {
        guard line == "```" else {
          open?.lines.append(line)
          continue
        }
        blocks.append(
          Block(
            language: block.language, lines: block.lines, line: block.line,
            followsBlock: followsBlock, page: name))
        open = nil
        followsBlock = true
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), index + 1, [])
      } else if !line.isEmpty {
        followsBlock = false
      }
    }
    self.blocks = blocks
  }

  /// The blocks of a language, each with the output that is shown right behind it, if any is.
  func answered(_ language: String) -> [(block: Block, shown: Block?)] {
    blocks.indices.filter { blocks[$0].language == language }.map { index in
      let next = blocks[(index + 1)...].first
      return (blocks[index], next.flatMap { $0.followsBlock && $0.language == "" ? $0 : nil })
    }
  }
}
