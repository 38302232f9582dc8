import LabFormats

/// How series are cut into samples; the names of Keras's `timeseries_dataset_from_array`.
package struct Windows: Equatable, Sendable {
  /// The time steps of a sample, from 1.
  package var length: Int
  /// The rows between the starts of two samples.
  package var stride = 1
  /// The rows between two steps of a sample.
  package var rate = 1
  /// How many rows behind a sample's last one are its target.
  package var horizon = 1
  /// The columns that are predicted, by their names, of arrays by their numbers; nil: the features, of
  /// arrays with y all of its columns.
  package var targets: [String]?

  /// Makes windows of so many steps.
  package init(length: Int) { self.length = length }

  /// The rows from a sample's first one to its last.
  var span: Int { (length - 1) * rate + 1 }
}

extension Windows {
  /// Windows on columns with names.
  static var form: ObjectForm<Windows> {
    form(
      "windows",
      Field(
        optional: "targets", \.targets, .names(of: "columns"), "The columns that are predicted.",
        default: "the features"))
  }

  /// Windows on columns of arrays.
  static var ofColumns: ObjectForm<Windows> {
    form(
      "windows_of_arrays",
      Field(
        optional: "targets", \.targets, .columnNumbers,
        "The columns of y, or without y of x, that are predicted, from 0.", default: "all"))
  }

  private static func form(
    _ name: String, _ targets: @autoclosure @escaping @Sendable () -> Field<Windows>
  ) -> ObjectForm<Windows> {
    ObjectForm(
      "Samples that are cut from series.", name: name, start: Windows(length: 1),
      [
        Field(
          required: "sequence_length", \.length, .integer(1...10_000_000),
          "The time steps of a sample."),
        Field(
          "sequence_stride", \.stride, .integer(1...10_000_000),
          "The rows between the starts of two samples."),
        Field(
          "sampling_rate", \.rate, .integer(1...10_000_000),
          "The rows between two steps of a sample."),
        Field(
          "horizon", \.horizon, .integer(1...1_000_000),
          "How many rows behind a sample's last one are its target."),
        targets(),
      ])
  }
}

extension Rule where Value == [String] {
  /// One or more different columns by their numbers from 0.
  fileprivate static var columnNumbers: Rule {
    let limit = 1_000_000
    let number = Rule<Int>.integer(0...limit - 1)
    let numbers = Rule<[Int]>.set(of: number, upTo: limit)
    let allowed = "an array of columns' numbers from 0, at least one"
    return Rule(
      allowed: allowed, fallback: [],
      form: number.form().list(from: 1, upTo: limit, isSet: true).told(allowed),
      read: { node in
        numbers.read(node).flatMap { $0.isEmpty ? nil : $0.map(String.init) }
      },
      text: { numbers.text($0.compactMap { Int($0) }) })
  }
}
