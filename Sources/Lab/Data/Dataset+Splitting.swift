import LabFormats

extension Dataset {
  /// Splits samples off to validate with.
  ///
  /// - Parameter keepsEveryTarget: Whether a stratified split trains on at least one sample of each target.
  /// - Returns: nil when one of the parts would be empty.
  package func split(
    _ split: ValidationSplit, keepsEveryTarget: Bool = true
  ) -> (train: Dataset, validation: Dataset)? {
    let isTrained =
      split.isStratified
      ? stratified(fraction: split.fraction, least: keepsEveryTarget ? 1 : 0)
      : (0..<samples).map { $0 < Self.trained(of: samples, fraction: split.fraction) }
    let first = isTrained.indices.filter { isTrained[$0] }
    let last = isTrained.indices.filter { !isTrained[$0] }
    guard !first.isEmpty, !last.isEmpty else { return nil }
    return (selecting(first), selecting(last))
  }

  /// The number of samples that are trained on: ⌊N·(1 − fraction)⌋, as in Keras's
  /// `validation_split`, which takes the last part before any shuffling.
  static func trained(of samples: Int, fraction: Double) -> Int {
    Int((Double(samples) * (1 - fraction)).rounded(.down))
  }

  /// Which samples are trained on, when each group of equal targets is split by itself; of each at least
  /// `least` are.
  private func stratified(fraction: Double, least: Int) -> [Bool] {
    let (groupOf, counts) = targetGroups
    var seen = [Int](repeating: 0, count: counts.count)
    return groupOf.map { group in
      seen[group] += 1
      return seen[group] <= max(least, Self.trained(of: counts[group], fraction: fraction))
    }
  }

  /// The group of equal targets that each sample is in, numbered by their first samples, and how many
  /// samples each group has.
  var targetGroups: (ofSample: [Int], counts: [Int]) {
    var groups: [[UInt32]: Int] = [:]  // only looked up, never iterated
    var counts: [Int] = []
    var start = 0
    let ofSample = targets.lengths.map { length in
      let end = start + length * targets.width
      defer { start = end }
      let key = targets.values[start..<end].map { $0 == 0 ? 0 : $0.bitPattern }
      let group = groups[key] ?? counts.count
      if group == counts.count {
        groups[key] = group
        counts.append(0)
      }
      counts[group] += 1
      return group
    }
    return (ofSample, counts)
  }
}
