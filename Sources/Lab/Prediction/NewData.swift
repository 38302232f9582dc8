/// A file of samples that no run was trained with, as the command line names it.
package struct NewData: Sendable {
  /// The file's path: a table, a `.ts` file, or x as `.npy`.
  package var path: String
  /// The path of a `.npy` file with the targets of x.
  package var y: String?
  /// The path of a `.npy` file with the number of time steps of each sample of x.
  package var lengths: String?

  /// Names the files.
  package init(path: String, y: String? = nil, lengths: String? = nil) {
    self.path = path
    self.y = y
    self.lengths = lengths
  }
}
