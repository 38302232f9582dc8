package import LabFormats

/// The threads that record a run while it is trained, and another run after it has ended.
///
/// They are made before a database is opened: without them nothing is begun.
package struct RecordingThreads: Sendable {
  /// Turns epochs into records.
  let encoder: Worker
  /// Stores records.
  let recorder: Worker

  /// Starts the threads.
  ///
  /// - Throws: `LabError` of kind `system` where the system does not give them.
  package init() throws(LabError) {
    encoder = try Worker()
    recorder = try Worker()
  }
}
