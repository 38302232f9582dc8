import LSTMEngine

/// Draws one of several classes by their logits: a function of these, a seed and a position alone, with
/// the same result on every machine.
struct ClassDraw {
  /// What differences between logits are divided by; 0 takes the greatest.
  let temperature: Float
  private let stream: RandomStream
  private let softmax: ([Float]) -> [Float]

  /// Takes the seed of the draws.
  ///
  /// - Parameter softmax: eᶻ over its sum, as the model computes it.
  init(temperature: Float, seed: Int, softmax: @escaping ([Float]) -> [Float]) {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    self.temperature = temperature
    stream = RandomStream(seed: UInt64(seed), purpose: .generatedText, number: 0)
    self.softmax = softmax
  }

  /// Differences beyond this one are the same probability, 0.
  private static let leastDifference: Float = -1000

  /// Returns how likely each class is: softmax((z − max z) / temperature), which at 1 has the bits of
  /// softmax(z), because that subtracts the maximum first; at 0 the greatest is certain, of equals the
  /// first.
  func probabilities(_ logits: [Float]) -> [Float] {
    let first = firstGreatest(of: logits.count) { logits[$0] }
    guard temperature > 0 else { return logits.indices.map { $0 == first ? 1 : 0 } }
    return softmax(
      logits.map { max(($0 - logits[first]) / temperature, Self.leastDifference) })
  }

  /// Returns the class that is drawn at a position by its logits.
  func draw(_ logits: [Float], at position: Int) -> Int {
    pick(by: probabilities(logits), at: position)
  }

  /// Returns the class that is drawn at a position: the first one at which the sum of probabilities, in
  /// order and float64, is above u times that of all, where u is the position's uniform number.
  func pick(by probabilities: [Float], at position: Int) -> Int {
    let limit = stream.uniform(position) * probabilities.reduce(0) { $0 + Double($1) }
    var sum = 0.0
    for (number, probability) in probabilities.enumerated() {
      sum += Double(probability)
      if sum > limit { return number }
    }
    // u is below 1, so rounding alone leads here.
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }
}
