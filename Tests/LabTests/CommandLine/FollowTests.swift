import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `show --follow`, and what `show` and `runs` say of a run that another process trains.
@Suite struct FollowTests {
  /// Waits until some epochs of a run of another process are stored.
  private func awaitRun(_ place: Workplace) throws {
    let stored = "SELECT count(*) FROM epochs WHERE epoch = 3"
    while (try? place.sqlite(stored)) != "1" {}
  }

  @Test func `a living run says how far it is and when it will end`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3_000))
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 9)
    try awaitRun(place)
    let shown = try place.lab("show", "1")
    #expect(
      shown.firstMatch(of: /\nepochs +\d+ of 3000\nends +in about [0-9:s]+, at 2\d\d\d-/) != nil)
    let listed = try place.lab("runs")
    #expect(listed.firstMatch(of: #/running, [0-9:s]+ left +\d+ of 3000 /#) != nil, "\(listed)")
    // What machines read stays as it is.
    #expect(try place.lab("runs", "--csv").firstMatch(of: /\n1,trial,running,\d+,/) != nil)
    #expect(try place.lab("show", "1", "--json").contains(#""status":"running","#))
    program.send(SIGTERM)
    _ = try program.finish()
    #expect(!(try place.lab("runs")).contains(" of 3000"))
    #expect(!(try place.lab("show", "1")).contains("\nends "))
  }

  @Test func `each epoch is a line as training tells it, until the end`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 60))
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 3)
    try awaitRun(place)
    let following = try LiveProgram(
      ["-c", "exec \"$LAB\" show 1 --follow --all >&2"], in: place, executable: "/bin/sh")
    following.read(upTo: 3)
    let end = try program.finish()
    #expect(end.status == 0)
    #expect(try following.finish().status == 0)
    let epochs = program.lines.filter { $0.hasPrefix("Epoch ") }
    #expect(epochs.count == 60)
    #expect(following.lines.dropLast() == epochs[...])
    #expect(
      following.lines.last
        == "Completed: run 1 in lab.db, epoch 60 stored. Look at it with: lstm-lab show 1")
    // A run that has ended tells its last ten epochs and how it ended.
    let late = try place.lab("show", "1", "--follow").split(separator: "\n").map(String.init)
    #expect(late == Array(epochs.suffix(10)) + [following.lines.last ?? ""])
  }

  /// A run without end, and who follows it and has read two lines.
  private func followed(
    in place: Workplace
  ) throws -> (program: LiveProgram, following: LiveProgram) {
    try place.write(Trial(epochs: 100_000))
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 3)
    try awaitRun(place)
    let following = try LiveProgram(
      ["-c", "exec \"$LAB\" show 1 --follow >&2"], in: place, executable: "/bin/sh")
    following.read(lines: 2)
    return (program, following)
  }

  @Test(arguments: [SIGTERM, SIGKILL]) func `what ends the run ends the following`(
    signal: CInt
  ) throws {
    let place = try Workplace()
    let (program, following) = try followed(in: place)
    program.send(signal)
    _ = try program.finish()
    #expect(try following.finish().status == 0)
    let last = try place.sqlite("SELECT max(epoch) FROM epochs")
    #expect(
      following.lines.last
        == "\(signal == SIGTERM ? "Stopped" : "Crashed"): run 1 in lab.db is stored up to "
        + "epoch \(last). Go on with: lstm-lab resume 1")
    #expect(following.lines.dropLast().last?.hasPrefix("Epoch \(last)/100000 - ") == true)
  }

  @Test func `a signal ends the following alone`() throws {
    let place = try Workplace()
    let (program, following) = try followed(in: place)
    following.send(SIGINT)
    #expect(try following.finish().status == 130)
    #expect(following.lines.last?.hasPrefix("Epoch ") == true)
    #expect(program.isRunning)
  }

  @Test func `it takes a run alone and no form of output`() throws {
    let place = try Workplace()
    try place.write(Trial())
    try place.lab("run", "config.json", "-q")
    #expect(try place.run("show", "1", "--follow", "--json").status == 64)
    let epoch = try place.run("show", "1@3", "--follow")
    #expect(epoch.status == 64)
    #expect(epoch.errors.contains("lstm-lab show 1 --follow\n"))
  }
}
