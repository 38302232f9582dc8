extension Table {
  /// Returns aligned columns for people, a line for each row, without trailing spaces.
  ///
  /// - Parameter width: The columns of the terminal: text cells are cut to fit, the widest first;
  ///   numbers never are. Nil for a pipe, where nothing is cut.
  package func plainText(width: Int? = nil) -> String {
    var grid = TextGrid(self)
    if let width { grid.fit(into: width) }
    return grid.text
  }
}
