import Lab
import Testing

/// `bisect` finds the first epoch that fails.
@Suite struct BisectTests {
  @Test func `each first bad epoch is found, whatever cannot be tested`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 12, record: #""weights":{"every":2}"#))
    try place.lab("run", "config.json", "-q")
    for bad in stride(from: 2, through: 12, by: 2) {
      let command =
        #"test -s "$1" && test "$1" = "$LSTM_LAB_WEIGHTS" && test "#
        + "$LSTM_LAB_EPOCH -lt \(bad - 1)"
      let outcome = try place.run("bisect", "1", "--test", command)
      #expect(outcome.status == 0)
      #expect(outcome.output == "The first epoch that fails is \(bad).\n")
      #expect(outcome.errors.hasPrefix("epoch 12: bad\nepoch 0: good\n"))
      let trials = outcome.errors.split(separator: "\n").count
      #expect(trials <= 2 + 3, "\(trials) trials among 7 epochs")
    }
    let skipping = "case $LSTM_LAB_EPOCH in 4|6) exit 125;; esac; test $LSTM_LAB_EPOCH -lt 5"
    #expect(
      try place.lab("bisect", "1", "--test", skipping)
        == "The first epoch that fails is one of 4, 6, 8; all but the last of them could not be "
        + "tested.")
  }

  @Test func `without a change from good to bad nothing is found`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    for (command, text) in [
      ("true", "No epoch fails: the last one, 3, passes.\n"),
      ("false", "The first epoch, 0, fails already.\n"),
      ("kill -9 $$", "The first epoch, 0, fails already.\n"),
      ("exit 125", "Epoch 3 cannot be tested, and one end of the run must be.\n"),
    ] {
      let outcome = try place.run("bisect", "1", "--test", command)
      #expect(outcome.status == 1 && outcome.output == text)
    }
    let early = try place.run("bisect", "1@2", "--test", "echo seen; false", "--csv")
    #expect(early.output == "epoch,verdict\n2,bad\n0,bad\n")
    #expect(early.errors.contains("seen\n"))
  }

  @Test func `the weights that are tested are the epoch's`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    try place.lab("run", "config.json", "-q")
    for epoch in 0...4 { try place.lab("export", "1@\(epoch)", "epoch-\(epoch).safetensors") }
    let command = #"cmp -s "$1" epoch-$LSTM_LAB_EPOCH.safetensors && test $LSTM_LAB_EPOCH -lt 3"#
    #expect(
      try place.lab("bisect", "1", "--test", command) == "The first epoch that fails is 3.")
  }

  @Test func `a signal stops the search and leaves nothing behind`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 4))
    try place.lab("run", "config.json", "-q")
    #expect(try place.shell("mkdir tmp").status == 0)
    for (signal, status) in [("INT", 130), ("TERM", 143)] as [(String, Int32)] {
      // The second test is stopped, while its weights are there.
      let command = "test $LSTM_LAB_EPOCH -eq 4 && exit 1; ls \"$1\"; kill -\(signal) $PPID"
      let outcome = try place.run(
        "bisect", "1", "--test", command, environment: ["TMPDIR": place.file("tmp")])
      #expect(outcome.status == status && outcome.output == "")
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.count == 3 && lines[0] == "epoch 4: bad")
      #expect(lines[1].hasSuffix("/epoch-0.safetensors") && lines[2].hasPrefix("Stopped"))
      #expect(try place.shell("ls -A tmp").output == "")
    }
  }
}
