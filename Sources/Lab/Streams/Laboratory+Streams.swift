package import LabFormats
import LabStore

extension Laboratory {
  /// Records a stream: the training of another program, or the file that one wrote. The database is created
  /// if it is missing.
  ///
  /// - Parameter answer: Is told what is stored, and at last what nothing more is stored for.
  /// - Throws: `LabError` of what is wrong with the stream or the database; what was stored stays.
  package func record(
    _ stream: ByteStream, answer: @escaping @Sendable (StreamAnswer) -> Void
  ) throws -> RecordedStream {
    do {
      return try StreamRecorder(stream, in: creating(), answer: answer, tell: tell).record()
    } catch let error as LabError {
      answer(.refused(error))
      throw error
    }
  }
}
