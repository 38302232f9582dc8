import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Signals, and runs that are under way.
@Suite struct InterruptionTests {
  @Test(arguments: [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")])
  func `a signal stops the run after a whole epoch`(signal: CInt, name: String) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 120))
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 9)
    program.send(signal)
    let end = try program.finish()
    #expect(end.status == 128 + signal)
    #expect(end.output == "1\n")
    let last = try #require(Int(try place.sqlite("SELECT max(epoch) FROM epochs")))
    #expect((9..<120).contains(last))
    #expect(
      program.lines.last
        == "Stopped: run 1 in lab.db is stored up to epoch \(last). Go on with: lstm-lab resume 1")
    #expect(try place.status() == "interrupted")
    #expect(
      try place.sqlite("SELECT status, finished_at IS NOT NULL FROM runs") == "interrupted|1")

    try place.lab("resume", "1", "-q")
    #expect(try place.status() == "completed")
    try place.lab("run", "config.json", "-q")
    #expect(try place.bits(of: "1") == place.bits(of: "2"))
  }

  /// Between the epochs that the configuration stores whole there is no loss: the one that a signal
  /// stops the run at is stored whole, too.
  @Test(arguments: [
    #""weights":{"every":100},"optimizer":{"every":100}"#,
    #""weights":{"every":1},"optimizer":{"every":100},"predictions":{"every":1}"#,
    #""weights":{"every":100},"optimizer":{"every":1}"#,
  ])
  func `a run that stores its weights seldom loses no epoch to a signal`(record: String) throws {
    let place = try Workplace()
    var trial = Trial(epochs: 100)
    trial.record = record
    try place.write(trial)
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 9)
    program.send(SIGTERM)
    #expect(try program.finish().status == 128 + SIGTERM)
    let last = try #require(Int(try place.sqlite("SELECT max(epoch) FROM epochs")))
    #expect((9..<100).contains(last))
    #expect(
      try place.sqlite("SELECT group_concat(epoch) FROM epoch WHERE resumable") == "0,\(last)")
    let resumed = try place.run("resume", "1")
    #expect(resumed.status == 0)
    let left = last == 99 ? "epoch 100" : "epochs \(last + 1) to 100"
    #expect(resumed.errors.contains("\(left), 1 thread"))
    try place.lab("run", "config.json", "-q")
    #expect(try place.hashes(of: "1") == place.hashes(of: "2"))
    // What was stored in addition are the bits that training went through.
    try place.write(Trial(epochs: last), to: "short.json")
    try place.lab("run", "short.json", "-q")
    let vectors = """
      SELECT part, name, group_concat(hex(data), '') FROM recording
      JOIN vector ON id >= first_vector AND id < first_vector + vectors
      WHERE epoch = \(last) AND part <> 'predictions' AND run_id =
      """
    let stored = try place.sqlite(vectors + " 1 GROUP BY part, name")
    #expect(stored.split(separator: "\n").count == 3)
    #expect(try stored == place.sqlite(vectors + " 3 GROUP BY part, name"))
  }

  @Test func `a run that is being trained cannot be resumed, and shows as running`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 120))
    let program = try LiveProgram(["run", "config.json"], in: place)
    program.read(upTo: 3)
    while try place.run("show", "1").status != 0 {}
    let refused = try place.run("resume", "1")
    #expect(refused.status == 75)
    #expect(refused.output == "")
    #expect(
      refused.errors == """
        error: run 1 is being trained by another process (\(place.file("lab.db")))
          wait for it, or stop it first

        """)
    #expect(try place.status() == "running")
    #expect(try place.sqlite("SELECT status FROM runs") == "running")
    // A fork of what is stored is another run, and disturbs nobody.
    #expect(try place.lab("resume", "1", "--from", "2", "--epochs", "4", "-q") == "2")
    #expect(try program.finish().status == 0)
    #expect(try place.hashes(of: "2") == Array(try place.hashes(of: "1")[2...4]))
    #expect(try place.sqlite("SELECT status FROM runs") == "completed\ncompleted")
  }

  @Test func `a reader that goes away ends the program quietly`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 40))
    try place.lab("run", "config.json", "-q")
    let script = """
      { "$LAB" query "SELECT * FROM weights" --csv; echo $? > status; } | head -n 1
      cat status
      """
    let outcome = try place.shell(script)
    #expect(
      outcome.output == "run_id,epoch,layer,tensor,row,col,gate,unit,source,value,direction\n141\n")
    #expect(outcome.errors == "")
  }

  @Test func `output that cannot be written is an error`() throws {
    let place = try Workplace()
    try place.write(Trial())
    try place.lab("run", "config.json", "-q")
    for command in ["runs --csv", "show 1", "query 'SELECT 1'", "check config.json"] {
      let outcome = try place.shell("\"$LAB\" \(command) > /dev/full")
      #expect(outcome.status == 74, "\(command)")
      #expect(
        outcome.errors == """
          error: the output cannot be written: No space left on device (standard output)
            free some space, or send the output elsewhere

          """)
    }
    // Messages are another matter: a log that is full does not end a training.
    let trained = try place.shell("\"$LAB\" run config.json 2> /dev/full")
    #expect(trained.status == 0)
    #expect(trained.output == "2\n")
  }

  @Test func `a reader of messages that goes away does not end the training`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 300))
    let outcome = try place.shell(
      "{ \"$LAB\" run config.json 2>&1 > id; echo $? > status; } | head -n 1; cat id status")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.first?.hasPrefix("trial: 172 parameters, ") == true)
    #expect(lines.dropFirst() == ["1", "0"])
    #expect(try place.status() == "completed")
  }
}
