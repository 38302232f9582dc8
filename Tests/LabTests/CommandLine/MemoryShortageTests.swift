import Foundation
import Testing

/// Memory that the system does not give: one message and an exit code, whatever the program was doing.
@Suite struct MemoryShortageTests {
  private static let commands = [
    "runs", "show 1", "verify 1", "query 'SELECT 1'", "report -o report", "weights 1",
    "run config.json -q",
  ]

  #if os(Linux)
    @Test func `memory that cannot be had is told`() throws {
      let place = try Workplace()
      try place.write(Trial())
      try place.lab("run", "config.json", "-q")
      // Below this not even the program's libraries are loaded.
      let least = try #require(
        (3...40).map { $0 * 10 }.first { megabytes in
          let outcome = try? place.shell(
            "ulimit -v $((1024 * \(megabytes))); \"$LAB\" --version 2>&1")
          return outcome?.status == 0
        })
      var failed = 0
      for (number, more) in [0, 4, 8, 12, 20, 30, 45, 60, 90, 120, 200].enumerated() {
        for command in Self.commands.indices where (command + number) % 3 == 0 {
          let command = Self.commands[command]
          let outcome = try place.shell(
            """
            rm -rf report; ulimit -v $((1024 * \(least + more)))
            exec timeout -s KILL 60 "$LAB" \(command)
            """)
          let name = "\(command), \(least + more) MB: \(outcome.status) \(outcome.errors)"
          #expect(outcome.status == 0 || outcome.status == 71, "\(name)")
          guard outcome.status != 0 else { continue }
          failed += 1
          #expect(outcome.errors.contains("error: the system gives no "), "\(name)")
        }
      }
      #expect(failed > 0)
      #expect(try place.sqlite("PRAGMA integrity_check") == "ok")
      #expect(try place.run("verify", "1").status == 0)
    }
  #endif
}
