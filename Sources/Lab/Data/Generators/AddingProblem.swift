/// The adding problem (Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, section 5.4).
///
/// T to T + T/10 steps of a value in [−1, 1) and a marker. The marker is −1 in the first and the last
/// step and 1 in two others: one of the first ten, then one of the first T/2 − 1 that are not marked
/// yet; it is 0 elsewhere. The target is ½ + (X₁ + X₂)/4 with the two marked values. If the first step
/// is drawn, its marker stays −1 and its value becomes 0.
enum AddingProblem {
  static func sample(length: Int, _ random: inout GeneratorRandom) -> GeneratedSample {
    let steps = length + random.integer(below: length / 10 + 1)
    let first = random.integer(below: 10)
    let place = random.integer(below: length / 2 - 1)
    let second = place < first ? place : place + 1
    var sample = GeneratedSample(steps: steps, features: 2)
    for step in 0..<steps { sample.x[2 * step] = Float(2 * random.uniform() - 1) }
    for step in [first, second] {
      if step == 0 { sample.x[0] = 0 }
      sample.x[2 * step + 1] = 1
    }
    sample.x[1] = -1
    sample.x[2 * steps - 1] = -1
    sample.y = [Float(0.5 + (Double(sample.x[2 * first]) + Double(sample.x[2 * second])) / 4)]
    return sample
  }
}
