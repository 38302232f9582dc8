package import LabFormats

/// Which epochs keep a part of what they have stored, beside those that always do.
package enum PruneRule: Equatable, Sendable {
  /// Those whose number is a multiple of this one.
  case every(Int)
  /// None.
  case last

  /// Reads `every=10` or `last`.
  package init(_ text: String, option: String) throws(LabError) {
    if text == "last" {
      self = .last
      return
    }
    let prefix = "every="
    guard text.hasPrefix(prefix), let number = Int(text.dropFirst(prefix.count)),
      (1...1_000_000_000).contains(number)
    else {
      throw LabError(
        .usage, "`\(Visible.line(text))` does not say which epochs stay", where: option,
        next:
          "write every=10 for every tenth epoch, or last; the first epoch, the best, the result "
          + "and the last always stay")
    }
    self = .every(number)
  }

  func keeps(_ epoch: Int) -> Bool {
    if case .every(let number) = self { epoch % number == 0 } else { false }
  }
}

/// What `prune` is asked for.
package struct PruneRequest: Sendable {
  /// Which epochs keep their weights, and their optimizer states; nil: all of them.
  package var weights, optimizer: PruneRule?
  /// Whether also of runs that cannot be trained again.
  package var isForced = false

  /// With neither nothing is removed.
  package init(weights: PruneRule?, optimizer: PruneRule?, isForced: Bool) {
    self.weights = weights
    self.optimizer = optimizer
    self.isForced = isForced
  }
}
