/// Paths as text; nothing here looks at the disk.
package enum FilePath {
  /// Returns `path` as seen from the folder of `file`; an absolute path stays as it is.
  package static func resolve(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}
