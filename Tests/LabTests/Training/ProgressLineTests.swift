import Lab
import LabFormats
import Testing

/// The lines that tell how training goes.
@Suite struct ProgressLineTests {
  static func progress(_ epoch: Int, of epochs: Int = 100, first: Int = 0) -> EpochProgress {
    var progress = EpochProgress(
      epoch: epoch, epochs: epochs, steps: 5, seconds: 0.000_41,
      elapsed: 2.0 * Double(epoch - first),
      metrics: [
        EpochProgress.Metric("loss", 0.591_4), EpochProgress.Metric("accuracy", 13.0 / 15),
        EpochProgress.Metric("val_loss", 0.000_25),
      ])
    progress.firstEpoch = first
    return progress
  }

  @Test func `plain lines are those of Keras`() {
    #expect(
      ProgressLine.plain(Self.progress(1))
        == "Epoch 1/100 - loss: 0.5914 - accuracy: 0.8667 - val_loss: 2.5000e-04 - 410µs")
  }

  @Test(arguments: [
    (
      101,
      "Epoch  37/100 - loss: 0.5914 - accuracy: 0.8667 - val_loss: 2.5000e-04 - 2:06 left "
        + "━━━━━━────────────"
    ),
    (
      90,
      "Epoch  37/100 - loss: 0.5914 - accuracy: 0.8667 - val_loss: 2.5000e-04 - 2:06 left ━━─────"
    ),
    (80, "Epoch  37/100 - loss: 0.5914 - accuracy: 0.8667 - 2:06 left ━━━━━━━─────────────"),
    (60, "Epoch  37/100 - loss: 0.5914 - accuracy: 0.8667 - 2:06 left"),
    (40, "Epoch  37/100 - loss: 0.5914 - 2:06 left"),
    (30, "Epoch  37/100 - 2:06 left"),
    (20, "Epoch  37/100"),
    (5, "Epoc…"),
  ]) func `a line on a terminal shortens with its width`(width: Int, line: String) {
    #expect(ProgressLine.terminal(Self.progress(37), width: width, colour: false) == line)
  }

  @Test func `a line within an epoch has the loss so far and the time left from the first step on`()
  {
    var progress = EpochProgress(
      epoch: 1, epochs: 10, steps: 4, seconds: 0, elapsed: 2, metrics: [.init("loss", 0.591_4)])
    progress.step = 1
    #expect(progress.secondsLeft == 2 / 0.25 * 9.75)
    #expect(
      ProgressLine.terminal(progress, width: 80, colour: false)
        == "Epoch  1/10 - loss: 0.5914 · step 1/4 - 1:18 left ────────────────────")
    progress.firstEpoch = 0
    progress.epoch = 10
    progress.step = 3
    #expect(ProgressLine.terminal(progress, width: 40, colour: false).contains(" left"))
  }

  @Test func `several runs tell their losses and the time left of all`() {
    var progress = RepeatsProgress(runs: 4, epochs: 10)
    progress.note(RepeatedRun(seed: 7), epoch: 1, part: 0.5, loss: 0.75)
    progress.note(
      RepeatedRun(seed: 8), epoch: 5,
      metrics: [.init("loss", 0.5), .init("accuracy", 1), .init("val_loss", 0.25)])
    progress.note(RepeatedRun(seed: 8), epoch: 6, part: 0.5, loss: 9)
    #expect(
      progress.line(width: 120, colour: false, elapsed: 6.03)
        == "Runs 0/4 - seed 7: epoch 1/10, loss: 0.7500 - seed 8: epoch 5/10, loss: 0.5000, "
        + "val_loss: 0.2500 - 34s left ━───────────")
    #expect(
      progress.line(width: 60, colour: false, elapsed: 6.03)
        == "Runs 0/4 - seed 7: epoch 1/10, loss: 0.7500 - 34s left ─────")
    for width in 1..<130 {
      let line = progress.line(width: width, colour: false, elapsed: 6)
      #expect(DisplayWidth.of(line) <= width)
    }
  }

  /// Without its colours, no line is wider than the terminal.
  @Test(arguments: 1..<130, [1, 50, 100]) func `no line is wider than its terminal`(
    width: Int, epoch: Int
  ) {
    let line = ProgressLine.terminal(Self.progress(epoch), width: width, colour: true)
    let plain = line.replacing(/\u{1B}\[[0-9]+m/, with: "")
    #expect(DisplayWidth.of(plain) <= width)
    #expect(!line.contains("\r") && !line.contains("\n"))
  }

  @Test func `time left counts from the resumed epoch`() {
    #expect(Self.progress(60, first: 50).secondsLeft == 80)
    #expect(Self.progress(50, first: 50).secondsLeft == nil)
    #expect(Self.progress(100).secondsLeft == 0)
  }

  @Test(arguments: [
    (0, "0s"), (59.9, "59s"), (61, "1:01"), (3601, "1:00:01"), (90000, "25:00:00"),
  ]) func `a time is shown as a clock`(seconds: Double, text: String) {
    #expect(ProgressLine.clock(seconds) == text)
  }

  @Test(arguments: [
    (0, "0µs"), (0.000_024, "24µs"), (0.000_999_4, "999µs"), (0.000_999_6, "1.0ms"),
    (0.001_26, "1.3ms"), (0.0123, "12ms"), (0.9996, "1.0s"), (1.26, "1.3s"),
    (59.96, "1m00s"), (125, "2m05s"), (3720, "1h02m"), (90000, "1d01h"), (-1, "?"), (.nan, "?"),
  ]) func `a duration is shown in the unit of its size`(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test func `there may be more bytes than Int counts`() {
    #expect(NumberText.bytes(1e21) == "888178.42 PB")
    #expect(NumberText.bytes(.infinity) == "inf PB")
  }

  @Test(arguments: [
    (0, "0", "0.00 B"), (999, "999", "999.00 B"), (1024, "1,024", "1.00 KB"),
    (1_465_856, "1,465,856", "1.40 MB"), (-1_234_567, "-1,234,567", "-1234567.00 B"),
  ]) func `counts and bytes are shown in groups and units`(value: Int, count: String, bytes: String)
  {
    #expect(NumberText.count(value) == count)
    #expect(NumberText.bytes(value) == bytes)
  }
}
