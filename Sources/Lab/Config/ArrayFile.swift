import Foundation
import LabFormats

/// The file of an array: a `.npy`, or a `.npz` with the name of an array in it, as `data.npz:x`.
struct ArrayFile {
  /// The file's path, as written.
  let path: String
  /// The array's name in a `.npz`; nil for a `.npy`.
  let member: String?
  /// Where the file lies.
  private let place: String

  fileprivate static let sign = ".npz:".unicodeScalars

  /// Takes apart what a configuration names.
  ///
  /// A whole text that is a file's path names that file; else the array's name begins behind the first
  /// `.npz:` before which a file's path stands.
  init(_ text: String, in config: ConfigFile) {
    let isFile = { FileManager.default.fileExists(atPath: config.locating($0)) }
    let scalars = text.unicodeScalars
    let ends = scalars.ranges(of: Self.sign).map { scalars.index(before: $0.upperBound) }
    let end = ends.first { isFile(String(text[..<$0])) } ?? ends.first
    if let end, !isFile(text) {
      path = String(text[..<end])
      member = String(text[scalars.index(after: end)...])
    } else {
      path = text
      member = nil
    }
    place = config.locating(path)
  }

  /// Reads the array; of a `.npz` no other is unpacked.
  ///
  /// - Parameter keepsDoubles: Whether numbers that are no float32 are wanted as they are, too.
  func read(keepsDoubles: Bool = false) throws(LabError) -> NPYFile {
    guard let member else { return try NPYFile(contentsOf: place, keepsDoubles: keepsDoubles) }
    return try NPZFile(contentsOf: place).array(named: member, keepsDoubles: keepsDoubles)
  }
}

extension Rule where Value == String {
  /// What names an array in a file.
  static var arrayFile: Rule {
    let allowed = "the path of a .npy file, or of an array in an .npz file, such as \"data.npz:x\""
    return text(
      allowed, pattern: "^[^HARMFUL]+\\.(npy|npz:[^HARMFUL]+)$", longest: 4096
    ) { text in
      let sign = text.unicodeScalars.firstRange(of: ArrayFile.sign)
      let isMember = sign.map { $0.lowerBound > text.startIndex && $0.upperBound < text.endIndex }
      return Visible.line(text) == text && text.utf8.count <= 4096
        && (isMember ?? false || text.ends(in: ".npy") && text.utf8.count > 4)
    }
  }
}
