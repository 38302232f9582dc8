import Dispatch
import LabStore
import Synchronization

/// Encodes epochs in order on a thread of its own, so that hashing and copying go on while the
/// writer waits for the disk.
struct EncodingLine: Sendable {
  private let queue = DispatchQueue(label: "encoder", qos: .userInitiated)

  /// Queues the encoding of an epoch; the closure returned waits for the record.
  func start(
    _ encode: @escaping @Sendable () -> EpochRecord
  ) -> @Sendable () -> EpochRecord {
    let pending = PendingRecord()
    queue.async { pending.fill(encode()) }
    return { pending.take() }
  }
}

/// A record that is being made.
private final class PendingRecord: Sendable {
  private let record = Mutex<EpochRecord?>(nil)
  private let isReady = DispatchSemaphore(value: 0)

  func fill(_ value: EpochRecord) {
    record.withLock { $0 = value }
    isReady.signal()
  }

  /// Waits for the record and hands it over, once.
  func take() -> EpochRecord {
    isReady.wait()
    guard let value = record.withLock({ $0.take() }) else {
      preconditionFailure("a record is taken twice")
    }
    return value
  }
}
