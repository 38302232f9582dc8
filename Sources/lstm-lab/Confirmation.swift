import Foundation
import LabFormats

/// A question that must be answered before something is lost.
enum Confirmation {
  /// Asks on the terminal; anything but `y` or `yes` is a no.
  ///
  /// - Throws: `LabError` of kind `usage` where nobody can be asked.
  static func ask(_ question: String) throws(LabError) -> Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw LabError(
        .usage, "there is no terminal to ask on", where: "standard input",
        next: "nothing was changed; to do it without asking: --yes")
    }
    Terminal.draw(Terminal.message(question, for: STDERR_FILENO) + " [y/N] ", on: STDERR_FILENO)
    let answer = readLine()?.lowercased() ?? ""
    return ["y", "yes"].contains(answer)
  }
}
