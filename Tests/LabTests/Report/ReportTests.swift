import Foundation
import Testing

/// What `report` writes, compared with the views and with the committed sample.
@Suite struct ReportTests {
  private static let sample = SeedExperimentTests.root + "/reports/sample"

  /// The seed experiment with every time, name and place fixed.
  private static func seedExperiment() throws -> Workplace {
    let place = try SeedExperimentTests.workplace()
    _ = try place.sqlite(
      """
      UPDATE epoch SET recorded_at = '2001-02-03T04:05:06.007Z', seconds = 0.0005;
      UPDATE progress SET seconds = 0.05;
      UPDATE run SET uuid = '00000000-0000-4000-8000-000000000001', host = 'host',
        version = '0.1.0', created_at = '2001-02-03T04:05:06.007Z',
        finished_at = '2001-02-03T04:05:07.008Z';
      """)
    return place
  }

  /// `reports/sample` is made again by deleting it: this test then writes it and fails once.
  @Test func `the committed sample is the seed experiment's report`() throws {
    let place = try Self.seedExperiment()
    try place.lab("report", "-o", "report")
    let files = FileManager.default
    let names = try files.contentsOfDirectory(atPath: place.file("report")).sorted()
    #expect(names.contains("report.html") && names.contains("summary.md"))
    // All 101 epochs, small enough for a mail.
    #expect(try place.bytes("report/report.html").count <= 1_500_000)
    guard files.fileExists(atPath: Self.sample + "/summary.md") else {
      try files.createDirectory(atPath: Self.sample, withIntermediateDirectories: true)
      for name in names {
        try files.copyItem(atPath: place.file("report/\(name)"), toPath: "\(Self.sample)/\(name)")
      }
      Issue.record("reports/sample is written; look at it, then commit it")
      return
    }
    #expect(try files.contentsOfDirectory(atPath: Self.sample).sorted() == names)
    for name in names {
      let committed = try Data(contentsOf: URL(filePath: "\(Self.sample)/\(name)"))
      #expect(try place.bytes("report/\(name)") == [UInt8](committed), "\(name)")
    }
  }

