import LabFormats

/// What several runs of one configuration are repeats of, in words.
enum RepeatsText {
  /// Returns `5 folds`, `4 of 5 folds`, `5 folds × 3 seeds`; nil where a run is no fold, whose number is
  /// null.
  ///
  /// - Parameter folds: How many folds there are, where that is one number.
  static func text(of runs: [(seed: Table.Cell, fold: Table.Cell)], folds: Int?) -> String? {
    let seen = Set(runs.map(\.fold)).count, seeds = Set(runs.map(\.seed)).count
    guard !runs.isEmpty, runs.allSatisfy({ $0.fold != .null }) else { return nil }
    let ofAll = folds.map { seen < $0 ? "\(seen) of \($0)" : "\($0)" } ?? "\(seen)"
    let isOne = (folds ?? seen) == 1
    return ofAll + (isOne ? " fold" : " folds") + (seeds > 1 ? " × \(seeds) seeds" : "")
  }
}
