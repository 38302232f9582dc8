/// The temporal order problem (Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, section
/// 5.6: task 6a with two signals, 6b with three).
///
/// T to T + T/10 symbols, each a 1 among eight features: E first, B last, the signals X or Y at two or
/// three places, and a, b, c or d elsewhere. The class is the signals' order. Places, counted from 0,
/// are drawn from T/10 … T/5 and T/2 … T/2 + T/10, or with three signals from T/10 … T/5,
/// T/3 … T/3 + T/10 and 2T/3 … 2T/3 + T/10, which for T = 100 are the paper's.
enum TemporalOrder {
  private static let symbols = GeneratorSource.Task.temporalOrderSymbols

  static func sample(
    length: Int, signals: Int, _ random: inout GeneratorRandom
  ) -> GeneratedSample {
    let steps = length + random.integer(below: length / 10 + 1)
    var symbol = [Int](repeating: 0, count: steps)  // the place in `symbols`
    for step in 1..<(steps - 1) { symbol[step] = 2 + random.integer(below: 4) }
    symbol[steps - 1] = 1
    var order = 0
    for range in places(length: length, signals: signals) {
      let place = random.integer(in: range)
      let signal = random.integer(below: 2)
      symbol[place] = 6 + signal
      order = 2 * order + signal
    }
    var sample = GeneratedSample(steps: steps, features: symbols.count)
    for (step, symbol) in symbol.enumerated() { sample.x[step * symbols.count + symbol] = 1 }
    sample.y = [Float(order)]
    return sample
  }

  private static func places(length: Int, signals: Int) -> [ClosedRange<Int>] {
    let tenth = length / 10
    let first = tenth...length / 5
    guard signals == 3 else { return [first, length / 2...length / 2 + tenth] }
    return [first, length / 3...length / 3 + tenth, 2 * length / 3...2 * length / 3 + tenth]
  }
}
