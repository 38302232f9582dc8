/// A part of the data.
package enum DataSplit: String, Sendable, CaseIterable {
  case train, validation, test
}
