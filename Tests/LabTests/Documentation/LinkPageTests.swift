import Foundation
import Testing

/// What the pages name is there: files behind links, files and folders of code, types.
@Suite struct LinkPageTests {
  private static let root = SeedExperimentTests.root

  /// The repository's files that end so, without what programs put into hidden folders.
  private static func files(_ ending: String) throws -> [String] {
    let all = try #require(
      FileManager.default.enumerator(
        at: URL(filePath: root), includingPropertiesForKeys: nil, options: .skipsHiddenFiles))
    return all.compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(ending) }
  }

  private static func text(_ file: String) throws -> String {
    try String(contentsOfFile: file, encoding: .utf8)
  }

  @Test func `every link leads to a file`() throws {
    let pages = try Self.files(".md")
    #expect(pages.count >= 20)
    for page in pages {
      let folder = (page as NSString).deletingLastPathComponent
      for link in try Self.text(page).matches(of: /\]\(([^)#: ]+)(#[^)]*)?\)/) {
        let path = "\(folder)/\(link.1)"
        #expect(FileManager.default.fileExists(atPath: path), "\(page): \(link.1)")
      }
    }
  }

  @Test func `the architecture's paths are there`() throws {
    let paths = try Self.text("\(Self.root)/ARCHITECTURE.md").matches(
      of: /`([A-Za-z][\w-]*(?:\/[\w+.-]+)+\/?)`/)
    #expect(paths.count >= 30)
    for path in paths.map(\.1) {
      let places = ["", "Sources/", "Sources/LabFormats/", "Sources/LabStore/", "Sources/Lab/"]
      #expect(
        (places + ["Sources/LSTMEngine/"]).contains {
          FileManager.default.fileExists(atPath: "\(Self.root)/\($0)\(path)")
        }, "\(path)")
    }
  }

  @Test func `the glossary's types are declared`() throws {
    let code = try Self.files(".swift").filter { $0.contains("/Sources/") }.map(Self.text)
      .joined(separator: "\n")
    let declared = Set(code.matches(of: /\b(?:struct|class|enum) (\w+)/).map(\.1))
    let rows = try Self.text("\(Self.root)/docs/glossary.md").matches(
      of: /(?m)^\| .* \| (`[\w.`, ]+`) \| [^|]*\|$/)
    #expect(rows.count >= 40)
    for type in rows.flatMap({ $0.1.matches(of: /\w+/) }) {
      #expect(declared.contains(type.0), "\(type.0)")
    }
  }
}
