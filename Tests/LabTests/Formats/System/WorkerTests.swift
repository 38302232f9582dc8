import LabFormats
import Synchronization
import Testing

/// The thread that does jobs in their order.
@Suite struct WorkerTests {
  /// What was done, in the order in which it was.
  private final class Log: Sendable {
    private let entries = Mutex<[Int]>([])
    var all: [Int] { entries.withLock { $0 } }
    func add(_ entry: Int) { entries.withLock { $0.append(entry) } }
  }

  @Test func `jobs are done one after the other, in their order`() throws {
    let worker = try Worker()
    let log = Log()
    for number in 0..<1000 { worker.leave { log.add(number) } }
    worker.awaitFewer(than: 1)
    #expect(log.all == Array(0..<1000))
  }

  @Test func `what is done alone comes after what was left, and nothing comes meanwhile`() throws {
    let worker = try Worker()
    let log = Log()
    for number in 0..<50 {
      worker.leave { log.add(2 * number) }
      worker.alone {
        worker.leave { log.add(-1) }
        log.add(2 * number + 1)
        #expect(log.all.last == 2 * number + 1)
      }
    }
    worker.awaitFewer(than: 1)
    #expect(log.all.filter { $0 >= 0 } == Array(0..<100))
    #expect(log.all.count == 150)
  }

  @Test func `no more jobs wait than are awaited`() throws {
    let worker = try Worker()
    let waiting = Atomic<Int>(0)
    for _ in 0..<200 {
      worker.awaitFewer(than: 3)
      let count = waiting.add(1, ordering: .sequentiallyConsistent).newValue
      // A job is done before it is counted as done.
      #expect(count <= 3)
      worker.leave { waiting.subtract(1, ordering: .sequentiallyConsistent) }
    }
  }

  @Test func `an alarm rings once, at its time and not before, and the last one set counts`() throws
  {
    let worker = try Worker()
    let log = Log()
    let start = ContinuousClock.now
    worker.setAlarm(at: start + .seconds(600)) { log.add(1) }
    worker.setAlarm(at: start + .milliseconds(50)) { log.add(2) }
    while log.all.isEmpty {}
    #expect(ContinuousClock.now - start >= .milliseconds(50))
    worker.setAlarm(at: .now - .seconds(1)) { log.add(3) }
    while log.all.count < 2 {}
    worker.alone {
      worker.setAlarm(at: .now) { log.add(4) }; worker.stopAlarm()
    }
    worker.leave { log.add(5) }
    worker.awaitFewer(than: 1)
    #expect(log.all == [2, 3, 5])
  }

  @Test func `an error passes, and the worker goes on`() throws {
    struct Ordered: Error {}
    let worker = try Worker()
    #expect(throws: Ordered.self) { try worker.alone { throw Ordered() } }
    #expect(worker.alone { 7 } == 7)
  }

  @Test func `what was left is done when the worker is gone`() throws {
    let log = Log()
    do {
      let worker = try Worker()
      for number in 0..<20 { worker.leave { log.add(number) } }
    }
    while log.all.count < 20 {}
    #expect(log.all == Array(0..<20))
  }
}
