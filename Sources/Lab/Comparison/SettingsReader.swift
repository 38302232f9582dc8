import Crypto
import LabFormats

/// Reads the settings of one member of a configuration.
enum SettingsReader {
  /// Longer arrays, such as the data themselves, are told by their hash.
  private static let longestArray = 64

  /// Appends every setting below a value, in order.
  static func read(
    _ value: JSONValue, at path: String, into entries: inout [(String, Table.Cell)]
  ) {
    switch value.kind {
    case .object:
      for member in value.members {
        read(member.value, at: "\(path).\(member.key)", into: &entries)
      }
    case .array where path == "model.layers":
      for (number, layer) in value.elements.enumerated() {
        readLayer(layer, number: number, into: &entries)
      }
    default: entries.append((path, cell(value)))
    }
  }

  /// A layer's settings stand under its name.
  private static func readLayer(
    _ layer: JSONValue, number: Int, into entries: inout [(String, Table.Cell)]
  ) {
    let name = layer.members.first { $0.key == "name" }?.value.string ?? "layer_\(number)"
    for member in layer.members where member.key != "name" {
      read(member.value, at: "\(name).\(member.key)", into: &entries)
    }
  }

  private static func cell(_ value: JSONValue) -> Table.Cell {
    switch value.kind {
    case .null: return .null
    case .bool: return .text(value.bool == true ? "true" : "false")
    case .string: return .text(value.string ?? "")
    case .number:
      if let integer = value.integer { return .integer(integer) }
      return value.double.map(Table.Cell.real) ?? .null
    case .array, .object:
      let bytes = value.bytes
      guard bytes.count > longestArray else {
        return .text(String(decoding: bytes, as: UTF8.self))
      }
      return .text("inline " + SHA256.hash(data: Array(bytes)).hexadecimal.prefix(12))
    }
  }
}
