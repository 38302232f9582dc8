import Foundation
import Testing

/// The examples in the help texts.
@Suite struct HelpTests {
  private static func commands(_ place: Workplace) throws -> [String] {
    let list = try #require(place.lab("--help").components(separatedBy: "SUBCOMMANDS:\n").last)
    return list.matches(of: #/(?m)^  ([a-z]+) /#).map { String($0.output.1) }
  }

  private static func examples(_ help: String) throws -> [String] {
    let text = try #require(help.components(separatedBy: "\nExamples:\n").dropFirst().first)
    return text.components(separatedBy: "\n\n")[0].components(separatedBy: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// A script that ends a server as soon as it has printed its address.
  private static func untilItServes(_ command: String) -> String {
    """
    unset DISPLAY WAYLAND_DISPLAY
    : > address
    \(command) > address & server=$!
    while [ ! -s address ] && kill -0 $server 2> /dev/null; do sleep 0.1; done
    kill $server 2> /dev/null
    wait $server
    """
  }

  @Test func `every command has two or three examples, which work`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, samples: 4))
    for _ in 0..<3 { try place.lab("run", "config.json", "-q") }
    try place.write("#!/bin/sh\n[ \"$LSTM_LAB_EPOCH\" = 0 ]\n", to: "check.sh")
    _ = try place.shell("chmod +x check.sh")
    let commands = try Self.commands(place)
    #expect(commands.count >= 18)
    for command in commands {
      let examples = try Self.examples(
        place.output(Program.path, [command, "--help"], environment: ["COLUMNS": "80"]))
      #expect((2...3).contains(examples.count), "\(command): \(examples)")
      for example in examples {
        #expect(example.hasPrefix("lstm-lab \(command)"), "\(example)")
        if command == "bench" || example.contains("tensorboard") { continue }
        let typed = example.replacing(#/^lstm-lab/#, with: "\"$LAB\"")
        let outcome = try place.shell(command == "serve" ? Self.untilItServes(typed) : typed)
        // A run or an epoch that is not there, or a difference, is no mistake of the example.
        #expect([0, 1, 66, 73].contains(outcome.status), "\(example): \(outcome.errors)")
      }
    }
  }
}
