import LSTMEngine
import LabFormats

/// The loss of one row of an output as a formula, with the numbers put in.
///
/// As in Keras, a crossentropy takes the logits z of a sigmoid or softmax layer and applies the
/// function that belongs to the loss itself; of any other output it takes what is kept off 0 and 1.
struct LossExplanation {
  private let loss: Loss
  private let target: [Float]
  /// What the loss's formula reads: the output y, or q, which is made of it.
  private let read: [Float]
  private let making: Making

  /// How q is made.
  private enum Making: Equatable {
    /// There is no q, y is read itself.
    case none
    case ofLogits(Activation)
    case ofOutput(isNormalized: Bool)
  }

  /// Explains a row of what a network made of a sequence.
  ///
  /// - Parameter last: The network's last layer.
  init(
    _ loss: Loss, of trace: SequenceTrace, row: Int, target: [Float], last: LayerSpecification,
    _ network: NetworkInspection
  ) {
    self.loss = loss
    self.target = target
    let y = trace.output[row]
    making = Self.making(loss, last)
    switch making {
    case .none: read = y
    case .ofLogits(let activation):
      read = network.apply(
        activation, to: trace.layers[trace.layers.count - 1].sums[0].values[row])
    case .ofOutput(let isNormalized):
      let sum = y.reduce(0, +)
      read = y.map { min(max(isNormalized ? $0 / sum : $0, Self.epsilon), 1 - Self.epsilon) }
    }
  }

  /// Keras's ε.
  private static let epsilon: Float = 1e-7

  private static func making(_ loss: Loss, _ last: LayerSpecification) -> Making {
    guard loss.isCrossentropy else { return .none }
    let own = loss == .binaryCrossentropy ? Activation.sigmoid : .softmax
    if case .dense(let dense) = last.kind {
      if dense.activation == own { return .none }
      if dense.activation == .sigmoid || dense.activation == .softmax { return .ofLogits(own) }
    }
    return .ofOutput(isNormalized: loss == .categoricalCrossentropy)
  }

  /// Adds what the loss reads, its formula, and the numbers in it.
  func add(to formula: inout ExplanationText.Formula, result: String) {
    if let (plain, latex) = made {
      formula.add(
        "q = \(plain) = [\(Self.list(read.map(Self.plain), ", "))]",
        "q &= \(latex) = [\(Self.list(read.map(Self.latex), ",\\ "))]")
    }
    let (plain, latex) = equation
    formula.add("loss = \(plain)", "L &= \(latex)")
    if let numbers {
      formula.add("    = \(numbers.plain) = \(result)", "&= \(numbers.latex) = \(result)")
    } else {
      formula.add("    = \(result)", "&= \(result)")
    }
  }

  private var made: (plain: String, latex: String)? {
    switch making {
    case .none: nil
    case .ofLogits(let activation): (activation.plain("z"), activation.latex("z"))
    case .ofOutput(let isNormalized):
      (
        (isNormalized ? "y / Σ y" : "y") + ", kept 1e-07 off 0 and 1",
        (isNormalized ? "y / \\sum y" : "y") + ",\\ \\text{kept } 10^{-7} \\text{ off 0 and 1},"
      )
    }
  }

  private var equation: (plain: String, latex: String) {
    let n = read.count, y = making == .none ? "y" : "q"
    let mean = n == 1 ? "" : "1/\(n)·Σ "
    let latexMean = n == 1 ? "" : "\\frac{1}{\(n)} \\sum "
    switch loss {
    case .binaryCrossentropy:
      return (
        "-\(mean)(t ln \(y) + (1 - t) ln(1 - \(y)))",
        "-\(latexMean)\\big(t \\ln \(y) + (1 - t) \\ln(1 - \(y))\\big)"
      )
    case .categoricalCrossentropy: return ("-Σ t ln \(y)", "-\\sum t \\ln \(y)")
    case .sparseCategoricalCrossentropy where dividesBySum:
      return ("ln Σ q - ln q[c], c the target's class", "\\ln \\sum q - \\ln q_c")
    case .sparseCategoricalCrossentropy:
      return ("-ln \(y)[c], c the target's class", "-\\ln \(y)_c")
    case .meanSquaredError: return ("\(mean)(t - y)²", "\(latexMean)(t - y)^2")
    case .meanAbsoluteError: return ("\(mean)|t - y|", "\(latexMean)|t - y|")
    case .huber:
      return (
        "\(mean)(e²/2 where |e| ≤ 1, else |e| - 1/2), e = t - y",
        "\(latexMean)\\begin{cases} e^2/2 & |e| \\le 1 \\\\ |e| - 1/2 \\end{cases}"
      )
    }
  }

