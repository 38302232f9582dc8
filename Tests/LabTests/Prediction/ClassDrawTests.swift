import LSTMEngine
import Testing

@testable import Lab

/// Which class is drawn: by the probabilities of softmax, as a function of seed and position.
@Suite struct ClassDrawTests {
  /// A model of one dense layer, whose softmax is that of training.
  private static func softmax(_ level: String) throws -> ([Float]) -> [Float] {
    let kernels = try #require(Kernels(level: level))
    let network = NetworkInspection(
      [LayerSpecification(name: "dense", kind: .dense(DenseSpecification(units: 1)))],
      features: 1, weights: [[1], [0]], kernels: kernels)
    return { network.apply(.softmax, to: $0) }
  }

  private static func logits(_ count: Int, seed: UInt64, spread: Double = 4) -> [Float] {
    var random = CounterRandom(seed: seed)
    return (0..<count).map { _ in Float((Double(random.next() % 2001) / 1000 - 1) * spread) }
  }

  /// Pearson's statistic of 100,000 draws against eᶻ/Σeᶻ in float64 by series of its own; the bound is
  /// the 0.9999 quantile for 19 degrees of freedom (scipy.stats.chi2.ppf), which these seeds keep below.
  @Test(arguments: [(1.0, UInt64(1)), (0.5, 2), (2, 3)])
  func `draws have the frequencies of softmax`(temperature: Double, seed: UInt64) throws {
    let logits = Self.logits(20, seed: seed, spread: 1.5)
    let draw = ClassDraw(
      temperature: Float(temperature), seed: Int(seed), softmax: try Self.softmax("portable"))
    let count = 100_000
    var counts = [Int](repeating: 0, count: 20)
    let probabilities = draw.probabilities(logits)
    #expect(draw.draw(logits, at: 77) == draw.pick(by: probabilities, at: 77))
    for position in 0..<count { counts[draw.pick(by: probabilities, at: position)] += 1 }
    let weights = logits.map { Self.exp(Double($0) / temperature) }
    let total = weights.reduce(0, +)
    let statistic = zip(counts, weights).reduce(0.0) { sum, pair in
      let expected = Double(count) * pair.1 / total
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
    #expect(statistic < 50.8, "\(statistic)")
    // It would notice another temperature.
    let other = logits.map { Self.exp(Double($0) / temperature * 0.9) }
    let away = zip(counts, other).reduce(0.0) { sum, pair in
      let expected = Double(count) * pair.1 / other.reduce(0, +)
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
    #expect(away > 50.8, "\(away)")
  }

  /// eˣ by halving and its power series.
  private static func exp(_ x: Double) -> Double {
    var sum = 1.0, term = 1.0
    for n in 1..<30 {
      term *= x / 64 / Double(n)
      sum += term
    }
    return (0..<6).reduce(sum) { power, _ in power * power }
  }

  @Test(arguments: Kernels.available) func `every level draws the same`(level: String) throws {
    let softmax = try Self.softmax("portable"), other = try Self.softmax(level)
    for temperature in [Float(0), 0.001, 0.3, 1, 7, 1000] {
      for seed in 0..<20 {
        let logits = Self.logits(33, seed: UInt64(seed), spread: 30)
        let one = ClassDraw(temperature: temperature, seed: seed, softmax: softmax)
        let two = ClassDraw(temperature: temperature, seed: seed, softmax: other)
        #expect(one.probabilities(logits) == two.probabilities(logits))
        for position in 0..<50 {
          #expect(one.draw(logits, at: position) == two.draw(logits, at: position))
        }
      }
    }
  }

  /// The order of draws does not matter, and another seed is another text.
  @Test func `a draw is a function of seed and position`() throws {
    let softmax = try Self.softmax("portable")
    let logits = Self.logits(50, seed: 9)
    let draw = ClassDraw(temperature: 1, seed: 4, softmax: softmax)
    let forward = (0..<200).map { draw.draw(logits, at: $0) }
    let backward = (0..<200).reversed().map { draw.draw(logits, at: $0) }
    #expect(forward == backward.reversed())
    let other = ClassDraw(temperature: 1, seed: 5, softmax: softmax)
    #expect(forward != (0..<200).map { other.draw(logits, at: $0) })
  }

  @Test func `temperature 0 takes the greatest, of equals the first`() throws {
    let draw = ClassDraw(temperature: 0, seed: 1, softmax: try Self.softmax("portable"))
    for seed in 0..<200 {
      var logits = Self.logits(12, seed: UInt64(seed))
      let greatest = logits.max() ?? 0
      let first = logits.firstIndex(of: greatest) ?? 0
      #expect(draw.draw(logits, at: seed) == first)
      logits.append(greatest)
      #expect(draw.draw(logits, at: seed) == first)
      #expect(draw.probabilities(logits)[first] == 1)
    }
    // It is where small temperatures lead.
    let cold = ClassDraw(temperature: 0.001, seed: 1, softmax: try Self.softmax("portable"))
    #expect(cold.draw([0.5, 2, 1], at: 0) == 1)
  }

  @Test(arguments: [Float(0.001), 0.1, 1, 1000])
  func `no logits are too far apart`(temperature: Float) throws {
    let softmax = try Self.softmax("portable")
    let draw = ClassDraw(temperature: temperature, seed: 1, softmax: softmax)
    for logits: [Float] in [[3e38, -3e38, 0], [-3e38, -3e38], [0, 1e-30, 1e30]] {
      let probabilities = draw.probabilities(logits)
      #expect(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6)
      for position in 0..<20 { #expect(probabilities[draw.draw(logits, at: position)] > 0) }
    }
  }
}
