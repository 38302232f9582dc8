import Foundation
import Lab
import LabFormats
import Testing

/// Every listing on terminals of 60, 80 and 120 columns, of few and many runs and of a wide model; the
/// screens are in `Golden/screens-*.txt`, of long ones the beginning and the end.
@Suite(.enabled(if: Workplace.hasScript, "there is no util-linux `script` here"))
struct ScreenTests {
  /// The commands of each golden file.
  private static let listings: KeyValuePairs<String, [String]> = [
    "runs": ofEach("runs") + ["runs --db folds.db"],
    "compare": ofEach("compare") + [
      "compare --db folds.db",
      "compare --baseline 1 --db 3.db", "compare 1 2 --all --db 3.db",
    ],
    "groups": ofEach("compare --group-by config") + [
      "compare --group-by config --db folds.db",
      "compare --group-by seed --db 200.db", "compare --group-by units --db 200.db",
    ],
    "show": ofEach("show @last") + [
      "show 5 --all --db 30.db", "show 1 --db wide.db", "show 2 --db wide.db",
      "show 3 --db folds.db",
    ],
    "weights": ofEach("weights @last") + [
      "weights 1 --db wide.db", "weights 2 --by-gate --db wide.db",
      "weights 2 --concat --db wide.db",
      "weights 1 --concat --db wide.db", "weights 1 --unit 3 --db wide.db",
      "weights 2 'bidirectional/forward/kernel[0,3]' --db wide.db",
      "weights 2 'bidirectional/forward/kernel[0,3]' 'dense/bias[1]' --db wide.db",
      "weights 1 --gate candidate --unit 7 --history --db wide.db",
      "weights 1 --gate forget --heat --db wide.db", "weights 1 lstm/kernel --heat --db 3.db",
    ],
    "diff": ofEach("diff @last@0 @last") + [
      "diff 3 30 --db 30.db", "diff 3 199 --db 200.db", "diff 1@1 1@2 --db wide.db",
      "diff 2@1 2@30 --db wide.db", "diff 1 2 --db 3.db",
    ],
    "gates": ofEach("gates @last") + [
      "gates 1 --db wide.db", "gates 1 --units 0..2 --steps 100..112 --db wide.db",
      "gates 2 --db wide.db", "gates 1 --saturation --db wide.db",
      "gates 2 --saturation --db wide.db",
    ],
    "check": ["check wide.json", "check names.json", "check warned.json", "check folds.json"],
    "training": [
      "run wide.json --threads 1 --db a-lab.db",
      "run wide.json --threads 1 --seeds 1..3 -j 1 --db a-lab.db",
      "run names.json --db a-lab.db", "run names.json --seeds 1..3 -j 1 --db a-lab.db",
      "run folds.json --folds 3 -j 1 --db a-lab.db",
      "run folds.json --folds 4 --fold 1..2 --seeds 7..9 -j 1 --db a-lab.db",
      "resume 5 --epochs 4 --db a-lab.db", "resume 5 --db a-lab.db",
    ],
    "sweeps": [
      "sweep names.json --set learning_rate=0.001,0.01,0.1 -j 1 -q --db a-lab.db",
      "sweep names.json --set learning_rate=0.001,0.01,0.1 -j 1 --db a-lab.db",
      "sweep names.json --set learning_rate=0.001..0.01:0.001 --seeds 1..3 -j 1 -q --db a-lab.db",
      "sweep names.json --set learning_rate=0.001..0.01:0.001 --seeds 1..3 -j 1 --db a-lab.db",
    ],
    "bench": [
      "bench --seconds 0 --units 8 --steps 5 --batch 4 --threads 1",
      "bench --store --units 4 --epochs 3",
    ],
    "use": [
      "evaluate 1 --db 3.db", "evaluate 1 --db names.db", "evaluate 1 --split train --db wide.db",
      "evaluate @last --db 200.db", "predict 1 --db 3.db", "predict 1 --db wide.db",
      "predict @best:loss --db 200.db", "export 1 w.npz --db 3.db",
    ],
    "mistakes": [
      "run", "compare --sort los --db 3.db", "compare --sort los --db 200.db",
      "runs --status done --db 3.db", "show @lst --db 3.db",
      "weights 1 --units 0-3 --db 3.db", "run absent.json", "check broken.json",
    ],
    "others": [
      "blame 1 'lstm/kernel[0,3]' --db 3.db", "explain 2 --db 3.db", "verify 2 --db 3.db",
      "blame 1 'lstm/kernel[0,30]' --db wide.db", "explain 1 --db wide.db",
      "verify 1 --db wide.db",
    ] + ofEach("query 'SELECT * FROM runs'"),
  ]

