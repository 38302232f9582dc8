import Foundation
import Testing

/// Which database a command works on, and how messages name it.
@Suite struct DatabaseChoiceTests {
  @Test func `the option beats the environment, which beats the default`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    let environment = ["LSTM_LAB_DB": "environment.db"]
    let database = { try place.names().filter { $0.hasSuffix(".db") } }

    try place.lab(
      "run", "config.json", "-q", "--db", "option.db", environment: environment)
    #expect(try database() == ["option.db"])
    try place.lab("run", "config.json", "-q", environment: environment)
    #expect(try database() == ["environment.db", "option.db"])
    try place.lab("run", "config.json", "-q")
    #expect(try database() == ["environment.db", "lab.db", "option.db"])

    for (index, name) in ["lab.db", "environment.db", "option.db"].enumerated() {
      _ = try place.sqlite("UPDATE run SET name = 'in \(name)', id = \(index + 4)", database: name)
    }
    let name = "SELECT name FROM runs"
    #expect(try place.lab("query", name, "--csv") == "name\nin lab.db")
    #expect(
      try place.lab("query", name, "--csv", environment: environment)
        == "name\nin environment.db")
    #expect(
      try place.lab("query", name, "--csv", "--db", "option.db", environment: environment)
        == "name\nin option.db")
    #expect(
      try place.lab("query", name, "--csv", environment: ["LSTM_LAB_DB": ""])
        == "name\nin lab.db")
  }

  @Test func `every command takes the option`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    let database = ["--db", "sub folder/it's.db"]
    try FileManager.default.createDirectory(
      atPath: place.file("sub folder"), withIntermediateDirectories: false)
    let commands = [
      ["run", "config.json", "-q"], ["resume", "1", "--epochs", "3", "-q"],
      ["resume", "1", "--from", "1", "-q"], ["runs"], ["show", "2"], ["query", "SELECT 1"],
      ["export", "1@2", "w.safetensors"],
    ]
    for command in commands {
      let outcome = try Program.run(Program.path, command + database, in: place.path)
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    #expect(try place.names() == ["config.json", "sub folder", "w.safetensors"])
  }

  /// What a message advises can be typed as it stands.
  @Test func `advice names the database that the option named`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    let outcome = try place.run("run", "config.json", "--db", "it's here.db")
    let advice = try #require(outcome.errors.split(separator: "Look at it with: ").last)
    #expect(advice == "lstm-lab show 1 --db 'it'\\''s here.db'\n")
    let shown = try place.shell(
      "lstm-lab() { \"$LAB\" \"$@\"; }; \(advice)".replacing("lstm-lab", with: "lab"))
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.hasPrefix("run           1\n"))
    #expect(
      try place.run("run", "config.json").errors
        .hasSuffix("Look at it with: lstm-lab show 1\n"))
  }

  @Test func `paths in a configuration start at its folder`() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      atPath: place.file("deep/er"), withIntermediateDirectories: true)
    try place.write(NPYBytes.file(shape: [2, 2, 1], values: [1, 2, 3, 4]), to: "deep/x.npy")
    try place.write(NPYBytes.file(shape: [2, 2], values: [1, 0, 0, 1]), to: "deep/er/y.npy")
    try place.write(
      Trial(features: 1, train: #"{"x":"../x.npy","y":"y.npy"}"#), to: "deep/er/config.json")
    try place.lab("run", "deep/er/config.json", "-q")
    let resumed = try Program.run(
      Program.path, ["resume", "1", "--epochs", "8", "-q", "--db", "../lab.db"],
      in: place.file("deep"))
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try place.hashes(of: "1").count == 9)
  }

  @Test func `a link to a database is the database`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try FileManager.default.createDirectory(
      atPath: place.file("other"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: place.file("link.db"), withDestinationPath: "other/lab.db")
    try place.lab("run", "config.json", "-q", "--db", "other/lab.db")
    #expect(try place.lab("run", "config.json", "-q", "--db", "link.db") == "2")
    #expect(try place.sqlite("SELECT count(*) FROM runs", database: "link.db") == "2")
    #expect(try place.names() == ["config.json", "link.db", "other"])
  }
}
