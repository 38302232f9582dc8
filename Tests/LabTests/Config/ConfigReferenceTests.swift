import Foundation
import Lab
import LabFormats
import Testing

/// The schema and the page say what the fields say, and the fields say what the reader does.
@Suite struct ConfigReferenceTests {
  private static func file(_ name: String) throws -> String {
    try String(contentsOfFile: "\(SeedExperimentTests.root)/\(name)", encoding: .utf8)
  }

  @Test func `the schema and the page are not stale`() throws {
    #expect(try Self.file("docs/config.schema.json") == ConfigReference.schema())
    let page = try Self.file("docs/configuration.md")
    #expect(try ConfigReference.page(page) == page)
  }

  /// Those of a two-way layer's layers have the keys of the layers of their type.
  @Test func `the page has a table of every object`() throws {
    let page = try Self.file("docs/configuration.md")
    let marked = page.matches(of: /<!-- keys of ([^>]*) -->/).flatMap {
      $0.output.1.split(separator: ", ")
    }
    let schema = try JSONDocument(ConfigReference.schema(), source: "schema").root
    let defined = try #require(schema["$defs"]).members.map(\.key)
    #expect(
      marked.sorted()
        == (["configuration"] + defined.filter { !$0.hasPrefix("directed_") }).map { $0[...] }
        .sorted())
  }

  @Test(arguments: [
    ("<!-- keys of adam -->\n", "has no `<!-- end of keys -->`"),
    (
      "<!-- keys of adan -->\n<!-- end of keys -->\n",
      "names `adan`, which the schema does not define"
    ),
  ]) func `a fault of the page`(page: String, message: String) {
    let error = #expect(throws: LabError.self) { try ConfigReference.page(page) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func `every configuration of the repository is valid`() throws {
    let root = SeedExperimentTests.root
    let names = try #require(FileManager.default.enumerator(atPath: root + "/examples"))
    let examples = names.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }
    #expect(examples.count >= 10)
    for name in examples { _ = try Config(contentsOf: "\(root)/examples/\(name)") }
    for block in try MarkdownPage("docs/sql-recipes.md").blocks where block.language == "json" {
      _ = try Config(json: block.text, source: "\(block)")
    }
    let sources = try MarkdownPage("docs/configuration.md").blocks.filter { $0.language == "json" }
    #expect(sources.count >= 4)
    for source in sources {
      let isWhole = source.text.contains("\"model\":")
      _ = try Config(
        json: isWhole ? source.text : ConfigErrorTests.config(data: #"{"train":\#(source.text)}"#),
        source: "\(source)")
    }
  }

  @Test func `the schema's objects are found`() {
    #expect(SchemaPlace.all.count >= 55)
    let names = Set(SchemaPlace.all.map(\.testDescription))
    for name in [
      "", "data.validation split", "record.activations", "model.layers[0].layer directed_gru",
    ] {
      #expect(names.contains(name))
    }
  }

  @Test(arguments: SchemaPlace.all) func `an object has the keys that the reader knows`(
    place: SchemaPlace
  ) throws {
    #expect(place.message(setting: [:]) == nil)
    let keys = place.keys.map(\.key)
    let message = try #require(place.message(setting: ["zzzz": "1"]))
    let known = try #require(
      message.firstMatch(of: /unknown key `zzzz`[^\n]*\n.*allowed: ([^\n]*)/))
    #expect(known.output.1.components(separatedBy: ", ").sorted() == keys.sorted())
    for key in place.required {
      #expect(place.message(setting: [key: nil]) != nil, "\(key)")
    }
    let told = SchemaEdges.toldByText[place.name]?.map(\.key) ?? []
    for key in keys where !place.required.contains(key) && !told.contains(key) {
      #expect(place.message(setting: [key: nil])?.contains("is missing") != true, "\(key)")
    }
  }

  /// At the edges of each key's values, and of other kinds.
  @Test(arguments: SchemaPlace.all) func `a key takes the values of the schema and no others`(
    place: SchemaPlace
  ) throws {
    for (key, schema) in place.keys {
      let edges = SchemaEdges(of: schema, in: place.root)
      #expect(!edges.taken.isEmpty && !edges.refused.isEmpty, "\(key)")
      let longest = edges.longest
      for value in edges.taken + (longest.map { [$0.taken] } ?? [])
      where place.refuses(value, behind: key) {
        Issue.record("\(key): \(value) is refused: \(place.message(setting: [key: value]) ?? "")")
      }
      for value in edges.refused + (longest.map { [$0.refused] } ?? [])
      where !place.refuses(value, behind: key) {
        Issue.record("\(key): \(value) is taken")
      }
    }
  }

  @Test(arguments: SchemaPlace.all) func `a default is what the reader fills in`(
    place: SchemaPlace
  ) throws {
    for (key, schema) in place.keys {
      guard let value = schema["default"]?.source else { continue }
      // Long enough for the default number of entries.
      let length = place.required.contains("length") ? ["length": "30"] : [:]
      let texts = [nil, value].map { place.config(setting: [key: $0].merging(length) { $1 }) }
      let without = try Config(json: texts[0], source: "c.json")
      let with = try Config(json: texts[1], source: "c.json")
      #expect(without.normalised() == with.normalised(), "\(key)")
    }
  }
}
