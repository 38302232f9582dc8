import LabFormats

/// How a user names a run, and perhaps one of its epochs: `3`, `1f0c@7`, `@best:val_accuracy`.
package struct RunReference: Equatable, Sendable, CustomStringConvertible {
  /// How the run itself is named.
  package enum Selector: Equatable, Sendable {
    /// An id, a name, or the unique beginning of a uuid.
    case named(String)
    /// The newest run.
    case last
    /// The run with the best value of a metric in any epoch; nil: of the validation loss.
    case best(metric: String?)
  }

  /// The run.
  package let selector: Selector
  /// The epoch, if one is named.
  package let epoch: Int?

  /// Makes a reference.
  package init(_ selector: Selector, epoch: Int? = nil) {
    self.selector = selector
    self.epoch = epoch
  }

  /// Reads a reference as the user wrote it.
  package static func parse(_ text: String) throws -> RunReference {
    let (name, epoch) = try splitEpoch(text)
    guard name.hasPrefix("@") else {
      guard !name.isEmpty else { throw malformed(text) }
      return RunReference(.named(name), epoch: epoch)
    }
    switch name {
    case "@last": return RunReference(.last, epoch: epoch)
    case "@best": return RunReference(.best(metric: nil), epoch: epoch)
    case _ where name.hasPrefix("@best:") && name.count > 6:
      return RunReference(.best(metric: String(name.dropFirst(6))), epoch: epoch)
    default: throw malformed(text)
    }
  }

  /// The reference as a user writes it.
  package var description: String {
    let name =
      switch selector {
      case .named(let name): name
      case .last: "@last"
      case .best(nil): "@best"
      case .best(let metric?): "@best:\(metric)"
      }
    return epoch.map { "\(name)@\($0)" } ?? name
  }

  private static func splitEpoch(_ text: String) throws -> (name: String, epoch: Int?) {
    guard let sign = text.lastIndex(of: "@"), sign != text.startIndex else { return (text, nil) }
    let digits = text[text.index(after: sign)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return (text, nil)
    }
    guard let epoch = Int(digits) else { throw malformed(text) }
    return (String(text[..<sign]), epoch)
  }

  private static func malformed(_ text: String) -> LabError {
    LabError(
      .usage, "this names no run", where: text,
      next: "use an id, a name, the beginning of a uuid, @last, @best or @best:METRIC; "
        + "add an epoch as RUN@EPOCH")
  }
}