  private static func ofEach(_ command: String) -> [String] {
    [1, 3, 30, 200].map { "\(command) --db \($0).db" }
  }

  @Test func `every listing fits, and is what was read by eye`() throws {
    let library = try ScreenLibrary()
    for (name, commands) in Self.listings {
      var text = ""
      for columns in [60, 80, 120] {
        _ = try library.place.shell("rm -f a-lab.db*")
        let screens = try library.screens(commands, columns: columns)
        for (command, screen) in zip(commands, screens) {
          let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
          let widest = lines.max { DisplayWidth.of($0) < DisplayWidth.of($1) } ?? ""
          #expect(
            DisplayWidth.of(widest) <= columns, "\(command), \(columns) columns: \(widest)")
          text += "\(String(repeating: "═", count: columns))\n$ lstm-lab \(command)\n"
          text += Self.shortened(lines.dropLast())
        }
      }
      try expectGolden(masked(text, in: library.place, name), "screens-\(name).txt")
    }
    try expectRepeats(in: library.place)
  }

  /// The table that `run --seeds` and `run --folds` end with, of as many runs.
  private func expectRepeats(in place: Workplace) throws {
    var text = ""
    for columns in [60, 80, 120] {
      for (name, count, folds) in [
        ("1", 1, nil), ("3", 3, nil), ("30", 30, nil), ("200", 200, nil), ("folds", 25, 5 as Int?),
      ] {
        let report = try RepeatsReport(
          Array(1...Int64(count)), folds: folds,
          in: Laboratory(path: place.file("\(name).db")))
        let lines = report.text(on: Screen(columns: columns)).split(
          separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= columns }, "\(name), \(columns) columns")
        text += "\(String(repeating: "═", count: columns))\nruns 1 to \(count) of \(name).db\n"
        text += Self.shortened(lines.dropLast())
      }
    }
    try expectGolden(text, "screens-repeats.txt")
  }

  /// The text without what is measured, and differs from time to time.
  private func masked(_ text: String, in place: Workplace, _ name: String) -> String {
    let text = text.replacing(place.path, with: "/lab")
    switch name {
    case "bench":
      // Figures of any width, below their titles or behind them.
      return text.replacing(/(?m)^ *\d.*$/, with: "…").replacing(/(?m)^ +/, with: "").replacing(
        /(?m)^─[─ ]*$/, with: "──"
      )
      .replacing(/(?m)^(\w+) {2,}\S+( [KMG]?B)?$/) { "\($0.output.1) …" }
      .replacing(#/ {2,}/#, with: "  ")
    case "check", "training":
      return text.replacing(#/ *\b\d[\d.]*(µs|ms|s|m\d\ds)\b/#, with: " TIME")
    default: return text
    }
  }

  /// The beginning and the end of a long screen.
  private static func shortened(_ lines: ArraySlice<String>) -> String {
    let (first, last) = (26, 10)
    guard lines.count > first + last + 1 else { return lines.map { $0 + "\n" }.joined() }
    let shown =
      lines.prefix(first) + ["⋮ \(lines.count - first - last) lines"] + lines.suffix(last)
    return shown.map { $0 + "\n" }.joined()
  }
}
