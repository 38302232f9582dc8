import LSTMEngine
import LabFormats

/// How numbers and symbols are written in a calculation.
enum Notation {
  /// An input or a target: whole numbers as such, others with four decimals.
  static func value(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e6 ? Int(value).description : number(value)
  }

  /// A number with four decimals.
  static func number(_ value: Float) -> String { NumberText.number(Double(value)) }

  /// A number as a factor or a later term: negative ones in brackets.
  static func factor(_ value: Float) -> String { bracketed(number(value)) }

  /// An input as a factor.
  static func valueFactor(_ value: Float) -> String { bracketed(Self.value(value)) }

  private static func bracketed(_ text: String) -> String {
    text.hasPrefix("-") ? "(\(text))" : text
  }

  /// Numbers in square brackets; beyond `limit` the rest is counted.
  static func vector(_ values: [Float], limit: Int = 8) -> String {
    let shown = texts(values.prefix(limit)).joined(separator: ", ")
    let left = values.count - limit
    return "[" + shown + (left > 0 ? ", … \(left) more" : "") + "]"
  }

  /// Whole numbers as such where all are whole.
  private static func texts(_ values: ArraySlice<Float>) -> [String] {
    values.allSatisfy { $0 == $0.rounded() } ? values.map(value) : values.map(number)
  }

  /// The same in LaTeX.
  static func latexVector(_ values: [Float], limit: Int = 8) -> String {
    let shown = texts(values.prefix(limit)).joined(separator: ",\\ ")
    let left = values.count - limit
    return "[" + shown + (left > 0 ? ",\\ \\dots\\ \\text{\(left) more}" : "") + "]"
  }

  /// A whole number in subscript: `₋₁`, `₁₂`.
  static func subscript_(_ number: Int) -> String {
    let digits = Array("₀₁₂₃₄₅₆₇₈₉")
    return String(
      "\(number)".map { $0 == "-" ? "₋" : $0.wholeNumberValue.map { digits[$0] } ?? $0 })
  }
}

extension Activation {
  /// The function applied to a text: `σ(…)`; the identity is the text itself.
  func plain(_ text: String) -> String {
    switch self {
    case .linear: text
    case .sigmoid: "σ(\(text))"
    case .tanh, .relu, .softmax: "\(rawValue)(\(text))"
    }
  }

  /// The same in LaTeX.
  func latex(_ text: String) -> String {
    switch self {
    case .linear: text
    case .sigmoid: "\\sigma(\(text))"
    case .tanh: "\\tanh(\(text))"
    case .relu, .softmax: "\\mathrm{\(rawValue)}(\(text))"
    }
  }
}

/// A sum of products with its biases: a row of W·[h, x] + b.
struct WeightedSum {
  let weights: [Float]
  let values: [Float]
  let constants: [Float]

  /// The most terms that are written out; of more, the first and the last.
  private static let shown = 12

  private func terms(_ product: (String, String) -> String, dots: String) -> [String] {
    let all = zip(weights, values).map {
      product(Notation.factor($0), Notation.valueFactor($1))
    }
    let biases = constants.map(Notation.factor)
    guard all.count > Self.shown else { return all + biases }
    return all.prefix(6) + [dots.replacing("N", with: "\(all.count - 9)")] + all.suffix(3) + biases
  }

  /// `0.1000·2.0000 + (-0.2000)·1.0000 + 0.3000`
  var plain: String { terms({ "\($0)·\($1)" }, dots: "… N terms …").joined(separator: " + ") }

  /// Lines of four terms each.
  func latexLines() -> [String] {
    let terms = terms({ "\($0) \\cdot \($1)" }, dots: "\\dots N\\text{ terms}\\dots")
    return stride(from: 0, to: terms.count, by: 4).map { start in
      (start == 0 ? "" : "+ ")
        + terms[start..<min(start + 4, terms.count)].joined(separator: " + ")
    }
  }
}
