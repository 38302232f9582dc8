import LabFormats

/// A condition on runs: `units > 4 and (val_loss < 0.5 or not status = completed)`.
///
/// It is parsed into this tree and compared value by value; no part of it becomes SQL. As in SQL a
/// comparison with a value that a run does not have is neither true nor false, and only true is enough.
indirect enum RunCondition: Equatable {
  case all([RunCondition])
  case any([RunCondition])
  case not(RunCondition)
  case compare(RunField, Comparator, Table.Cell)
  /// Whether the field is one of some values.
  case among(RunField, [Table.Cell])
  /// Whether the run has no such value.
  case isNull(RunField)

  /// How a field is compared with a value.
  enum Comparator: String, CaseIterable {
    case less = "<"
    case atMost = "<="
    case equal = "="
    case different = "!="
    case atLeast = ">="
    case greater = ">"
    /// The text fits a pattern with `*` and `?`.
    case like = "~"
  }

  /// Whether the condition is true for a run; nil where that is not known.
  func holds(for run: Int, of runs: ComparedRuns) -> Bool? {
    switch self {
    case .not(let condition):
      return condition.holds(for: run, of: runs).map { !$0 }
    case .all(let conditions):
      let values = conditions.map { $0.holds(for: run, of: runs) }
      return values.contains(false) ? false : values.contains(nil) ? nil : true
    case .any(let conditions):
      let values = conditions.map { $0.holds(for: run, of: runs) }
      return values.contains(true) ? true : values.contains(nil) ? nil : false
    case .isNull(let field):
      return Self.values(field, run, runs).isEmpty
    case .compare(let field, let comparator, let value):
      return Self.hold(Self.values(field, run, runs), comparator) {
        Self.holds($0, comparator, value)
      }
    case .among(let field, let list):
      return Self.hold(Self.values(field, run, runs), .equal) { found in
        list.contains { Self.holds(found, .equal, $0) }
      }
    }
  }

  /// A field has one value or none; a run has any number of tags, of which one is enough, but
  /// `tag != a` means that none is `a`.
  private static func hold(
    _ values: [Table.Cell], _ comparator: Comparator, _ test: (Table.Cell) -> Bool
  ) -> Bool? {
    if values.isEmpty { return nil }
    return comparator == .different ? values.allSatisfy(test) : values.contains(where: test)
  }

  private static func values(_ field: RunField, _ run: Int, _ runs: ComparedRuns) -> [Table.Cell] {
    let value = field.value(of: run, in: runs)
    guard field == .tag, case .text(let text) = value else { return value == .null ? [] : [value] }
    let tags = (try? JSONDocument(text, source: "tags").root.elements.map { $0.string }) ?? []
    return tags.compactMap { $0.map(Table.Cell.text) }
  }

  private static func holds(
    _ found: Table.Cell, _ comparator: Comparator, _ value: Table.Cell
  ) -> Bool {
    if comparator == .like {
      return Pattern.fits(text(found), pattern: text(value))
    }
    let order =
      found.double != nil && value.double != nil
      ? found.order(before: value)
      : Table.Cell.text(text(found)).order(before: .text(text(value)))
    return switch comparator {
    case .less: order < 0
    case .atMost: order <= 0
    case .equal, .like: order == 0
    case .different: order != 0
    case .atLeast: order >= 0
    case .greater: order > 0
    }
  }

  private static func text(_ cell: Table.Cell) -> String {
    switch cell {
    case .text(let text): text
    case .integer(let value): value.description
    case .real(let value): NumberText.exact(value)
    case .null: ""
    }
  }
}

/// Patterns in which `*` stands for any text and `?` for one character.
enum Pattern {
  /// Whether the whole text fits, in time at most proportional to the product of both lengths.
  static func fits(_ text: String, pattern: String) -> Bool {
    let (text, pattern) = (Array(text), Array(pattern))
    var (t, p) = (0, 0)
    var retry: (text: Int, pattern: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        retry = (t, p)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        t += 1
        p += 1
      } else if let (start, star) = retry {
        retry = (start + 1, star)
        t = start + 1
        p = star + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
