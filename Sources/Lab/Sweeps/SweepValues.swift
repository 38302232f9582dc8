import Foundation
import LSTMEngine
import LabFormats

/// The values that a sweep gives a setting: a list, or a range.
package enum SweepValues: Equatable, Sendable {
  /// Values as they are written: JSON, or else texts.
  case list([String])
  /// Whole numbers from one to another.
  case whole(ClosedRange<Int>)
  /// Any numbers from one to another, drawn evenly, or evenly by their logarithms.
  case real(from: Double, to: Double, isLogarithmic: Bool)

  /// More values than any sweep has.
  private static let most = 10_000

  /// Reads `a,b,c`, `lo..hi`, `lo..hi:step`, `lo..hi:log` or `lo..hi:log7`.
  init(_ text: String, of name: String) throws(LabError) {
    guard let range = text.firstRange(of: "..") else {
      let parts = Self.parts(of: text)
      guard !parts.contains("") else {
        throw Self.refusal(text, of: name, "has an empty value")
      }
      if let again = parts.indices.first(where: { parts[..<$0].contains(parts[$0]) }) {
        throw Self.refusal(text, of: name, "has \(Visible.line(parts[again])) twice")
      }
      self = .list(parts)
      return
    }
    let rest = text[range.upperBound...]
    let colon = rest.firstIndex(of: ":")
    let (first, last) = (
      String(text[..<range.lowerBound]), String(rest[..<(colon ?? rest.endIndex)])
    )
    let way = colon.map { String(rest[rest.index(after: $0)...]) }
    guard let low = Double(first), let high = Double(last), low.isFinite, high.isFinite, low < high
    else { throw Self.refusal(text, of: name, "is no rising range of numbers") }
    let whole = Int(first).flatMap { first in Int(last).flatMap { Self.whole(first, $0) } }
    try self.init(low, high, way, whole: whole) { Self.refusal(text, of: name, $0) }
  }

  private init(
    _ low: Double, _ high: Double, _ way: String?, whole: ClosedRange<Int>?,
    _ refusal: (String) -> LabError
  ) throws(LabError) {
    if way?.hasPrefix("log") == true, low <= 0 {
      throw refusal("has no logarithms: it does not begin above 0")
    }
    switch way {
    case nil:
      self = whole.map(SweepValues.whole) ?? .real(from: low, to: high, isLogarithmic: false)
    case "log": self = .real(from: low, to: high, isLogarithmic: true)
    case let way? where way.hasPrefix("log"):
      guard let count = Int(way.dropFirst(3)), (2...Self.most).contains(count) else {
        throw refusal("names no number of values from 2 to \(Self.most)")
      }
      self = .list(
        (0..<count).map { number in
          Self.text(
            Self.between(low, high, Double(number) / Double(count - 1), isLogarithmic: true))
        })
    case let way?:
      guard let step = Double(way), step.isFinite, step > 0 else {
        throw refusal("has a step that is no number above 0")
      }
      // A step more than fits only by rounding does not fit.
      let count = ((high - low) / step * (1 + 1e-12)).rounded(.down) + 1
      guard count <= Double(Self.most) else {
        throw refusal("has more than \(Self.most) values")
      }
      self = .list((0..<Int(count)).map { Self.text(low + Double($0) * step) })
    }
  }

  /// The whole numbers from one to another; nil where there are none, or more than can be counted.
  private static func whole(_ first: Int, _ last: Int) -> ClosedRange<Int>? {
    let (distance, isBeyond) = last.subtractingReportingOverflow(first)
    return isBeyond || !(0..<Int.max).contains(distance) ? nil : first...last
  }

  private static func refusal(_ text: String, of name: String, _ why: String) -> LabError {
    LabError(
      .usage, "`\(Visible.line(text))` of `\(Visible.line(name))` \(why)", where: "--set",
      next: "write values, or a range: 4,8,16 · 4..16 · 0.1..0.5:0.1 · 1e-4..1e-1:log7 · "
        + "with --random also 1e-4..1e-1:log")
  }

  /// The parts between commas that stand in no brackets and no quotes.
  private static func parts(of text: String) -> [String] {
    var parts = [""], depth = 0, isQuoted = false, isEscaped = false
    for scalar in text.unicodeScalars {
      if scalar == ",", depth == 0, !isQuoted {
        parts.append("")
        continue
      }
      parts[parts.count - 1].unicodeScalars.append(scalar)
      if isQuoted {
        if !isEscaped, scalar == "\"" { isQuoted = false }
        isEscaped = !isEscaped && scalar == "\\"
      } else if scalar == "\"" {
        isQuoted = true
      } else if "[{".has(scalar) {
        depth += 1
      } else if "]}".has(scalar) {
        depth -= 1
      }
    }
    return parts.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

extension SweepValues {
  /// All values, for a grid; nil where there is no end of them.
  var all: [String]? {
    switch self {
    case .list(let values): values
    case .whole(let range): range.count <= Self.most ? range.map { "\($0)" } : nil
    case .real: nil
    }
  }

  /// The value at a place from 0 to 1, as a random sweep draws it.
  func value(at place: Double) -> String {
    switch self {
    case .list(let values):
      return values[min(values.count - 1, Int(place * Double(values.count)))]
    case .whole(let range):
      let count = Double(range.count)
      return "\(range.lowerBound + min(range.count - 1, Int(place * count)))"
    case .real(let low, let high, let isLogarithmic):
      return Self.text(Self.between(low, high, place, isLogarithmic: isLogarithmic))
    }
  }

  private static func between(
    _ low: Double, _ high: Double, _ place: Double, isLogarithmic: Bool
  ) -> Double {
    guard isLogarithmic else { return low + (high - low) * place }
    let (a, b) = (ElementaryFunctions.log(low), ElementaryFunctions.log(high))
    return min(high, max(low, ElementaryFunctions.exp(a + (b - a) * place)))
  }

  /// A number with six digits, which hide the last bits of a calculation: every machine has the same.
  private static func text(_ value: Double) -> String {
    let digits = String(format: "%.6g", locale: nil, value)
    return Double(digits).map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
      ?? digits
  }

  /// The values as `sweep.json` has them.
  var json: JSONText {
    switch self {
    case .list(let values): .array(values.map { JSONText(json: $0) })
    case .whole(let range):
      .object(["from": .integer(range.lowerBound), "to": .integer(range.upperBound)])
    case .real(let low, let high, let isLogarithmic):
      .object([
        "from": .real(low), "to": .real(high), "scale": .string(isLogarithmic ? "log" : "linear"),
      ])
    }
  }

  /// Reads what ``json`` writes.
  init(_ node: JSONValue, of name: String) throws(LabError) {
    func refuse(_ what: String) -> LabError {
      LabError(
        .data, "`set.\(Visible.line(name))` \(what)", where: node.place,
        next:
          "write an array of values, or {\"from\": a, \"to\": b, \"scale\": \"linear\" or \"log\"}")
    }
    switch node.kind {
    case .array:
      let values = node.elements.map { value in
        // A text that is no JSON means itself without its quotes, as on the command line.
        value.string.flatMap { JSONText(json: $0) == .string($0) ? $0 : nil }
          ?? String(decoding: value.bytes, as: UTF8.self)
      }
      guard !values.isEmpty, values.count <= Self.most, Set(values).count == values.count else {
        throw refuse("has no values, one of them twice, or more than \(Self.most)")
      }
      self = .list(values)
    case .object:
      let known = ["from", "to", "scale"]
      guard node.members.allSatisfy({ known.contains($0.key) }),
        let from = node.members.first(where: { $0.key == "from" })?.value,
        let to = node.members.first(where: { $0.key == "to" })?.value,
        let low = from.double, let high = to.double, low < high
      else { throw refuse("is no rising range of numbers") }
      let scale = node.members.first { $0.key == "scale" }?.value
      switch scale?.string {
      case "log" where low > 0: self = .real(from: low, to: high, isLogarithmic: true)
      case "linear", nil:
        if let first = from.integer, let last = to.integer, scale == nil,
          let range = Self.whole(first, last)
        {
          self = .whole(range)
        } else {
          self = .real(from: low, to: high, isLogarithmic: false)
        }
      default: throw refuse("has another scale, or logarithms of what is not above 0")
      }
    default: throw refuse("is \(node.kind.phrase)")
    }
  }
}
