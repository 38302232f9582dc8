/// What tells one of several runs of a configuration from the others: a seed, a fold, or both.
package struct RepeatedRun: Equatable, Sendable {
  /// The fold; nil where all validate with the same samples.
  package let fold: Int?
  /// The seed; nil where all have that of the configuration.
  package let seed: Int?

  /// Names a run of one seed.
  package init(seed: Int) { self.init(fold: nil, seed: seed) }

  init(fold: Int?, seed: Int?) {
    self.fold = fold
    self.seed = seed
  }

  /// `seed 3`, `fold 2`, `fold 2, seed 3`.
  package var text: String {
    [fold.map { "fold \($0)" }, seed.map { "seed \($0)" }].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// The same at the beginning of a line.
  package var title: String { text.prefix(1).uppercased() + text.dropFirst() }
}
