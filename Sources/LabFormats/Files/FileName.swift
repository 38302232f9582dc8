import Foundation

/// Names of files and folders, those made of texts that others chose, too.
package enum FileName {
  /// Takes a path apart behind its last slash; the folder is empty where there is none.
  package static func split(_ path: String) -> (folder: String, name: String) {
    let slash = path.utf8.lastIndex(of: Byte.slash)
    let end = slash.map { path.utf8.index(after: $0) } ?? path.startIndex
    return (String(path[..<end]), String(path[end...]))
  }

  /// Whether a path begins at the root.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == Byte.slash }

  /// Returns `text` as a part of a file's name that every file system, shell and browser takes.
  ///
  /// Letters, numbers, `.`, `_` and `-` stay as they are, all else becomes `_`; of long texts the
  /// beginning stays, at most 100 bytes of UTF-8.
  package static func safe(_ text: String) -> String {
    var name = ""
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      let next: UnicodeScalar = isSafe(scalar) ? scalar : "_"
      guard name.utf8.count + UTF8.width(next) <= 100 else { break }
      name.unicodeScalars.append(next)
    }
    return name
  }

  private static func isSafe(_ scalar: UnicodeScalar) -> Bool {
    if scalar.isASCII {
      return Byte.isDigit(UInt8(scalar.value)) || scalar.properties.isAlphabetic
        || [".", "_", "-"].contains(scalar)
    }
    guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .decimalNumber:
      true
    default: false
    }
  }
}
