import LabFormats

/// A thread that trains one run after the other, and those that record what it does.
struct TrainingLane: Sendable {
  let thread: Worker
  let recording: RecordingThreads

  /// Starts the threads.
  ///
  /// - Throws: `LabError` of kind `system` where the system does not give them.
  init() throws(LabError) {
    thread = try Worker()
    recording = try RecordingThreads()
  }
}
