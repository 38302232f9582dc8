/// A part of the data.
package enum DataSplit: String, Sendable, CaseIterable {
  /// What the weights are fitted to, what is watched meanwhile, and what is kept for the end.
  case train, validation, test
}
