package import LabFormats

/// What the fields say of the configuration, as documents: `docs/config.schema.json` and the tables of
/// `docs/configuration.md`.
package enum ConfigReference {
  private static let root: ObjectDescription = {
    var root = Config.form.objects()[0]
    root.about =
      "What `lstm-lab run` reads; docs/configuration.md tells it in full. The program also refuses "
      + "what a schema cannot say: whole numbers with a point, rows of unequal length, data that do "
      + "not fit the model."
    return root
  }()

  /// Returns the JSON Schema (draft 2020-12) of a configuration.
  package static func schema() -> String {
    let head = [
      JSONTextMember("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      JSONTextMember("title", .string("A configuration of lstm-lab")),
    ]
    let definitions = definitions.map { JSONTextMember($0.name ?? "", .object($0.keywords)) }
    return JSONText.object(
      head + root.keywords + [JSONTextMember("$defs", .object(definitions))]
    ).indented() + "\n"
  }

  /// The objects with a name, each once, in the order in which they are first needed.
  private static let definitions: [ObjectDescription] = {
    var found: [ObjectDescription] = []
    func look(into object: ObjectDescription) {
      for inner in object.fields.flatMap(\.form.objects) {
        if let same = found.first(where: { $0.name == inner.name && inner.name != nil }) {
          precondition(same.keywords == inner.keywords, "two objects are named \(inner.name ?? "")")
        } else {
          if inner.name != nil { found.append(inner) }
          look(into: inner)
        }
      }
    }
    look(into: root)
    return found
  }()
}

extension ConfigReference {
  private static let start = "<!-- keys of "
  private static let end = "<!-- end of keys -->"

  /// Returns a page with its tables of keys written anew.
  ///
  /// A table stands between a line such as `<!-- keys of adam, sgd -->`, which names definitions of the
  /// schema or the `configuration` itself, and the line `<!-- end of keys -->`.
  ///
  /// - Throws: `LabError` where a table has no end or names no definition.
  package static func page(_ text: String) throws(LabError) -> String {
    var lines: [String] = []
    var open: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix(start) {
        open = line
        lines += [line, ""] + (try table(of: line)) + [""]
      } else if line == end {
        open = nil
      }
      if open == nil { lines.append(line) }
    }
    if let open { throw fault("`\(open)` has no `\(end)`") }
    return lines.joined(separator: "\n")
  }

  private static func table(of line: String) throws(LabError) -> [String] {
    let list = line.dropFirst(start.count).prefix { $0 != "-" && $0 != ">" }
    let names = list.split { $0 == "," || $0 == " " }.map(String.init)
    var objects: [ObjectDescription] = []
    for name in names where name != "configuration" {
      guard let object = definitions.first(where: { $0.name == name }) else {
        throw fault("`\(line)` names `\(name)`, which the schema does not define")
      }
      objects.append(object)
    }
    let isWhole = names == ["configuration"]
    return ConfigTable(isWhole ? [root] : objects, isNested: isWhole).lines
  }

  private static func fault(_ what: String) -> LabError {
    LabError(.data, what, next: "correct the page")
  }
}

/// A table of the keys of some objects.
private struct ConfigTable {
  private struct Row {
    var cells: [String]
    var owners: [String]
  }

  private var rows: [Row] = []
  private let objects: [ObjectDescription]

  /// Takes the keys of objects, and of those that are written out in them where `isNested`.
  init(_ objects: [ObjectDescription], isNested: Bool) {
    self.objects = objects
    for object in objects { add(object, path: "", isNested: isNested) }
  }

  private mutating func add(_ object: ObjectDescription, path: String, isNested: Bool) {
    for field in object.fields where field.key != object.label?.key {
      let cells = [
        "`\(path)\(field.key)`", field.form.words, field.absence.words, field.about,
      ].map { $0.replacing("|", with: "\\|") }
      if let index = rows.firstIndex(where: { $0.cells == cells }) {
        rows[index].owners.append(object.shownName)
      } else {
        let last = rows.lastIndex { $0.cells[0] == cells[0] } ?? rows.count - 1
        rows.insert(Row(cells: cells, owners: [object.shownName]), at: last + 1)
      }
      for inner in field.form.objects where isNested && inner.name == nil {
        add(inner, path: "\(path)\(field.key).", isNested: true)
      }
    }
  }

  var lines: [String] {
    guard objects.count > 1 else {
      return ["| key | values | default | meaning |", "|---|---|---|---|"]
        + rows.map { "| " + $0.cells.joined(separator: " | ") + " |" }
    }
    return ["| key | of | values | default | meaning |", "|---|---|---|---|---|"]
      + rows.map { row in
        let names = row.owners.map { "`\($0)`" }.joined(separator: ", ")
        let owners = row.owners.count == objects.count ? "all" : names
        return "| \(row.cells[0]) | \(owners) | " + row.cells[1...].joined(separator: " | ") + " |"
      }
  }
}

extension ObjectDescription {
  fileprivate var shownName: String { label?.value ?? name ?? "" }
}

extension Absence {
  /// The default as the page's table has it.
  fileprivate var words: String {
    switch self {
    case .refused: "required"
    case .words(let words): words
    case .value(.string("")): "empty"
    case .value(.array([])): "none"
    case .value(.string(let text)): "`\(text)`"
    case .value(.object(let members)):
      members.count > 1 ? "as its keys'" : "`\(JSONText.object(members).compact)`"
    case .value(.real(let number)) where number == number.rounded(): "\(Int(number))"
    case .value(let value): value.compact
    }
  }
}

extension JSONText {
  /// The value over several lines: what fits stands in one.
  fileprivate func indented(by indent: String = "", width: Int = 110) -> String {
    let line = spaced
    guard indent.count + line.count > width else { return line }
    let inner = indent + "  "
    switch self {
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + $0.indented(by: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members) where !members.isEmpty:
      let lines = members.map { member in
        inner + JSONText.string(member.key).compact + ": " + member.value.indented(by: inner)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return line
    }
  }

  /// The value in one line, with spaces between its parts.
  private var spaced: String {
    switch self {
    case .array(let elements): "[" + elements.map(\.spaced).joined(separator: ", ") + "]"
    case .object(let members):
      "{ "
        + members.map { "\(JSONText.string($0.key).compact): \($0.value.spaced)" }
        .joined(separator: ", ") + " }"
    default: compact
    }
  }
}
