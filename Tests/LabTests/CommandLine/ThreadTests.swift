import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads that the system does not give: a run needs a few and says so at once, all else needs none.
@Suite struct ThreadTests {
  /// What trains, with the threads that it has.
  private static let trainings = [
    (command: "run config.json -q", threads: 2),
    (command: "run config.json -q --seeds 1..4 -j 2", threads: 6),
    (command: "resume 1 --epochs 9 -q", threads: 2),
    (command: "resume 1 --from 2 --epochs 4 -q", threads: 2),
  ]

  private static let refusal = "error: the system gives no more threads: "

  private func begun() throws -> Workplace {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    return place
  }

  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"), arguments: [false, true])
  func `a training that does not get each of its threads changes nothing`(forEver: Bool) throws {
    let place = try begun()
    let before = try place.bytes("lab.db")
    for (command, threads) in Self.trainings {
      for number in 1...threads {
        let outcome = try place.shell(
          "exec timeout -s KILL 60 \"$LAB\" \(command)",
          environment: place.fault("EAGAIN", at: number, forEver: forEver))
        #expect(try place.wasReached(), "\(command), thread \(number)")
        #expect(outcome.status == 71, "\(command), thread \(number): \(outcome.errors)")
        #expect(outcome.errors.hasPrefix(Self.refusal))
        #expect(try place.bytes("lab.db") == before)
      }
    }
    for (command, threads) in Self.trainings {
      let outcome = try place.shell(
        "exec timeout -s KILL 60 \"$LAB\" \(command)",
        environment: place.fault("EAGAIN", at: threads + 1, forEver: forEver))
      #expect(try !place.wasReached(), "\(command): more than \(threads) threads")
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
  }

  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
  func `no database is made without threads`() throws {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial())
    let outcome = try place.shell(
      "exec \"$LAB\" run config.json -q", environment: place.fault("EAGAIN", at: 2))
    #expect(outcome.status == 71)
    #expect(try place.wasReached())
    #expect(try place.names() == ["config.json", "faults.so"])
  }

  /// GRDB's queues would need one when they are given up.
  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
  func `what reads needs no thread`() throws {
    let place = try begun()
    _ = try place.shell("head -c 40000 lab.db > cut.db; head -c 30000 /dev/zero >> cut.db")
    for (command, status) in [
      ("runs", 0), ("show 1", 0), ("verify 1", 0), ("compare", 0), ("report 1 -o report", 0),
      ("weights 1", 0), ("query 'SELECT 1'", 0), ("query 'SELECT nothing'", 64),
      ("export 1 w.npz", 0), ("check config.json", 0), ("runs --db none.db", 66),
      ("runs --db cut.db", 65),
    ] {
      let outcome = try place.shell(
        "exec timeout -s KILL 60 \"$LAB\" \(command)",
        environment: place.fault("EAGAIN", at: 1, forEver: true))
      #expect(try !place.wasReached(), "\(command)")
      #expect(outcome.status == Int32(status), "\(command): \(outcome.errors)")
    }
  }

  #if os(Linux)
    /// A user who has no processes; for root itself there is no limit.
    private static let asUser = "setpriv --reuid 64321 --regid 64321 --clear-groups"

    static let canLimit: Bool = {
      let outcome = try? Workplace().shell(
        "test $(id -u) = 0 && \(asUser) prlimit --nproc=9 \"$LAB\" --version")
      return outcome?.status == 0
    }()

    @Test(.enabled(if: canLimit, "this is not root, or others may not run the program"))
    func `whatever the limit of processes, a training ends or says why not`() throws {
      let place = try Workplace()
      try place.write(Trial(epochs: 40))
      _ = try place.shell("chmod 777 .")
      var ends: [Int32] = []
      for limit in (1...8).flatMap({ [$0, $0, $0] }) {
        let outcome = try place.shell(
          """
          rm -f lab.db*
          exec timeout -s KILL 60 \(Self.asUser) prlimit --nproc=\(limit) "$LAB" run config.json -q
          """)
        #expect([0, 71].contains(outcome.status), "limit \(limit): \(outcome.errors)")
        #expect(outcome.status == 0 || outcome.errors.hasPrefix(Self.refusal))
        ends.append(outcome.status)
      }
      // From some limit on it works.
      #expect(ends == ends.sorted(by: >))
      #expect(ends.first == 71 && ends.last == 0)
    }
  #endif
}
