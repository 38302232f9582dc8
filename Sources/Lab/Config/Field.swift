import LabFormats
import Synchronization

/// Where the value of a key stands in what an object is read into.
typealias FieldPath<Object, Value> = any WritableKeyPath<Object, Value> & Sendable

/// A key of an object of the configuration, written once: how it is read, how the normalised form has
/// it, and what the schema and the page say of it.
///
/// A list of fields stands in the order in which keys are read, which is the order of problems and of
/// the keys that a message allows.
struct Field<Object: Sendable>: Sendable {
  let key: String
  /// Sets what the key says.
  fileprivate var read: @Sendable (ObjectReader, inout Object) -> Void
  /// Returns what is written of an object, nil for nothing; the second one has every default.
  fileprivate var text: @Sendable (Object, Object) -> JSONText?
  /// Describes the key; the object has every default.
  fileprivate var description: @Sendable (Object) -> FieldDescription
  /// The key behind which it is written, where that is not the order of reading.
  fileprivate var predecessor: String?
  /// Keywords of the object's schema: what keys say together.
  fileprivate var laws: [JSONTextMember] = []

  private init(
    _ key: String, read: @escaping @Sendable (ObjectReader, inout Object) -> Void,
    text: @escaping @Sendable (Object, Object) -> JSONText?,
    description: @escaping @Sendable (Object) -> FieldDescription
  ) {
    self.key = key
    self.read = read
    self.text = text
    self.description = description
  }
}

extension Field {
  /// A key with a default, which is what an object has before anything is read.
  ///
  /// - Parameter words: The default in words, where it depends on more than the object.
  init<Value: Sendable>(
    _ key: String, _ path: FieldPath<Object, Value>, _ rule: Rule<Value>,
    _ about: String = "", default words: String? = nil
  ) {
    self.init(key) { reader, object in
      if let value = reader.optional(key, rule) { object[keyPath: path] = value }
    } text: { object, _ in
      rule.text(object[keyPath: path])
    } description: { start in
      FieldDescription(
        key: key, about: about, form: rule.form(),
        absence: words.map(Absence.words) ?? .value(rule.text(start[keyPath: path])))
    }
  }

  /// A key that may be absent, which is nil and is not written; `words` say what that means.
  init<Value: Sendable>(
    optional key: String, _ path: FieldPath<Object, Value?>, _ rule: Rule<Value>,
    _ about: String = "", default words: String = "none"
  ) {
    self.init(key) { reader, object in
      if let value = reader.optional(key, rule) { object[keyPath: path] = value }
    } text: { object, _ in
      object[keyPath: path].map(rule.text)
    } description: { _ in
      FieldDescription(key: key, about: about, form: rule.form(), absence: .words(words))
    }
  }

  /// A key that must be there.
  ///
  /// - Parameter narrowed: The rule where the keys read before narrow it.
  init<Value: Sendable>(
    required key: String, _ path: FieldPath<Object, Value>, _ rule: Rule<Value>,
    narrowed: (@Sendable (Object) -> Rule<Value>)? = nil, _ about: String = ""
  ) {
    self.init(key) { reader, object in
      object[keyPath: path] = reader.required(key, narrowed?(object) ?? rule)
    } text: { object, _ in
      rule.text(object[keyPath: path])
    } description: { _ in
      FieldDescription(key: key, about: about, form: rule.form(), absence: .refused)
    }
  }

  /// A key that is read and means nothing.
  init<Value: Sendable>(ignored key: String, _ rule: Rule<Value>, _ about: String) {
    self.init(key) { reader, _ in
      _ = reader.optional(key, rule)
    } text: { _, _ in
      nil
    } description: { _ in
      FieldDescription(key: key, about: about, form: rule.form(), absence: .words("–"))
    }
  }
}

extension Field {
  /// The key, not written where it says what its absence says: so configurations keep their hash when
  /// a key is added to the program.
  var omittedAtDefault: Field {
    var field = self
    field.text = { object, start in
      let text = text(object, start)
      return text == self.text(start, start) ? nil : text
    }
    return field
  }

  /// The key, written only where a condition holds; its second argument has every default.
  func written(where isWritten: @escaping @Sendable (Object, Object) -> Bool) -> Field {
    var field = self
    field.text = { isWritten($0, $1) ? text($0, $1) : nil }
    return field
  }

  /// The key, of which schema and page say that it may be absent: other keys tell whether it may.
  func absent(_ words: String) -> Field {
    var field = self
    field.description = { start in
      var description = description(start)
      description.absence = .words(words)
      return description
    }
    return field
  }

