import Foundation
import Testing

/// What the system does not give, and names that are not what they seem.
@Suite struct LimitTests {
  @Test(arguments: ["--help", "--version", "help run", "run --help"])
  func `an answer that cannot be written is an error`(command: String) throws {
    let outcome = try Workplace().shell("exec \"$LAB\" \(command) > /dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.errors.hasPrefix("error: the output cannot be written: "))
  }

  @Test func `a name that is not UTF-8 is no other name`() throws {
    let place = try Workplace()
    try place.write(Trial())
    for command in [
      "exec \"$LAB\" run config.json -q --db \"$(printf 'lab\\377.db')\"",
      "LSTM_LAB_DB=\"$(printf 'lab\\351.db')\" exec \"$LAB\" run config.json -q",
    ] {
      let outcome = try place.shell(command)
      #expect(outcome.status == 64)
      #expect(outcome.errors.hasPrefix("error: the byte 0x"))
    }
    #expect(try place.names() == ["config.json"])
  }

  @Test func `a place where no database can be made is told as such`() throws {
    let place = try Workplace()
    try place.write(Trial())
    _ = try place.shell("ln -s loop loop")
    for path in ["loop", "loop/lab.db", String(repeating: "a", count: 300)] {
      let outcome = try place.run("run", "config.json", "-q", "--db", path)
      #expect(outcome.status == 73, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error: the file cannot be created or written ("))
    }
  }

  @Test func `no output replaces the database or what belongs to it`() throws {
    let place = try Workplace()
    try place.write(Trial())
    try place.lab("run", "config.json", "-q")
    for file in ["lab.db", "lab.db-wal", "lab.db-lock"] {
      _ = try place.shell(
        "ln -sf \(file) w.safetensors; mkdir -p r; ln -sf ../\(file) r/epochs.csv")
      for command in ["export 1@0 w.safetensors", "export 1@0 ./w.safetensors", "report -o r"] {
        let outcome = try place.shell("exec \"$LAB\" \(command)")
        #expect(outcome.status == 64, "\(command) \(file)")
        #expect(outcome.errors.hasPrefix("error: the output would replace "))
      }
    }
    #expect(try place.sqlite("PRAGMA integrity_check; SELECT count(*) FROM epochs") == "ok\n7")
  }

  /// Whether a library can be made that stands in for one of the system's functions.
  static let canPreload: Bool = {
    #if os(Linux)
      return (try? Workplace().shell("command -v cc").status) == 0
    #else
      return false
    #endif
  }()
}
