import LabFormats

/// How a user names a run, and perhaps one of its epochs: `3`, `1f0c@7`, `@best:val_accuracy`.
///
/// ```swift
/// let reference = try RunReference.parse("@best:accuracy")
/// #expect(reference.selector == .best(metric: "accuracy") && reference.epoch == nil)
/// #expect(try RunReference.parse("1@last").epoch == .last)
/// ```
package struct RunReference: Equatable, Sendable, CustomStringConvertible {
  /// How the run itself is named.
  package enum Selector: Equatable, Sendable {
    /// An id, a name, or the unique beginning of a uuid.
    case named(String)
    /// The newest run.
    case last
    /// The run, and its epoch, with the best value of a metric; nil: of the loss that all monitor.
    case best(metric: String?)
  }

  /// How one of its epochs is named.
  package enum Epoch: Equatable, Sendable, CustomStringConvertible {
    /// Its number.
    case number(Int)
    /// The last one stored, and the one whose weights are the run's result.
    case last, result
    /// The one with the best value of a metric; nil: of the run's monitored loss.
    case best(metric: String?)

    /// The epoch as a user writes it.
    package var description: String {
      switch self {
      case .number(let number): "\(number)"
      case .last: "last"
      case .result: "result"
      case .best(nil): "best"
      case .best(let metric?): "best:\(metric)"
      }
    }
  }

  /// The run.
  package let selector: Selector
  /// The epoch, if one is named.
  package let epoch: Epoch?

  /// Without an epoch the reader's own default is meant: the result, or the last one.
  package init(_ selector: Selector, epoch: Epoch? = nil) {
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

  private static func splitEpoch(_ text: String) throws -> (name: String, epoch: Epoch?) {
    let scalars = text.unicodeScalars
    guard let sign = scalars.lastIndex(of: "@"), sign != text.startIndex else { return (text, nil) }
    let word = String(text[scalars.index(after: sign)...])
    guard let epoch = try epoch(word, of: text) else { return (text, nil) }
    return (String(text[..<sign]), epoch)
  }

  /// The epoch that a word names; nil of one that is part of a name.
  private static func epoch(_ word: String, of text: String) throws -> Epoch? {
    switch word {
    case "last": return .last
    case "result": return .result
    case "best": return .best(metric: nil)
    case _ where word.hasPrefix("best:"):
      guard word.count > 5 else { throw malformed(text) }
      return .best(metric: String(word.dropFirst(5)))
    default:
      guard !word.isEmpty, word.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
      guard let number = Int(word) else { throw malformed(text) }
      return .number(number)
    }
  }

  private static func malformed(_ text: String) -> LabError {
    LabError(
      .usage, "this names neither a run nor an epoch of one", where: text,
      next: Suggestion.text(for: text, among: ["@last", "@best"])
        + "a run is named by its number, its name, the beginning of its uuid, @last, @best or "
        + "@best:METRIC; an epoch as RUN@EPOCH by a number, last, best, best:METRIC or result")
  }

  /// Says that what follows the last `@` is no epoch.
  static func noEpoch(_ text: String, after sign: String.Index) -> LabError {
    let word = String(text[text.unicodeScalars.index(after: sign)...])
    return LabError(
      .usage, "`\(word)` names no epoch", where: text,
      next: Suggestion.text(for: word, among: ["last", "best", "result"])
        + "write RUN@EPOCH with a number, last, best, best:METRIC or result")
  }
}
