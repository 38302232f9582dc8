import LabFormats

/// What the schema and the page say of a value.
struct ValueForm: Sendable {
  /// The keywords of its JSON Schema.
  var keywords: [JSONTextMember]
  /// The allowed values in the words of the page.
  var words: String
  /// The objects that the value may be or hold.
  var objects: [ObjectDescription] = []

  init(_ keywords: KeyValuePairs<String, JSONText?>, words: String) {
    self.keywords = keywords.compactMap { key, value in value.map { JSONTextMember(key, $0) } }
    self.words = words
  }

  /// One of several forms.
  init(oneOf forms: [ValueForm], words: String) {
    self.init(["oneOf": .array(forms.map { .object($0.keywords) })], words: words)
    objects = forms.flatMap(\.objects)
  }

  /// One of several objects.
  init(oneOf objects: [ObjectDescription], words: String) {
    if objects.count == 1 {
      self.init([:], words: words)
      keywords = objects[0].reference
    } else {
      self.init(["oneOf": .array(objects.map { .object($0.reference) })], words: words)
    }
    self.objects = objects
  }

  /// An array of values of this form.
  func list(from least: Int? = nil, upTo most: Int? = nil, isSet: Bool = false) -> ValueForm {
    let limit = most.map { " of at most \($0)\(isSet ? " different" : "") values" } ?? ""
    var list = ValueForm(
      [
        "type": .string("array"), "minItems": least.map(JSONText.integer),
        "maxItems": most.map(JSONText.integer), "uniqueItems": isSet ? .bool(true) : nil,
        "items": .object(keywords),
      ], words: "an array\(limit): \(words)")
    list.objects = objects
    return list
  }

  /// Returns the form in other words.
  func told(_ words: String) -> ValueForm {
    var form = self
    form.words = words
    return form
  }
}

/// What the schema and the page say of an object.
struct ObjectDescription: Sendable {
  /// Its name among the schema's definitions; nil where it is written out where it stands.
  var name: String?
  /// The key and the value that name the form where it is one of several.
  var label: (key: String, value: String)?
  var about: String
  var fields: [FieldDescription]
  /// Keywords that tell what keys say together.
  var laws: [JSONTextMember]

  /// Its schema, or what refers to it.
  var reference: [JSONTextMember] {
    name.map { [JSONTextMember("$ref", .string("#/$defs/\($0)"))] } ?? keywords
  }

  /// Its schema.
  var keywords: [JSONTextMember] {
    let required = fields.filter(\.isRequired).map { JSONText.string($0.key) }
    return (about.isEmpty ? [] : [JSONTextMember("description", .string(about))])
      + [JSONTextMember("type", .string("object"))]
      + (required.isEmpty ? [] : [JSONTextMember("required", .array(required))]) + laws
      + [
        JSONTextMember(
          "properties", .object(fields.map { JSONTextMember($0.key, .object($0.keywords)) })),
        JSONTextMember("additionalProperties", .bool(false)),
      ]
  }

  /// Returns the object as the one that a key names.
  func told(by key: String, _ about: String, as label: String, prefix: String) -> Self {
    var object = self
    object.name = name ?? prefix + label
    object.label = (key, label)
    let form = ValueForm(["const": .string(label)], words: "`\(label)`")
    object.fields.insert(
      FieldDescription(key: key, about: about, form: form, absence: .refused), at: 0)
    return object
  }
}

/// What the schema and the page say of a key.
struct FieldDescription: Sendable {
  var key: String
  /// What it means, in a sentence.
  var about: String
  var form: ValueForm
  var absence: Absence

  var isRequired: Bool { if case .refused = absence { true } else { false } }

  /// The schema of its value; where that is an object, the key's meaning is the object's.
  var keywords: [JSONTextMember] {
    let about = about.isEmpty ? [] : [JSONTextMember("description", .string(about))]
    guard case .value(let value) = absence else { return about + form.keywords }
    return about + form.keywords + [JSONTextMember("default", value)]
  }
}

/// What it means that a key is absent.
enum Absence: Sendable {
  /// It must be there.
  case refused
  /// It has this value.
  case value(JSONText)
  /// It has what words say.
  case words(String)
}
