import LabFormats
import Testing

/// Something that is refused, and the message that it is refused with; its first line names the case.
struct Case<Input: Sendable>: Sendable, CustomTestStringConvertible {
  let input: Input
  let message: String
  var testDescription: String { String(message.prefix { $0 != "\n" }.prefix(80)) }

  init(_ input: Input, _ message: String) {
    self.input = input
    self.message = "error: " + message
  }

  /// Expects that using the input throws an error of data with the message.
  func expectRefusal(
    at location: SourceLocation = #_sourceLocation, by use: (Input) throws -> some Any
  ) {
    let error = #expect(throws: LabError.self, sourceLocation: location) { _ = try use(input) }
    #expect(error?.description == message, sourceLocation: location)
    #expect(error?.kind == .data, sourceLocation: location)
  }
}