  @Test func `the tables are those of the stock sqlite3`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    try place.write(Trial(name: "=1+1", seed: 2, epochs: 2))
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "-o", "report", "--weights")
    for name in ["epochs", "metrics", "gate_stats", "weights"] {
      let sql = try String(
        contentsOfFile: SeedExperimentTests.root + "/reports/\(name).sql", encoding: .utf8)
      let rows = try place.sqlite(".mode list\n.nullvalue ''\n" + sql).split(
        separator: "\n", omittingEmptySubsequences: false)
      let csv = String(decoding: try place.bytes("report/\(name).csv"), as: UTF8.self)
        .split(separator: "\n").dropFirst()
      #expect(csv.count == rows.count && csv.count > 5, "\(name)")
      for (line, row) in zip(csv, rows) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        let values = row.split(separator: "|", omittingEmptySubsequences: false)
        #expect(fields.count == values.count)
        for (field, value) in zip(fields, values) where field != value {
          // The shell prints 15 digits, the file all of them.
          let (a, b) = (Double(field) ?? .nan, Double(value) ?? .nan)
          #expect(abs(a - b) <= 1e-14 * abs(a), "\(name): \(field) is not \(value)")
        }
      }
    }
    let runs = String(decoding: try place.bytes("report/runs.csv"), as: UTF8.self)
    #expect(runs.contains("\n2,'=1+1,completed,2,"))
  }

  @Test func `the configuration beside a report repeats the run`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "-o", "a")
    try place.lab("run", "a/run-1.json", "-q")
    #expect(try place.run("compare", "1", "2", "--bits").status == 0)
  }

  /// A run that stopped early was trained on, stopped again, and was forked from what came then.
  @Test func `the lines under a run go on after the early stops that it went on after`() throws {
    let place = try Workplace()
    let controls =
      #","early_stopping":{"monitor":"loss","patience":1,"min_delta":1000000}"#
    try place.write(Trial(epochs: 4, controls: controls))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--epochs", "6", "-q")
    try place.lab("resume", "1", "--epochs", "9", "-q")
    try place.lab("resume", "1", "--from", "3", "-q")
    try expectRepetition(of: 1...2, in: place)
  }

  /// A fork of a fork of a run that was trained beyond its configuration, and one that was killed.
  @Test func `the lines under a run make it again in a new database`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3, controls: #","clip_norm":0.5"#))
    try place.lab("run", "config.json", "-q")
    try place.lab("resume", "1", "--epochs", "6", "-q")
    try place.lab(
      "resume", "1", "--from", "5", "--epochs", "7", "--set", "training.clip_norm=null", "--set",
      "training.optimizer.learning_rate=0.003", "--set", "training.batch_size=2", "-q")
    try place.lab(
      "resume", "2", "--from", "6", "--set", "training.optimizer=sgd", "--set",
      #"training.learning_rate_schedule={"type":"exponential_decay","decay_steps":2,"decay_rate":0.5}"#,
      "-q")
    try place.lab("resume", "3", "--epochs", "9", "-q")
    try expectRepetition(of: 1...3, in: place)
  }

  /// Runs the lines that a report shows under each run, in a folder with nothing but the report.
  private func expectRepetition(of runs: ClosedRange<Int>, in place: Workplace) throws {
    for run in runs {
      try place.lab("report", "\(run)", "-o", "report-\(run)")
      let folder = place.file("report-\(run)")
      let summary = String(decoding: try place.bytes("report-\(run)/summary.md"), as: UTF8.self)
      let blocks = summary.split(separator: "```\n", omittingEmptySubsequences: false)
      let script = try #require(blocks.dropFirst().first)
      let hash = try place.lastHash(of: "\(run)")
      #expect(script.contains(hash))
      let outcome = try place.shell(
        "cd '\(folder)' && ln -s \"$LAB\" lstm-lab && export PATH=\"$PWD:$PATH\" && set -e\n"
          + script)
      #expect(outcome.status == 0, "\(outcome.errors)\n\(script)")
      #expect(outcome.output.contains(hash), "run \(run): \(outcome.output)\n\(script)")
    }
  }

  @Test func `a report is a function of the database and of the runs that are chosen`() throws {
    let place = try Workplace()
    for seed in 1...3 {
      try place.write(Trial(seed: seed, epochs: 2))
      try place.lab("run", "config.json", "-q")
    }
    try place.lab("report", "2", "3", "-o", "a")
    try place.lab("report", "--where", "seed > 1", "-o", "b")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.file("a")).sorted()
    #expect(names.contains("run-3.json") && !names.contains("run-1.json"))
    for name in names {
      #expect(try place.bytes("a/\(name)") == place.bytes("b/\(name)"), "\(name)")
    }
  }

  @Test func `a report replaces only one on runs that it is about, too`() throws {
    let place = try Workplace()
    for seed in 1...2 {
      try place.write(Trial(name: "a, b \(seed)", seed: seed, epochs: 1))
      try place.lab("run", "config.json", "-q")
    }
    func refuses(_ arguments: String..., what: String) throws {
      let folder = arguments[arguments.count - 1]
      let names = try FileManager.default.contentsOfDirectory(atPath: place.file(folder)).sorted()
      let before = try names.map { try place.bytes("\(folder)/\($0)") }
      let outcome = try Program.run(
        Program.path, ["report"] + arguments.dropLast() + ["-o", folder], in: place.path)
      #expect(outcome.status == 73)
      #expect(outcome.errors.hasPrefix("error: \(what) (\(folder))\n"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: place.file(folder)).sorted() == names)
      #expect(try names.map { try place.bytes("\(folder)/\($0)") } == before)
    }
    try place.lab("report", "1", "-o", "r")
    try refuses("2", "r", what: "the folder holds a report on other runs")
    try place.lab("report", "1", "-o", "r")
    try place.lab("report", "-o", "r")
    try refuses("1", "r", what: "the folder holds a report on other runs")
    try place.lab("report", "-o", "r", "--weights")
    try refuses(
      "r", what: "the folder holds a report with a file `weights.csv`, and this one has none")
    try place.lab("run", "config.json", "-q", "--db", "other.db")
    try refuses("--db", "other.db", "r", what: "the folder holds a report on other runs")
    for name in ["summary.md", "runs.csv", "run-2.json", "epochs.csv"] {
      try place.output("/bin/mkdir", ["own-\(name)"])
      try place.write("mine,\n1,2\n", to: "own-\(name)/\(name)")
      try refuses("own-\(name)", what: "the folder has a file `\(name)`, and no report")
    }
  }

  /// Text in a database may be anyone's.
  @Test func `nothing in a name or note becomes markup`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      """
      UPDATE run SET name = '</script><script>alert(1)</script>' || char(27) || '[31m',
        notes = '# ![x](http://evil.example/x) <img src=x onerror=alert(2)> [a](javascript:1)',
        tags = '["<b>&\\" onload=\\"x"]', host = '"><svg onload=alert(3)>';
      """)
    try place.lab("report", "-o", "report")
    let page = String(decoding: try place.bytes("report/report.html"), as: UTF8.self)
    #expect(page.matches(of: /<script/).count == 2 && page.matches(of: /<\/script/).count == 2)
    #expect(!page.contains("<img") && !page.contains("<svg onload") && !page.contains("\u{1B}"))
    #expect(!page.contains("http://evil.example/x\"") && !page.contains("<b>&"))
    for name in ["summary.md", "loss.svg"] {
      let text = String(decoding: try place.bytes("report/\(name)"), as: UTF8.self)
      #expect(!text.contains("<script") && !text.contains("![x]") && !text.contains("\u{1B}"))
      #expect(!text.contains("<img") && !text.contains("<svg onload"))
      #expect(!text.contains("http://evil") && !text.contains("\n# !"))
    }
  }

  /// What the page's script draws from, as far as a test looks at it.
  private struct PageData: Decodable {
    struct Film: Decodable {
      struct Plane: Decodable {
        let name: String
        let width: Int
      }
      struct Layer: Decodable { let planes: [Plane] }
      struct Sample: Decodable {
        let sample, steps: Int
        let layers: [Layer]
      }
      struct Layout: Decodable { let samples: [Sample]? }
      let key: String
      let epochs: [Int]
      let frames: [String]
      let layout: Layout
    }
    let films: [Film]
  }

  @Test func `gates over time are those that the run recorded, epoch by epoch`() throws {
    let place = try Workplace()
    try place.write(
      Trial(epochs: 5, isRagged: true, record: #""activations":{"samples":[4,1],"every":2}"#))
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "-o", "report")
    let page = String(decoding: try place.bytes("report/report.html"), as: UTF8.self)
    #expect(page.contains("as the run stored them") && !page.contains("the run stored none"))
    let data = try #require(page.firstMatch(of: #/id="data">([^<]+)</#))
    let films = try JSONDecoder().decode(PageData.self, from: Data(data.output.1.utf8)).films
    let film = try #require(films.first { $0.key == "gates-1" })
    #expect(film.epochs == [0, 2, 4, 5])
    let samples = try #require(film.layout.samples)
    #expect(samples.map(\.sample) == [4, 1] && film.frames.count == film.epochs.count)
    for (epoch, frame) in zip(film.epochs, film.frames) {
      var next = try #require(Data(base64Encoded: frame))[...]
      for sample in samples {
        for plane in sample.layers[0].planes {
          let values = try place.sqlite(
            """
            SELECT printf('%!.17g', value) FROM activations
            WHERE epoch = \(epoch) AND sample = \(sample.sample) AND gate = '\(plane.name)'
            ORDER BY step, unit
            """
          ).split(separator: "\n").compactMap { Float($0) }
          #expect(values.count == sample.steps * plane.width && !values.isEmpty)
          for value in values {
            let bits = next.prefix(4).enumerated().reduce(UInt32(0)) {
              $0 | UInt32($1.element) << UInt32(8 * $1.offset)
            }
            #expect(value.bitPattern == bits, "\(plane.name) in epoch \(epoch)")
            next = next.dropFirst(4)
          }
        }
      }
      #expect(next.isEmpty)
    }
    #expect(
      samples[0].layers[0].planes.map(\.name) == [
        "input", "forget", "cell", "output", "cell_state", "hidden_state",
      ])
  }

  @Test(arguments: [
    "UPDATE activation SET units = 1000", "UPDATE activation SET units = \(Int.max)",
    "UPDATE recording SET vectors = 1 WHERE part = 'activations'",
    "UPDATE recording SET first_vector = \(Int.max) WHERE part = 'activations'",
    "DELETE FROM activation",
  ])
  func `recorded gates that do not fit the model are not shown, and the report says so`(
    damage: String
  ) throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, record: #""activations":{"samples":[0],"every":1}"#))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(damage)
    try place.lab("report", "-o", "report")
    let page = String(decoding: try place.bytes("report/report.html"), as: UTF8.self)
    let reasons = [
      "the stored gates of epoch 2 do not fit the model",
      "`activation.units` of run 1 is \(Int.max)",
    ]
    #expect(reasons.contains { page.contains("Not shown: \($0)") })
  }

  @Test func `gates of a layer that a damaged database tells different sizes of are drawn apart`()
    throws
  {
    let place = try Workplace()
    try place.write(Trial(epochs: 2, record: #""activations":{"samples":[0],"every":1}"#))
    try place.lab("run", "config.json", "-q")
    _ = try place.sqlite(
      "UPDATE activation SET units = units + iif(position = 0, 1, -1) WHERE position < 2")
    try place.lab("report", "-o", "report")
  }

  @Test func `a run whose data are gone is reported without its gates`() throws {
    let place = try Workplace()
    try place.write(NPYBytes.file(shape: [3, 2, 1], values: [1, 2, 3, 4, 5, 6]), to: "x.npy")
    try place.write(NPYBytes.file(shape: [3, 1], values: [1, 0, 1]), to: "y.npy")
    try place.write(
      """
      {"data":{"train":{"x":"x.npy","y":"y.npy"}},"training":{"loss":"mean_squared_error"},
      "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1}]}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "-o", "with")
    try FileManager.default.removeItem(atPath: place.file("x.npy"))
    try place.lab("report", "-o", "without")
    let pages = try ["with", "without"].map {
      String(decoding: try place.bytes("\($0)/report.html"), as: UTF8.self)
    }
    #expect(pages[0].contains("train sample 0") && !pages[1].contains("train sample 0"))
    #expect(pages[1].contains("Not shown: "))
  }
}
