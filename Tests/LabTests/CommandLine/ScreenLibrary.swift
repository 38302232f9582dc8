import Foundation
import Testing

/// Databases of 1, 3, 30 and 200 runs and of a wide model, in which every time and place is fixed, and
/// a terminal to look at them on.
struct ScreenLibrary {
  let place: Workplace

  /// Trains the runs, with `script` given, a few at a time.
  init() throws {
    place = try Workplace()
    for (runs, groups) in [(1, 1), (3, 3), (30, 3), (200, 4)] {
      for group in 0..<groups {
        try place.write(Self.trial(group))
        let last = (runs + groups - 1 - group) / groups
        try place.lab(
          "run", "config.json", "-q", "--seeds", "1..\(last)", "-j", "1", "--db", "\(runs).db")
      }
      _ = try place.sqlite(Self.fixed, database: "\(runs).db")
    }
    try place.write(
      Trial(
        name: "wide", epochs: 2, samples: 4, steps: 120, batch: 4,
        layers: """
          [{"type":"lstm","units":100},{"type":"dense","units":2,"activation":"sigmoid"}]
          """))
    try place.lab("run", "config.json", "-q", "--db", "wide.db")
    try place.write(
      Trial(
        name: "two directions", epochs: 30,
        layers: """
          [{"type":"bidirectional","layer":{"type":"lstm","units":3}},
          {"type":"dense","units":2,"activation":"sigmoid"}]
          """))
    try place.lab("run", "config.json", "-q", "--db", "wide.db")
    _ = try place.sqlite(Self.fixed, database: "wide.db")
    try writeConfigurations()
    try place.lab("run", "names.json", "-q", "--db", "names.db")
    _ = try place.sqlite(Self.fixed, database: "names.db")
    try place.lab("run", "folds.json", "-q", "--folds", "5", "-j", "1", "--db", "folds.db")
    for units in ["3", "4"] {
      _ = try place.shell("sed 's/units\":3/units\":\(units)/' folds.json > units.json")
      try place.lab(
        "run", "units.json", "-q", "--folds", "5", "--seeds", "1..2", "-j", "1", "--db", "folds.db")
    }
    _ = try place.sqlite(Self.fixed, database: "folds.db")
  }

  /// Configurations to check and to train: of a wide model, of twelve classes with long names, of data that
  /// are warned of, of folds, and one that cannot be read.
  private func writeConfigurations() throws {
    try place.write(
      Trial(
        name: "wide", epochs: 2, samples: 4, steps: 20,
        layers: #"[{"type":"lstm","units":100},{"type":"dense","units":2,"activation":"sigmoid"}]"#),
      to: "wide.json")
    let rows = (0..<24).map { row in
      "s\(row),0.\(row * 37 % 100),a class with the long name \(row % 12)\n"
    }
    try place.write("id,v,y\n" + rows.joined(), to: "names.csv")
    try place.write(
      """
      {"name":"twelve names","data":{
      "train":{"csv":"names.csv","sequence":"id","features":["v"],"target":"y"},
      "validation":{"split":0.5}},"model":{"layers":[{"type":"lstm","units":3},
      {"type":"dense","units":12,"activation":"softmax"}]},"training":{"metrics":["accuracy"],
      "loss":"sparse_categorical_crossentropy","epochs":3}}
      """, to: "names.json")
    try place.write(
      """
      {"name":"folds","data":{
      "train":{"csv":"names.csv","sequence":"id","features":["v"],"target":"y"},
      "validation":{"folds":5,"fold":2}},"model":{"layers":[{"type":"lstm","units":3},
      {"type":"dense","units":12,"activation":"softmax"}]},"training":{"metrics":["accuracy"],
      "loss":"sparse_categorical_crossentropy","epochs":1}}
      """, to: "folds.json")
    try place.write(
      HintTrial.config(#""x":[[[1.0,5.0]],[[2.0,5.0]]],"y":[0,0]"#), to: "warned.json")
    try place.write(
      Trial(more: #","tag":[]"#).json.replacing("0.01", with: "-1"), to: "broken.json")
  }

  /// One setting of a few; the last diverges sooner or later.
  private static func trial(_ group: Int) -> Trial {
    Trial(
      name: ["plain", "the long name of a run that goes on", "x", "broad"][group],
      epochs: 3 + group,
      samples: 4,
      layers: """
        [{"type":"lstm","units":\([5, 7, 5, 8][group])},
        {"type":"dense","units":2,"activation":"sigmoid"}]
        """,
      optimizer: #"{"type":"adam","learning_rate":\#(["0.01", "0.2", "0.0005", "0.03"][group])}"#,
      more: #","tags":["screens"]"#)
  }

  private static let fixed = """
    UPDATE epoch SET recorded_at = '2001-02-03T04:05:06.007Z', seconds = 0.125 * epoch;
    UPDATE progress SET seconds = 10.5 * run_id;
      UPDATE run SET uuid = printf('00000000-0000-4000-8000-%012d', id),
      host = 'HOST', version = 'VERSION',
      created_at = printf('2001-02-%02dT04:05:%02d.000Z', 1 + id / 60, id % 60),
      finished_at = printf('2001-02-%02dT05:05:%02d.000Z', 1 + id / 60, id % 60);
    UPDATE run SET outcome = 'diverged', message = 'loss is not a number in epoch 3, step 2'
      WHERE id % 7 = 5;
    """

  /// What a terminal of so many columns shows of some commands, one after the other.
  func screens(_ commands: [String], columns: Int) throws -> [String] {
    let lines = commands.map { "echo @@@@\n\"$LAB\" \($0)\n" }
    try place.write("stty cols \(columns) rows 50\n" + lines.joined(), to: "screens.sh")
    let outcome = try place.shell(
      "script -qec 'sh screens.sh' /dev/null < /dev/null",
      environment: ["TERM": "xterm", "NO_COLOR": "1"])
    let shown = TerminalScreen.lines(outcome.output).joined(separator: "\n")
    let parts = shown.components(separatedBy: "@@@@\n")
    #expect(parts.count == commands.count + 1, "\(outcome.output.prefix(1000))")
    return Array(parts.dropFirst())
  }
}

/// A terminal, as far as the program's output needs one: lines, and the clearing of the last one.
enum TerminalScreen {
  /// What is shown after a text was sent, line by line; lines that are too long do not wrap.
  static func lines(_ sent: String) -> [String] {
    var lines: [[Character]] = [[]]
    var column = 0
    var rest = Array(sent)[...]
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n", "\r\n": (lines, column) = (lines + [[]], 0)
      case "\u{1B}":
        #expect(rest.prefix(2) == ["[", "K"])
        rest = rest.dropFirst(2)
        lines[lines.count - 1] = Array(lines[lines.count - 1].prefix(column))
      default:
        if column < lines[lines.count - 1].count {
          lines[lines.count - 1][column] = character
        } else {
          lines[lines.count - 1].append(character)
        }
        column += 1
      }
    }
    return lines.map { String($0) }
  }
}
