/// What became of a run of another database that was to be taken in.
package struct MergedRun: Equatable, Sendable {
  /// What was done with it.
  package enum Change: Equatable, Sendable {
    /// It was not here, and is now.
    case added
    /// It was here up to this epoch, and has its later ones now.
    case extended(from: Int)
    /// Its end was not here, and is now.
    case ended
    /// All of it was here, or more.
    case unchanged
    /// From this epoch on it is another one here; it was left as it is.
    case differs(from: Int)
    /// It is being trained here; it was left as it is.
    case busy
  }

  /// Its number here; nil where it would be added.
  package let run: Int64?
  /// Its name in the other database, and what is unique of it everywhere.
  package let name, uuid: String
  /// The last epoch that the other database has of it.
  package let epochs: Int
  /// What was done.
  package let change: Change
}
