import Foundation
import Lab
import LabFormats
import Testing

/// `docs/config.schema.json` and the decoder say the same.
@Suite struct ConfigSchemaTests {
  private static let tree = Result {
    try JSONTree(
      String(
        contentsOfFile: SeedExperimentTests.root + "/docs/config.schema.json", encoding: .utf8))
  }

  private static func schema() throws -> JSONSchema { try JSONSchema(tree.get()) }

  private static func accepts(_ schema: JSONSchema, _ json: String) throws -> Bool {
    try schema.accepts(JSONTree(json))
  }

  private static func decoderAccepts(_ json: String) -> Bool {
    (try? Config(json: json, source: "c.json")) != nil
  }

  @Test func `every configuration of the repository is valid`() throws {
    let schema = try Self.schema()
    let root = SeedExperimentTests.root
    let names = try #require(FileManager.default.enumerator(atPath: root + "/examples"))
    var count = 0
    for case let name as String in names where name.hasSuffix(".json") {
      let text = try String(contentsOfFile: "\(root)/examples/\(name)", encoding: .utf8)
      #expect(try Self.accepts(schema, text), "\(name)")
      count += 1
    }
    #expect(count >= 10)
    let recipes = try MarkdownPage("docs/sql-recipes.md").blocks.filter { $0.language == "json" }
    for json in recipes.map(\.text) + [ConfigTests.minimal, Trial(isRagged: true).json] {
      #expect(Self.decoderAccepts(json))
      #expect(try Self.accepts(schema, json))
    }
  }

  /// The page's examples are sources of data; its tables name every key.
  @Test func `the configuration's page tells what the schema tells`() throws {
    let schema = try Self.schema()
    let page = try MarkdownPage("docs/configuration.md")
    let examples = page.blocks.filter { $0.language == "json" }
    #expect(examples.count >= 4)
    for example in examples {
      let json = ConfigErrorTests.config(data: #"{"train":\#(example.text)}"#)
      #expect(Self.decoderAccepts(json), "\(example)")
      #expect(try Self.accepts(schema, json), "\(example)")
    }
    let text = try String(
      contentsOfFile: SeedExperimentTests.root + "/" + page.name, encoding: .utf8)
    for place in SchemaPlace.all {
      let properties = try schema.schema(at: place.pointer)["properties"]
      for key in try #require(properties?.members).keys.sorted() {
        let forms = ["`\(key)`", ".\(key)`", ".\(key).", "`\(key).", "\"\(key)\""]
        #expect(forms.contains(where: text.contains), "\(place.pointer): \(key)")
      }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>) func `random configurations are valid`(
    seed: UInt64
  ) throws {
    var random = CounterRandom(seed: seed)
    let text = RandomConfig.config(using: &random).normalised()
    #expect(try Self.accepts(Self.schema(), text), "\(text)")
  }

  /// With the places below, the schema has no object that is not compared with the decoder.
  @Test func `every object of the schema is looked at`() throws {
    let schema = try Self.schema()
    #expect(
      schema.root.objectPointers(at: "#").sorted() == SchemaPlace.all.map(\.pointer).sorted())
  }

  /// The keys that the schema knows in a place, sorted.
  private static func keys(of place: SchemaPlace, in schema: JSONSchema) throws -> [String] {
    try #require(try schema.schema(at: place.pointer)["properties"]?.members).keys.sorted()
  }

  @Test(arguments: SchemaPlace.all) func `an object has the keys that the decoder knows`(
    place: SchemaPlace
  ) throws {
    let schema = try Self.schema()
    let keys = try Self.keys(of: place, in: schema)
    #expect(Self.decoderAccepts(place.config(with: "", nil)))
    let json = place.config(with: "zzzz", "1")
    let error = #expect(throws: LabError.self) { try Config(json: json, source: "c.json") }
    let known = try #require(
      error?.description.firstMatch(of: /unknown key `zzzz`[^\n]*\n.*allowed: ([^\n]*)/))
    #expect(known.output.1.components(separatedBy: ", ").sorted() == keys.sorted())
    #expect(try !Self.accepts(schema, json))
  }

  /// Each value of a long list, put behind each key: refused by both or accepted by both. What is
  /// only known to the decoder may pass the schema, never the other way round.
  @Test(arguments: SchemaPlace.all) func `a key takes the values that the decoder takes`(
    place: SchemaPlace
  ) throws {
    let schema = try Self.schema()
    let keys = try Self.keys(of: place, in: schema)
    for key in keys {
      for value in [nil] + SchemaValues.all {
        let json = place.config(with: key, value)
        let isDecoded = Self.decoderAccepts(json)
        let isValid = try Self.accepts(schema, json)
        let mayPass = place.isPartial || value.map(SchemaValues.pointed.contains) ?? false
        guard isDecoded != isValid, isDecoded || !mayPass else { continue }
        Issue.record(
          "\(key): \(value ?? "left out") is \(isDecoded ? "taken" : "refused") by the decoder")
      }
    }
  }

  @Test(arguments: SchemaPlace.all) func `a default is what the decoder fills in`(
    place: SchemaPlace
  ) throws {
    let schema = try Self.schema().schema(at: place.pointer)
    for (key, property) in try #require(schema["properties"]?.members) {
      guard let value = property["default"] else { continue }
      let without = try Config(json: place.config(with: key, nil), source: "c.json")
      let with = try Config(json: place.config(with: key, value.json), source: "c.json")
      #expect(without.normalised() == with.normalised(), "\(key)")
    }
  }

  @Test(arguments: [
    ("#", "tags", 100, #""tag INDEX""#),
    ("#/$defs/model", "layers", 1000, #"{"type":"dropout","rate":0}"#),
    ("#/$defs/record/properties/activations", "samples", 1000, "INDEX"),
  ]) func `lists have the greatest length that the decoder takes`(
    pointer: String, key: String, most: Int, element: String
  ) throws {
    let schema = try Self.schema()
    let place = try #require(SchemaPlace.all.first { $0.pointer == pointer })
    for (count, isGood) in [(most, true), (most + 1, false)] {
      let elements = (0..<count).map { element.replacing("INDEX", with: "\($0)") }
      let json = place.config(with: key, "[" + elements.joined(separator: ",") + "]")
      #expect(Self.decoderAccepts(json) == isGood)
      #expect(try Self.accepts(schema, json) == isGood)
    }
  }

  /// What the pairs of keys say that no key says alone.
  @Test(arguments: [
    #"{"loss":"huber","clip_norm":1,"global_clip_norm":1}"#,
    #"{"loss":"huber","learning_rate_schedule":"#
      + #"{"type":"cosine_decay","decay_steps":1,"warmup_steps":1}}"#,
    #"{"loss":"huber","optimizer":{"type":"sgd","beta_1":0.5}}"#,
  ]) func `pairs of keys that the decoder refuses`(training: String) throws {
    let json = ConfigErrorTests.config(training: training)
    #expect(!Self.decoderAccepts(json))
    #expect(try !Self.accepts(Self.schema(), json))
  }
}

extension JSONTree {
  /// The pointers of all schemas with `properties`.
  fileprivate func objectPointers(at pointer: String) -> [String] {
    (self["properties"] == nil ? [] : [pointer])
      + (members ?? [:]).flatMap { $0.value.objectPointers(at: "\(pointer)/\($0.key)") }
  }
}
