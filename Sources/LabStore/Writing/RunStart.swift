/// What a writer begins with.
enum RunStart: Sendable {
  /// A new run; it comes into being with its first epoch.
  case new(RunDescription, uuid: String)
  /// A stored run: later epochs are dropped, and it is open again.
  case resumed(Int64, uuid: String, after: Int, tensors: [TensorDescription], RunChange)
}

/// What a resume changes in the description of a run.
package struct RunChange: Sendable {
  /// The configuration as normalised JSON and its hash, where they changed.
  package var config: (text: String, hash: String)?

  /// Makes a change; nil leaves what is stored.
  package init(config: (text: String, hash: String)? = nil) { self.config = config }
}
