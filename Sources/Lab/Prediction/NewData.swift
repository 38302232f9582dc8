/// A file of samples that no run was trained with, as the command line names it.
package struct NewData: Sendable {
  /// The file's path: a table, a `.ts` file, or x as `.npy` or as an array of a `.npz`, `data.npz:x`.
  package var path: String
  /// The targets of x, in a file of the same kinds.
  package var y: String?
  /// The number of time steps of each sample of x, in a file of the same kinds.
  package var lengths: String?

  /// Names the files.
  package init(path: String, y: String? = nil, lengths: String? = nil) {
    self.path = path
    self.y = y
    self.lengths = lengths
  }
}
