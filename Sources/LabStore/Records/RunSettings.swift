import Crypto
package import Foundation
import GRDB
package import LabFormats

/// What a run was set to when it was created, read from its normalised configuration.
package struct RunSettings {
  /// SHA-256 of the configuration without what describes a run, tells it from its siblings or says
  /// where a file lies, in lower-case hexadecimal: see ``text(of:)``.
  package let hash: String
  /// The leaves of the configuration by path, without name, tags and notes.
  let entries: [(path: String, value: DatabaseValue)]
  /// The names of the layers that training does not change.
  let frozenLayers: [String]
  /// Whether the first weights are read from a file.
  let readsInitialWeights: Bool

  /// Reads a configuration.
  package init(config: String) throws(LabError) {
    let root = try JSONDocument(config, source: "stored configuration").root
    hash = SHA256.hash(data: Self.text(of: root)).hexadecimal
    var entries: [(path: String, value: DatabaseValue)] = []
    for member in root.members where !["name", "tags", "notes"].contains(member.key) {
      Self.read(member.value, at: member.key, into: &entries)
    }
    self.entries = entries
    let model = root.member("model")
    readsInitialWeights = model?.member("initial_weights") != nil
    frozenLayers =
      (model?.member("layers")?.elements).map { layers in
        layers.filter { $0.member("trainable")?.bool == false }
          .compactMap { $0.member("name")?.string }
      } ?? []
  }

  /// The hash of first weights, where they are not drawn from the seed: those of a file, or of the
  /// epoch that a fork begins with.
  ///
  /// - Parameter weights: Those of the first epoch, in canonical order, without those that were drawn
  ///   beside a file's; nil where it stored none.
  func initialHash(of weights: @autoclosure () throws -> [Data]?, isFork: Bool) rethrows -> String?
  {
    guard isFork || readsInitialWeights, let weights = try weights() else { return nil }
    return initialHash(of: weights)
  }

  /// The hash of first weights of a file, likewise.
  package func initialHash(of weights: [Data]) -> String {
    var hasher = SHA256()
    for tensor in weights { hasher.update(data: tensor) }
    return hasher.finalize().hexadecimal
  }
}

// MARK: The hash

extension RunSettings {
  /// Members of a configuration that are no settings.
  private static let descriptions: Set<String> = [
    "name", "tags", "notes", "seed", "record", "data.validation.fold",
  ]
  /// Members of a source of samples that are paths where they are texts.
  private static let files = ["x", "y", "lengths", "ts", "csv", "text"]
  /// Where the texts of paths stand.
  private static let paths = Set(
    ["model.initial_weights", "model.initial_weights.file"]
      + ["train", "validation", "test"].flatMap { part in files.map { "data.\(part).\($0)" } })

  /// The configuration without ``descriptions``, and with an empty text for each path.
  private static func text(of root: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    write(root, at: "", to: &bytes)
    return bytes
  }

  private static func write(_ value: JSONValue, at path: String, to bytes: inout [UInt8]) {
    guard value.kind == .object else {
      bytes += value.kind == .string && paths.contains(path) ? Array("\"\"".utf8)[...] : value.bytes
      return
    }
    bytes.append(Byte.openBrace)
    var separator: [UInt8] = []
    for member in value.members {
      let place = path.isEmpty ? member.key : "\(path).\(member.key)"
      guard !descriptions.contains(place) else { continue }
      bytes += separator + member.keyValue.bytes + [Byte.colon]
      write(member.value, at: place, to: &bytes)
      separator = [Byte.comma]
    }
    bytes.append(Byte.closeBrace)
  }
}

// MARK: The settings one by one

extension RunSettings {
  /// Longer arrays, such as the data themselves, are told by their hash.
  private static let longestArray = 64

  /// Appends every leaf below a value, in order; objects in an array are told by their number.
  private static func read(
    _ value: JSONValue, at path: String, into entries: inout [(path: String, value: DatabaseValue)]
  ) {
    switch value.kind {
    case .object:
      for member in value.members {
        read(member.value, at: "\(path).\(member.key)", into: &entries)
      }
    case .array where value.elements.contains { $0.kind == .object }:
      for (number, element) in value.elements.enumerated() {
        read(element, at: "\(path).\(number)", into: &entries)
      }
    default: entries.append((path, leaf(value)))
    }
  }

  private static func leaf(_ value: JSONValue) -> DatabaseValue {
    switch value.kind {
    case .null: return .null
    case .bool: return (value.bool == true ? 1 : 0).databaseValue
    case .string: return (value.string ?? "").databaseValue
    case .number:
      return value.integer?.databaseValue ?? value.double?.databaseValue ?? .null
    case .array, .object:
      let bytes = value.bytes
      guard bytes.count > longestArray else {
        return String(decoding: bytes, as: UTF8.self).databaseValue
      }
      return "inline \(SHA256.hash(data: bytes).hexadecimal.prefix(12))".databaseValue
    }
  }
}

extension JSONValue {
  fileprivate func member(_ key: String) -> JSONValue? { members.first { $0.key == key }?.value }
}
