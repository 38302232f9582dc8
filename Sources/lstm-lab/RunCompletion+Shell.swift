import ArgumentParser
import Foundation
import Lab

extension CompletionKind {
  /// A run of the database that the command line names.
  static let run = CompletionKind.custom { words, _, start in
    // What is typed in quotes is left to the shell to compare.
    let isPlain = !start.contains { "'\"\\".contains($0) }
    return RunCompletion.candidates(
      beginningWith: isPlain ? start : "", at: DatabaseOption.path(namedIn: words))
  }

  /// Some words, or a setting of the newest run of the database that the command line names.
  static func setting(or others: [String]) -> CompletionKind {
    .custom { words, _, _ in
      others + RunCompletion.settings(at: DatabaseOption.path(namedIn: words))
    }
  }
}

extension DatabaseOption {
  /// The database that an unfinished command line, in a shell's words, works on.
  fileprivate static func path(namedIn words: [String]) -> String {
    var named: String?
    for (index, word) in words.enumerated() {
      if word.hasPrefix("--db=") { named = String(word.dropFirst(5)) }
      if word == "--db", index + 1 < words.count { named = words[index + 1] }
    }
    guard let named, named.hasPrefix("~/") else { return path(named: named) }
    return path(named: NSString(string: named).expandingTildeInPath)
  }
}
