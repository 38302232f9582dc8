import LabFormats

/// The different targets of a text file as they are written, in the order in which they first stand there;
/// of more than a few, which are hardly classes, none are kept.
package struct TargetTexts: Equatable, Sendable {
  /// A target, its number among the others, and where it first stands.
  struct Text: Equatable, Sendable {
    let text: String
    let value: Float
    let offset: Int
    /// The place as `file:line:column`; empty while rows are read.
    var place = ""
  }

  /// The column's name.
  let column: String
  private(set) var texts: [Text] = []
  private var areTooMany = false
  /// More different targets than one would write down by name.
  private static let limit = 20

  /// Begins without targets.
  init(column: String) { self.column = column }

  /// Takes a row's target; its text is asked for where it is new.
  mutating func note(_ value: Float, at offset: Int, text: @autoclosure () -> String) {
    guard !areTooMany, !texts.contains(where: { $0.value == value }) else { return }
    areTooMany = texts.count == Self.limit
    if areTooMany {
      texts = []
    } else {
      texts.append(Text(text: text(), value: value, offset: offset))
    }
  }

  /// Returns the targets with their places, which one pass over the file finds.
  func placed(in file: TextFile) -> TargetTexts {
    var placed = self
    var (line, lineStart, offset) = (1, 0, 0)
    for index in texts.indices {
      let end = texts[index].offset
      while offset < end {
        if file.bytes[offset] == Byte.lineFeed { (line, lineStart) = (line + 1, offset + 1) }
        offset += 1
      }
      let column = 1 + file.bytes[lineStart..<end].count { $0 & 0xC0 != 0x80 }
      placed.texts[index].place = "\(file.path):\(line):\(column)"
    }
    return placed
  }

  /// The texts in the order of the numbers that they are, as the value of `classes`.
  var classes: String {
    Self.list(texts.sorted { $0.value < $1.value }.map(\.text))
  }

  /// Names as an array of JSON.
  static func list(_ names: [String]) -> String {
    JSONText.array(names.map(JSONText.string)).compact.replacing("\",\"", with: "\", \"")
  }
}
