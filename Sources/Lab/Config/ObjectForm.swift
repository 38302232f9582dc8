import LabFormats

/// How an object of the configuration is read and written: a list of fields, or a choice of lists.
struct ObjectForm<Value: Sendable>: Sendable {
  /// What stands in for an object that is not there.
  let fallback: Value
  /// Reads the members of an object.
  let read: @Sendable (ObjectReader) -> Value
  /// Returns the members to write in their order; nil for a value that does not have this form.
  let members: @Sendable (Value) -> [JSONTextMember]?
  /// Describes the objects that have this form.
  let objects: @Sendable () -> [ObjectDescription]
  /// Returns the keys that are not written where nothing is set, in the order of writing.
  var optionalKeys: @Sendable () -> [String] = { [] }

  /// Returns a value as JSON.
  func text(_ value: Value) -> JSONText {
    guard let members = members(value) else {
      preconditionFailure("no form is known for \(value)")
    }
    return .object(members)
  }

  /// Returns the form of a value that this one is made to.
  func map<Whole: Sendable>(
    _ make: @escaping @Sendable (Value) -> Whole, _ take: @escaping @Sendable (Whole) -> Value?
  ) -> ObjectForm<Whole> {
    ObjectForm<Whole>(
      fallback: make(fallback), read: { make(read($0)) }, members: { take($0).flatMap(members) },
      objects: objects, optionalKeys: optionalKeys)
  }
}

extension ObjectForm {
  /// One of several forms, which a key such as `type` names; where it names none, no other key is
  /// known to be wrong.
  ///
  /// - Parameters:
  ///   - prefix: What stands before the forms' names among the schema's definitions.
  ///   - fallback: What an object is that names no form; nil reads it like the first form.
  static func choice(
    by key: String, _ about: String, prefix: String = "", _ forms: [(name: String, form: Self)],
    fallback: Value?
  ) -> Self {
    let rule = Rule<String>.name(among: forms.map(\.name))
    return Self(
      fallback: fallback ?? forms[0].form.fallback,
      read: { reader in
        let name = reader.required(key, rule)
        if !reader.isSound {
          reader.acceptAnyKey()
          if let fallback { return fallback }
        }
        return (forms.first { $0.name == name } ?? forms[0]).form.read(reader)
      },
      members: { value in
        forms.lazy.compactMap { name, form in
          form.members(value).map { [JSONTextMember(key, .string(name))] + $0 }
        }.first
      },
      objects: {
        forms.flatMap { name, form in
          form.objects().map { $0.told(by: key, about, as: name, prefix: prefix) }
        }
      })
  }
}

extension Rule {
  /// An object of a form; unknown keys are refused.
  ///
  /// - Parameter words: What the page says of it.
  static func object(_ form: ObjectForm<Value>, _ words: String = "an object") -> Rule {
    Rule(
      allowed: "an object { … }", fallback: form.fallback,
      form: ValueForm(oneOf: form.objects(), words: words)
    ) { node in
      guard node.value.kind == .object else { return nil }
      let reader = ObjectReader(node)
      let value = form.read(reader)
      reader.finish()
      return value
    } text: {
      form.text($0)
    }
  }
}
