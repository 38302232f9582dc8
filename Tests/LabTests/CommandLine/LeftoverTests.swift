import Foundation
import Testing

/// What a killed process leaves of files that it was making: the next one removes it, and nothing else.
@Suite(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
struct LeftoverTests {
  private func begun() throws -> Workplace {
    let place = try Workplace()
    try place.makeFaults()
    try place.write(Trial(epochs: 4))
    try place.lab("run", "config.json", "-q")
    return place
  }

  /// The names in a folder that end like a file that is not yet in its place.
  private func unfinished(_ place: Workplace, _ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.file(folder))
      .filter { $0.hasSuffix(".tmp") }.sorted()
  }

  @Test(arguments: ["export 1 out/w.safetensors", "report 1 -o out"])
  func `a killed output leaves nothing that stays`(command: String) throws {
    let place = try begun()
    _ = try place.shell("mkdir out")
    let others = [".lstm-lab-0.tmp", ".lstm-lab-note-of-mine.tmp", "w.safetensors.12.tmp"]
    for other in others { try place.write("mine", to: "out/\(other)") }
    let killed = try place.shell(
      "exec \"$LAB\" \(command)", environment: place.fault("kill", at: 1, of: ",rename,"))
    #expect(try place.wasReached())
    #expect(killed.status == 128 + SIGKILL)
    #expect(try unfinished(place, "out").count == others.count + 1)
    #expect(try place.shell("exec \"$LAB\" \(command)").status == 0)
    #expect(try unfinished(place, "out") == others)
  }

  @Test func `what a living process is writing is left alone`() throws {
    let place = try begun()
    let outcome = try place.shell(
      """
      "$LAB" export 1@1 slow.safetensors & slow=$!
      until test -e writing; do :; done
      LD_PRELOAD= "$LAB" export 1@2 fast.safetensors || exit 9
      ls -A | grep -c '^[.]lstm-lab-.*tmp$' >seen
      touch go
      wait $slow
      """,
      environment: place.fault(
        "do", at: 1, of: ",rename,", doing: "touch writing; until test -e go; do :; done"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try place.wasReached())
    #expect(try place.text("seen") == "1")
    #expect(try place.names().contains("slow.safetensors"))
    #expect(try unfinished(place, "") == [])
  }

  @Test func `the folder of a killed bisect is removed by the next, that of a living one is not`()
    throws
  {
    let place = try begun()
    _ = try place.shell("mkdir tmp tmp/lstm-lab-bisect-mine tmp/lstm-lab-bisect-000000000000a")
    try place.write("mine", to: "tmp/lstm-lab-bisect-000000000000a/note")
    let environment = ["TMPDIR": place.file("tmp")]
    func folders() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: place.file("tmp")).count - 2
    }
    for _ in 1...2 {
      let killed = try place.shell(
        "exec \"$LAB\" bisect 1 --test 'kill -9 $PPID'", environment: environment)
      #expect(killed.status == 128 + SIGKILL)
      #expect(try folders() == 1)
    }
    // The inner one begins while the outer one lives, and removes what is left of the killed one only.
    let outcome = try place.shell(
      #"""
      exec "$LAB" bisect 1 \
        --test '"$LAB" bisect 1 --test true >/dev/null; test -s "$1" && test $LSTM_LAB_EPOCH -lt 2'
      """#, environment: environment)
    #expect(outcome.output == "The first epoch that fails is 2.\n", "\(outcome.errors)")
    #expect(try folders() == 0)
    #expect(try place.text("tmp/lstm-lab-bisect-000000000000a/note") == "mine")
  }
}
