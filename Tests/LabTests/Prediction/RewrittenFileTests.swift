import Foundation
import Testing

/// A table that says the same in another form gets the same bits, whatever kind of samples it holds.
@Suite struct RewrittenFileTests {
  /// A table and what of it may be written otherwise.
  struct Rewriting: Sendable, CustomTestStringConvertible {
    let kind: PredictedKind
    let text: String
    var separator = ","
    /// The columns that are only predicted.
    let targets: [String]
    /// The column that tells sequences apart.
    var ids: String?
    /// Whether the columns have names, which may be moved then.
    var hasHeader = true
    var testDescription: String { kind.id }
  }

  static let rewritings: [Rewriting] = {
    func kind(_ id: String) -> PredictedKind {
      guard let kind = PredictedKind.all.first(where: { $0.id == id }),
        case .text? = kind.files.first?.content
      else { preconditionFailure(id) }
      return kind
    }
    func text(_ kind: PredictedKind) -> String {
      if case .text(let text)? = kind.files.first?.content { text } else { "" }
    }
    let walks = zip(PredictedKind.tables, ["kind", "height", "kind", "speed"]).map {
      Rewriting(kind: $0, text: text($0), targets: [$1], ids: "walk")
    }
    let gaps = kind("a table with texts and gaps, several scaled targets")
    let weather = kind("windows on a table of texts and decimal commas")
    let wide = kind("a wide table without header, with gaps")
    return walks + [
      Rewriting(kind: gaps, text: text(gaps), targets: ["height", "slope"], ids: "walk"),
      Rewriting(kind: weather, text: text(weather), separator: ";", targets: ["wind"]),
      Rewriting(kind: wide, text: text(wide), separator: "\t", targets: [], hasHeader: false),
      Rewriting(
        kind: .packed, text: PredictedKind.weatherOfTowns, targets: ["dew", "warmth"],
        ids: "town"),
    ]
  }()

  @Test(arguments: rewritings)
  func `another order, other ids, no targets and packing change no bit`(
    rewriting: Rewriting
  ) throws {
    let (kind, text) = (rewriting.kind, rewriting.text)
    let place = try kind.place()
    let expected = try PredictTests.stored(4, "train", in: place)
    var forms: [(id: String, text: String)] = [("as it was", text)]
    func change(_ id: String, _ change: (_ fields: [String], _ isHead: Bool) -> [String]) {
      let lines = text.split(separator: "\n").enumerated().map { number, line in
        let fields = line.split(
          separator: Character(rewriting.separator), omittingEmptySubsequences: false)
        return change(fields.map(String.init), number == 0).joined(separator: rewriting.separator)
          + "\n"
      }
      forms.append((id, lines.joined()))
    }
    let head = text.prefix { $0 != "\n" }.split(separator: Character(rewriting.separator))
      .map(String.init)
    if rewriting.hasHeader {
      change("turned", { fields, _ in fields.reversed() })
      change("more columns", { fields, _ in ["before"] + fields + ["behind"] })
    }
    let told = head.indices.filter { rewriting.targets.contains(head[$0]) }
    if !told.isEmpty {
      change("no targets") { fields, _ in
        fields.indices.filter { !told.contains($0) }.map { fields[$0] }
      }
      change("unknown targets") { fields, isHead in
        isHead ? fields : fields.indices.map { told.contains($0) ? "?" : fields[$0] }
      }
    }
    if let ids = rewriting.ids.flatMap({ head.firstIndex(of: $0) }) {
      change("other ids") { fields, isHead in
        isHead ? fields : fields.indices.map { $0 == ids ? "new " + fields[$0] : fields[$0] }
      }
    }
    let ending = kind.file.hasSuffix(".gz") ? "csv" : kind.file.split(separator: ".").last ?? ""
    for (id, text) in forms {
      try place.write(text, to: "new.\(ending)")
      let plain = try place.lab("predict", "1", "new.\(ending)")
      #expect(try PredictTests.Printed(plain).floats(kind.outputs) == expected, "\(id)")
      try place.output("/bin/sh", ["-c", "gzip -f new.\(ending)"])
      #expect(try place.lab("predict", "1", "new.\(ending).gz") == plain, "\(id), packed")
    }
  }
}