  /// The key, written behind another one than the one read before.
  func written(after predecessor: String) -> Field {
    var field = self
    field.predecessor = predecessor
    return field
  }

  /// The key, followed by a look at all that was read.
  func then(_ check: @escaping @Sendable (ObjectReader, Object) -> Void) -> Field {
    var field = self
    field.read = { reader, object in
      read(reader, &object)
      check(reader, object)
    }
    return field
  }

  /// The key, refused beside another one that stands before it in the list.
  func excludes(_ other: String, next: String) -> Field {
    var field = then { reader, _ in
      guard reader.contains(other), reader.contains(key) else { return }
      reader.node.note("`\(other)` and `\(key)` exclude each other", next: next)
    }
    field.laws = [
      JSONTextMember("not", .object(["required": .array([.string(other), .string(key)])]))
    ]
    return field
  }

  /// The key, refused without another one.
  func needs(_ other: String, next: String) -> Field {
    var field = then { reader, _ in
      guard reader.contains(key), !reader.contains(other) else { return }
      reader.node.note("`\(reader.node.path(of: key))` has no `\(other)`", next: next)
    }
    field.laws = [
      JSONTextMember("dependentRequired", .object([JSONTextMember(key, .array([.string(other)]))]))
    ]
    return field
  }
}

extension Field {
  /// The key as one of the object that its object is a part of.
  func within<Whole: Sendable>(_ path: FieldPath<Whole, Object>) -> Field<Whole> {
    lifted({ $0[keyPath: path] }, { $0[keyPath: path] = $1 })
  }

  /// The key as one of an object that is of the part's case, as the object with every default is.
  func within<Whole: Sendable>(_ path: FieldPath<Whole, Object?>) -> Field<Whole> {
    lifted(
      { whole in
        guard let part = whole[keyPath: path] else {
          preconditionFailure("`\(key)` is not a key of \(whole)")
        }
        return part
      }, { $0[keyPath: path] = $1 })
  }

  private func lifted<Whole: Sendable>(
    _ part: @escaping @Sendable (Whole) -> Object,
    _ replace: @escaping @Sendable (inout Whole, Object) -> Void
  ) -> Field<Whole> {
    var field = Field<Whole>(key) { reader, whole in
      var object = part(whole)
      read(reader, &object)
      replace(&whole, object)
    } text: { whole, start in
      text(part(whole), part(start))
    } description: { start in
      description(part(start))
    }
    field.predecessor = predecessor
    field.laws = laws
    return field
  }
}

extension ObjectForm {
  /// An object with these keys.
  ///
  /// - Parameters:
  ///   - about: What it is, where no key's meaning says so.
  ///   - name: Its name among the schema's definitions; nil where it is written out where it stands.
  ///   - start: The object before anything is read: with every default.
  ///   - isOf: Whether a value has this form, where it is one of several.
  ///   - fields: The keys; made when they are first needed, since most programs need few.
  init(
    _ about: String = "", name: String? = nil, start: Value,
    isOf: @escaping @Sendable (Value) -> Bool = { _ in true },
    _ fields: @autoclosure @escaping @Sendable () -> [Field<Value>]
  ) {
    let fields = FieldList(fields)
    fallback = start
    read = { reader in
      var value = start
      for field in fields.read { field.read(reader, &value) }
      return value
    }
    optionalKeys = { fields.written.filter { $0.text(start, start) == nil }.map(\.key) }
    members = { value in
      guard isOf(value) else { return nil }
      return fields.written.compactMap { field in
        field.text(value, start).map { JSONTextMember(field.key, $0) }
      }
    }
    objects = {
      [
        ObjectDescription(
          name: name, about: about, fields: fields.read.map { $0.description(start) },
          laws: fields.read.flatMap(\.laws))
      ]
    }
  }
}

/// The fields of an object, made once, when they are first needed.
private final class FieldList<Object: Sendable>: Sendable {
  private typealias Orders = (read: [Field<Object>], written: [Field<Object>])

  private let make: @Sendable () -> [Field<Object>]
  private let made = Mutex<Orders?>(nil)

  init(_ make: @escaping @Sendable () -> [Field<Object>]) { self.make = make }

  /// The fields in the order of reading.
  var read: [Field<Object>] { orders.read }
  /// The fields in the order of writing.
  var written: [Field<Object>] { orders.written }

  private var orders: Orders {
    made.withLock { made in
      if let made { return made }
      let fields = make()
      let written = fields.filter { $0.predecessor == nil }.flatMap { field in
        [field] + fields.filter { $0.predecessor == field.key }
      }
      made = (fields, written)
      return (fields, written)
    }
  }
}