  /// Whether the loss of a class is divided by the sum of all, which is not 1.
  private var dividesBySum: Bool { making == .ofOutput(isNormalized: false) }
}

// MARK: Numbers

extension LossExplanation {
  /// The formula with its numbers, for targets of zeros and ones or few outputs.
  private var numbers: (plain: String, latex: String)? {
    let n = read.count
    guard n <= 6 else { return nil }
    let factor = n == 1 ? "" : "1/\(n)·"
    let latexFactor = n == 1 ? "" : "\\frac{1}{\(n)} "
    switch loss {
    case .binaryCrossentropy where target.allSatisfy({ $0 == 0 || $0 == 1 }):
      guard let logs = logarithms(zip(target, read).map { (isRest: $0 == 0, value: $1) }) else {
        return nil
      }
      return (
        "-\(factor)(" + logs.map(\.plain).joined(separator: " + ") + ")",
        "-\(latexFactor)\\big(" + logs.map(\.latex).joined(separator: " + ") + "\\big)"
      )
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy: return numbersOfClass
    case .meanSquaredError:
      let terms = zip(target, read).map { "(\(Notation.number($0)) - \(Notation.factor($1)))" }
      return (
        factor + "(" + terms.map { $0 + "²" }.joined(separator: " + ") + ")",
        latexFactor + "\\big(" + terms.map { $0 + "^2" }.joined(separator: " + ") + "\\big)"
      )
    case .meanAbsoluteError:
      let terms = zip(target, read).map { "|\(Notation.number($0)) - \(Notation.factor($1))|" }
      return (
        factor + "(" + terms.joined(separator: " + ") + ")",
        latexFactor + "\\big(" + terms.joined(separator: " + ") + "\\big)"
      )
    default: return nil
    }
  }

  private var numbersOfClass: (plain: String, latex: String)? {
    guard let hot = target.firstIndex(of: 1), target.filter({ $0 != 0 }).count == 1,
      let logs = logarithms([(false, read.reduce(0, +)), (false, read[hot])])
    else { return nil }
    return dividesBySum
      ? ("\(logs[0].plain) - \(logs[1].plain)", "\(logs[0].latex) - \(logs[1].latex)")
      : ("-\(logs[1].plain)", "-\(logs[1].latex)")
  }

  /// `ln(y)`, or `ln(1 - y)` of the rest; nil where one is of nothing, which the loss's own way with
  /// logits does not come by.
  private func logarithms(
    _ terms: [(isRest: Bool, value: Float)]
  ) -> [(plain: String, latex: String)]? {
    guard terms.allSatisfy({ $0.isRest ? $0.value < 1 : $0.value > 0 }) else { return nil }
    return terms.map { isRest, value in
      // Close to 1 four decimals of y would say nothing of what is left.
      let isWritten = isRest && 1 - value > 1e-3
      let shown = isRest && !isWritten ? 1 - value : value
      let one = isWritten ? "1 - " : ""
      return ("ln(\(one)\(Self.plain(shown)))", "\\ln(\(one)\(Self.latex(shown)))")
    }
  }

  /// A number above zero: four decimals, or an exponent.
  private static func plain(_ value: Float) -> String { NumberText.metric(Double(value)) }

  private static func latex(_ value: Float) -> String {
    let parts = plain(value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return plain(value) }
    return "\(parts[0]) \\cdot 10^{\(exponent)}"
  }

  /// The first eight of a list; the rest is counted.
  private static func list(_ texts: [String], _ separator: String) -> String {
    let left = texts.count - 8
    return (texts.prefix(8) + (left > 0 ? ["… \(left) more"] : [])).joined(separator: separator)
  }
}
