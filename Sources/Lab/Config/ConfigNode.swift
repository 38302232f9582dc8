import LabFormats

/// A value of the configuration together with its JSON path and the list of problems found so far.
struct ConfigNode {
  let value: JSONValue
  /// The JSON path, such as `model.layers[0].units`; empty for the whole file.
  let path: String
  let problems: ConfigProblems

  /// Notes a problem with this value.
  func note(_ what: String, next: String) {
    problems.add(LabError(.data, what, where: value.place, next: next))
  }

  /// Notes a problem with this value and returns nil, so that readers can give up in one line.
  func refuse<Value>(_ what: String, next: String, as: Value.Type = Value.self) -> Value? {
    note(what, next: next)
    return nil
  }

  func element(_ value: JSONValue, at index: Int) -> ConfigNode {
    ConfigNode(value: value, path: "\(path)[\(index)]", problems: problems)
  }

  func member(_ key: String, _ value: JSONValue) -> ConfigNode {
    ConfigNode(value: value, path: path(of: key), problems: problems)
  }

  func path(of key: String) -> String {
    let shown = Visible.shortened(Visible.line(key), to: 40)
    return path.isEmpty ? shown : "\(path).\(shown)"
  }

  /// The value as a message shows it: scalars as written, the others by their kind.
  var shown: String {
    value.kind == .array || value.kind == .object ? value.kind.phrase : value.shown
  }
}

/// The problems of one configuration, in the order found.
final class ConfigProblems {
  private var list: [LabError] = []
  private(set) var count = 0
  /// As many problems as one message tells; more would bury the first.
  private static let limit = 10

  var isEmpty: Bool { count == 0 }

  /// Adds a problem; past the limit it is only counted, as finding its line takes time.
  func add(_ problem: @autoclosure () -> LabError) {
    count += 1
    if count <= Self.limit { list.append(problem()) }
  }

  /// Throws the problems as one error, if there are any.
  func throwIfAny() throws(LabError) {
    guard var first = list.first else { return }
    first.others = Array(list.dropFirst())
    if count > list.count {
      let more = count - list.count
      first.others.append(LabError(.data, "\(more) more", next: "correct the ones above first"))
    }
    throw first
  }
}
