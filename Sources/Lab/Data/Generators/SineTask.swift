import LSTMEngine

/// Sine waves with a phase and a period, 10 to 50 steps, of their own; the target is the value of the
/// step after the last, or after each.
enum SineTask {
  static func sample(
    length: Int, _ per: TargetPer, _ random: inout GeneratorRandom
  ) -> GeneratedSample {
    let phase = random.uniform()
    let period = 10 + 40 * random.uniform()
    let wave = (0...length).map { step in
      // sin 2πu = cos 2π(u + ¾)
      let turns = phase + Double(step) / period + 0.75
      return Float(ElementaryFunctions.cosineOfTurns(turns - turns.rounded(.down)))
    }
    var sample = GeneratedSample(steps: length, features: 1)
    sample.x = Array(wave.dropLast())
    sample.y = Array(per == .step ? wave.dropFirst() : wave.suffix(1))
    return sample
  }
}
