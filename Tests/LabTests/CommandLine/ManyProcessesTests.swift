import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Several programs at one database.
@Suite struct ManyProcessesTests {
  @Test func `eight processes train into one new database while others read it`() throws {
    let place = try Workplace()
    for seed in 1...8 {
      try place.write(Trial(name: "seed-\(seed)", seed: seed, epochs: 120), to: "\(seed).json")
    }
    let programs = try (1...8).map { seed in
      try LiveProgram(["run", "\(seed).json", "-q"], in: place)
    }
    var answers = 0
    while programs.contains(where: \.isRunning) {
      guard FileManager.default.fileExists(atPath: place.file("lab.db")) else { continue }
      let list = try place.run("runs")
      #expect(list.status == 0, "\(list.errors)")
      let answer = try place.run(
        "query", "SELECT count(*) FROM epochs JOIN weights USING (run_id, epoch) WHERE epoch = 3")
      #expect(answer.status == 0, "\(answer.errors)")
      answers += 1
    }
    #expect(answers > 0)
    for program in programs {
      let end = try program.finish()
      #expect(end.status == 0, "\(end.errors)")
    }
    #expect(try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
    #expect(
      try place.sqlite("SELECT name FROM runs WHERE status = 'completed' ORDER BY name")
        == (1...8).map { "seed-\($0)" }.joined(separator: "\n"))
    for seed in 1...8 {
      let run = try place.sqlite("SELECT run_id FROM runs WHERE name = 'seed-\(seed)'")
      try place.lab("run", "\(seed).json", "-q", "--db", "alone-\(seed).db")
      #expect(try place.bits(of: run) == place.bits(of: "1", database: "alone-\(seed).db"))
      #expect(try place.hashes(of: run).count == 121)
    }
  }

  @Test func `of two resumes at once one trains and the other is told`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    let rivals = try (1...2).map { _ in
      try LiveProgram(["resume", "1", "--epochs", "150"], in: place)
    }
    // The winner is kept from its end by its unread messages, so the other cannot come later.
    while rivals.allSatisfy(\.isRunning) {}
    let ends = try rivals.map { try $0.finish() }.sorted { $0.status < $1.status }
    #expect(ends.map(\.status) == [0, 75])
    #expect(ends[1].errors.contains("error: run 1 is being trained by another process ("))
    try place.write(Trial(epochs: 150))
    try place.lab("run", "config.json", "-q")
    #expect(try place.bits(of: "1") == place.bits(of: "2"))
  }

  @Test func `transactions of other programs are waited for`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 30))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.shell(
      """
      { printf 'BEGIN IMMEDIATE;\nSELECT 1;\n'; sleep 1; echo 'COMMIT;'; } | sqlite3 lab.db > begun &
      until test -s begun; do :; done
      exec "$LAB" run config.json -q
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.bits(of: "1") == place.bits(of: "2"))
  }

  @Test func `a reader that stays in its transaction sees one moment and stops nobody`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 30))
    try place.lab("run", "config.json", "-q")
    let outcome = try place.shell(
      """
      mkfifo go
      { printf 'BEGIN;\nSELECT count(*) FROM runs;\n'; read line < go
        printf 'SELECT count(*) FROM runs;\nCOMMIT;\nSELECT count(*) FROM runs;\n'; } \
        | sqlite3 lab.db > seen &
      until test -s seen; do :; done
      "$LAB" run config.json -q
      echo > go
      wait $!
      cat seen
      """)
    #expect(outcome.output == "2\n1\n1\n2\n")
    #expect(outcome.errors == "")
  }

  /// A loop of stock shells that wait for nothing; prints how many answered and what the others said.
  private static let impatientReader = """
    answers=0
    until test -e stop; do
      sqlite3 lab.db 'SELECT count(*) FROM epochs' >>seen 2>>refused && answers=$((answers + 1))
    done
    echo $answers >>answers

    """

  /// Two shells can refuse each other when nobody else is there; while a run is, they do not.
  @Test func `many stock readers refuse nobody while a run is recorded`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 20))
    try place.write(Trial(epochs: 1_000_000), to: "long.json")
    let long = try LiveProgram(["run", "long.json", "-q"], in: place)
    while try place.run("show", "1").status != 0 {}
    let outcome = try place.shell(
      """
      for reader in 1 2 3 4; do { \(Self.impatientReader) } & done
      for run in 1 2 3 4 5 6; do "$LAB" run config.json -q; done
      touch stop
      wait
      """)
    #expect(long.isRunning)
    long.send(SIGTERM)
    #expect(try long.finish().status == 128 + SIGTERM)
    #expect(outcome.output == "2\n3\n4\n5\n6\n7\n")
    #expect(try place.text("refused") == "")
    #expect(try place.text("answers").split(separator: "\n").count == 4)
    #expect(try place.sqlite("PRAGMA integrity_check") == "ok")
  }
}
