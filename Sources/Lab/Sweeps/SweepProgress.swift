import LabFormats

/// How far a sweep is; a value that progress lines are functions of.
package struct SweepProgress: Equatable, Sendable {
  private let runs: Int
  private var ended = 0
  /// The runs under way by what they are, with their last epoch.
  private var current: [(title: String, epoch: Int)] = []

  /// The progress of so many runs of which none has begun.
  package init(runs: Int) { self.runs = runs }

  package static func == (a: Self, b: Self) -> Bool {
    a.runs == b.runs && a.ended == b.ended
      && a.current.elementsEqual(b.current) { $0.title == $1.title && $0.epoch == $1.epoch }
  }

  /// Notes that a run has trained an epoch.
  package mutating func note(_ task: SweepTask, epoch: Int) {
    if let place = current.firstIndex(where: { $0.title == task.title }) {
      current[place].epoch = epoch
    } else {
      current.append((task.title, epoch))
    }
  }

  /// Notes that a run has ended, or was there.
  package mutating func end(_ task: SweepTask) {
    current.removeAll { $0.title == task.title }
    ended += 1
  }

  /// Returns one line for a terminal: the runs under way as far as there is room, the time left, a bar.
  ///
  /// - Parameter elapsed: The seconds since the first run began.
  package func line(width: Int, colour: Bool, elapsed: Double) -> String {
    let done = Double(ended) / Double(max(1, runs))
    return ProgressLine.line(
      "Runs \(ended)/\(runs)", current.map { " - \($0.title): epoch \($0.epoch)" },
      time: ProgressLine.left(ended > 0 ? elapsed / done * (1 - done) : nil), done: done,
      width: width, colour: colour)
  }
}
