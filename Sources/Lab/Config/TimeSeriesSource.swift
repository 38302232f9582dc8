/// A file in the text format of the UCR and UEA archives.
package struct TimeSeriesSource: Equatable, Sendable {
  /// The file's path, as written.
  package var path: String
  /// What is done about values that are not there.
  package var missing = MissingValues.error

  /// Names a file.
  package init(_ path: String, missing: MissingValues = .error) {
    self.path = path
    self.missing = missing
  }
}

extension TimeSeriesSource {
  static var form: ObjectForm<TimeSeriesSource> {
    ObjectForm(
      "A file of the UCR and UEA archives.", name: "ts", start: TimeSeriesSource(""),
      [
        Field(
          required: "ts", \.path,
          .path(endingIn: [".ts", ".ts.gz"], inAnyCase: true).tellingARFF, "The file's path."),
        MissingValues.field(\.missing),
      ])
  }
}
