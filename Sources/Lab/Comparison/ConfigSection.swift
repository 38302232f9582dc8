import Foundation
import LabFormats

/// A top-level member of a stored configuration as text: `"key":value`.
///
/// The configuration is one line of normalised JSON, as `Config.normalised()` writes it; of a text
/// that is not, the rest is one member, which its reader then refuses.
struct ConfigSection: Hashable {
  private let text: [UInt8]
  private let keyCount: Int

  /// Cuts out the member that starts at a place of a configuration.
  init(_ config: Span<UInt8>, at start: Int) {
    let keyEnd = Self.end(of: config, from: start)
    let end = Self.end(of: config, from: min(keyEnd + 1, config.count))
    text = unsafe config.extracting(start..<end).withUnsafeBufferPointer { unsafe Array($0) }
    keyCount = keyEnd - start
  }

  /// The number of bytes.
  var count: Int { text.count }

  /// The key.
  var key: String { String(decoding: text.prefix(keyCount).dropFirst().dropLast(), as: UTF8.self) }

  /// The text of the value.
  var value: [UInt8] { Array(text.dropFirst(keyCount + 1)) }

  /// The value where it is a whole number, as each run's seed is, which needs no parser.
  var wholeNumber: Int? {
    let digits = text.dropFirst(keyCount + 1)
    guard digits.count <= 18, digits.first != Byte.zero, digits.allSatisfy(Byte.isDigit) else {
      return nil
    }
    return digits.isEmpty ? nil : digits.reduce(0) { 10 * $0 + Int($1 - Byte.zero) }
  }

  func hash(into hasher: inout Hasher) {
    // An array would be hashed byte by byte.
    unsafe text.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// Whether this very member starts at a place of a configuration and ends there.
  func stands(in config: Span<UInt8>, at start: Int) -> Bool {
    let end = start + text.count
    guard end < config.count, config[end] == Byte.comma || config[end] == Byte.closeBrace else {
      return false
    }
    return unsafe config.extracting(start..<end).withUnsafeBytes { here in
      unsafe text.withUnsafeBytes { there in
        guard let here = here.baseAddress, let there = there.baseAddress else { return false }
        return unsafe memcmp(here, there, text.count) == 0
      }
    }
  }

  /// The index after the value that starts at `start`.
  private static func end(of bytes: Span<UInt8>, from start: Int) -> Int {
    // Ten thousand runs have twenty megabytes of configurations, which are looked at byte by byte.
    unsafe bytes.withUnsafeBufferPointer { unsafe end(of: $0, from: start) }
  }

  private static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var depth = 0
    var index = start
    while index < bytes.count {
      let byte = unsafe bytes[index]
      // Letters, digits and whatever lies between them in ASCII means nothing here.
      if byte > Byte.comma, byte < Byte.openBracket || byte > Byte.closeBracket,
        byte < Byte.openBrace
      {
        index += 1
        continue
      }
      switch byte {
      case Byte.quote:
        index += 1
        while index < bytes.count, unsafe bytes[index] != Byte.quote {
          index += unsafe bytes[index] == Byte.backslash ? 2 : 1
        }
        if depth == 0 { return min(index + 1, bytes.count) }
      case Byte.openBrace, Byte.openBracket: depth += 1
      case Byte.closeBrace, Byte.closeBracket:
        if depth == 0 { return index }
        depth -= 1
        if depth == 0 { return index + 1 }
      case Byte.comma where depth == 0: return index
      default: break
      }
      index += 1
    }
    return bytes.count
  }
}
