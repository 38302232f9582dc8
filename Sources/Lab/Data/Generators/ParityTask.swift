/// Bits of equal chance; the target is 1 where the number of ones so far is odd, else 0: after the
/// last step, or after each.
enum ParityTask {
  static func sample(
    length: Int, _ per: TargetPer, _ random: inout GeneratorRandom
  ) -> GeneratedSample {
    var sample = GeneratedSample(steps: length, features: 1)
    var parity = 0
    sample.y = []
    for step in 0..<length {
      let bit = random.integer(below: 2)
      sample.x[step] = Float(bit)
      parity ^= bit
      if per == .step || step == length - 1 { sample.y.append(Float(parity)) }
    }
    return sample
  }
}
