import Foundation
import LabFormats

/// A folder in which the files of a stored run are looked for.
struct DataFolder: Equatable, Sendable {
  /// Its path.
  let path: String
  /// Whether the user named it for these data: files that lie in folders of their own elsewhere, and those
  /// with absolute paths, may lie in it by their last name.
  var isNamed = false

  /// Returns where a file may lie in it, in the order of looking.
  func places(of name: String) -> [String] {
    let words = name.utf8.split(separator: Byte.slash)
    let last = words.last.map { ["\(path)/\(Substring($0))"] } ?? []
    return (FileName.isAbsolute(name) ? [] : ["\(path)/\(name)"]) + (isNamed ? last : [])
  }

  /// Whether there is a file, or anything else that is no folder.
  static func hasFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// Whether there is a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
