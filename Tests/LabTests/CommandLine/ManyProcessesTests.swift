import Foundation
import Testing

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
}
