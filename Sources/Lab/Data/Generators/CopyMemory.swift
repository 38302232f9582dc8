/// The copying memory problem (Arjovsky, Shah and Bengio, Unitary Evolution Recurrent Neural
/// Networks, 2016, section 5.1, after Hochreiter and Schmidhuber, 1997).
///
/// T steps, each a 1 among ten features: K of eight symbols, blanks, a delimiter at step T − K − 1, and
/// K blanks. The target of a step is a class: blank up to the delimiter, then the K symbols in order.
/// The paper's own T, the time to remember, is ours less 2K.
enum CopyMemory {
  private static let symbols = GeneratorSource.Task.copyMemorySymbols

  static func sample(
    length: Int, entries: Int, _ random: inout GeneratorRandom
  ) -> GeneratedSample {
    let (blank, delimiter) = (8, 9)
    var symbol = [Int](repeating: blank, count: length)  // the place in `symbols`
    var sample = GeneratedSample(steps: length, features: symbols.count)
    sample.y = Array(repeating: Float(blank), count: length)
    symbol[length - entries - 1] = delimiter
    for step in 0..<entries {
      symbol[step] = random.integer(below: blank)
      sample.y[length - entries + step] = Float(symbol[step])
    }
    for (step, symbol) in symbol.enumerated() { sample.x[step * symbols.count + symbol] = 1 }
    return sample
  }
}
