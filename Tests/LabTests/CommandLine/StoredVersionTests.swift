import Crypto
import Foundation
import Testing

/// Databases of the schema's earlier versions, with every kind of content, as the builds left them that
/// wrote those versions: every later build reads them, proves them, and goes on with them to the same
/// bits.
@Suite struct StoredVersionTests {
  // MARK: What is frozen

  /// What people have in their databases never changes, nor does the database to prove it with: a
  /// failure here is mended by putting the file back, not by another hash.
  static let frozen = [
    "migrations/V0001_activations.sql":
      "78c2f4b0630507fe90e4b5cd2973a601a348f3f76510a75b08af8c2a2bc0bb28",
    "migrations/V0001_data.sql":
      "a4dd04b5d85598afbd14e96ac77bde8b0f16955addea3152fbe6c04ffc8aa863",
    "migrations/V0001_runs.sql":
      "205b04133fcd325543acfc2a26695d6b7095b423238aa792ee0e08ce4749f8c6",
    "migrations/V0001_vectors.sql":
      "4c304f49ed1f3fb5b4617199e560e03966e88fe88c1214858d6a78e62884ddbb",
    "migrations/V0001_views.sql":
      "099eb888c057115c3d5d0b6e03936785d52c7da1dac51a9f11a025fac6e0975b",
    "migrations/V0001_weights.sql":
      "3d0afd293aa1ec72bced0cd34b7f500a8aa3ec6cd0ea8305622d55d2a42417ec",
    "Tests/LabTests/Fixtures/V0001/lab.db":
      "d20940e62d0e670c298899cdb3b9f6f1c8d2c81e57ed403e1095485c7b46152b",
    "Tests/LabTests/Fixtures/V0001/expected.json":
      "ecb17e4a0ca9cfe0de2d835d6778def27abed8a77bf92e2e05354a3735773105",
    "Tests/LabTests/Fixtures/V0001/data/binary.npy":
      "1e9f57002750f53bd84b1eed25ac860dcd5ddd50b9cff0957f8210c2df8ba596",
    "Tests/LabTests/Fixtures/V0001/data/classes.npy":
      "2c4bef02135efea1905c31fd0ca27e83e2e6867a52cf46b0d4e1b4023213aa0d",
    "Tests/LabTests/Fixtures/V0001/data/given.npz":
      "710b2f623f1420e72d258dbf842cb04d4050621001c923cdfe5c47620b2cb2f7",
    "Tests/LabTests/Fixtures/V0001/data/given.safetensors":
      "af662ca12fa12aaefd77ea880f31691e24081731da4621651fd7abf3283c8d65",
    "Tests/LabTests/Fixtures/V0001/data/lengths.npy":
      "016a6d2a74c372d3f241845bae603c1ecde097999a7e42e4267191e603090739",
    "Tests/LabTests/Fixtures/V0001/data/load.ts":
      "a6589262539f8b86cefcadbbb0669c74d3dc68468a17f096c6614f654bf077f2",
    "Tests/LabTests/Fixtures/V0001/data/rows.npy":
      "7a5adf51f2df1fe835d56fbc783d5336067b228cfc7a53cb865af019c657780c",
    "Tests/LabTests/Fixtures/V0001/data/steps.csv":
      "7bc84677803901e591b69d7012e3e2a402c2930e3b1b7d2412fb75d2f7e08bfd",
    "Tests/LabTests/Fixtures/V0001/data/values.npy":
      "1bd7cec1639a8c06b25a0372590e1765a2166a074b81a29ea574b42f4d5879c8",
    "Tests/LabTests/Fixtures/V0001/data/vowels-test.ts":
      "5e27178d3b80c2b0e5c394e732652d57d8a856b4cf71a1163de9ad62351d92c9",
    "Tests/LabTests/Fixtures/V0001/data/vowels.ts":
      "ccd707ef546fa785480a45f3fcf13aef3fcc9408823b878254d1831175e84dba",
    "Tests/LabTests/Fixtures/V0001/data/walks.csv":
      "fe68e8e968926db440ad26736600b2bbd987e82e56edec24fb5ba18812af7d85",
    "Tests/LabTests/Fixtures/V0001/data/words.npy":
      "95ed1d40ec039cdd0c93fb3e7aed78af3cb88b6f94997e5968655935fd48e115",
    "Tests/LabTests/Fixtures/V0001/data/x.npy":
      "ae5d3070db74d0c23f03ddc87dc72eefe552eb04144f7c0ec334a48a6701d061",
    "migrations/V0002_epochs.sql":
      "f16281f214ec960a982888ed622d40d1f2c11a54045ac4bdc6db3a7d3cc5b3ac",
    "migrations/V0002_gates.sql":
      "fe05ec1d4827757f3d2da82a32e94500c197f2d194446562e2a4eb522410e8fb",
    "migrations/V0002_runs.sql":
      "222ae7086c086ca70cb29489bc219ce2a616f63dd8b9fa9e24692e86b89099f9",
    "migrations/V0002_views.sql":
      "983ebf0cda3d1fae38dde2c2f27e55f9bebda500535cd3a57866ab605a31a44b",
    "migrations/V0002_weights.sql":
      "fa1786683cfa40be61eb1d8907889e4e0380fc1c6c64d52e214140ca49678ddd",
    "Tests/LabTests/Fixtures/V0002/lab.db":
      "9f1951ae1ad1728dbe09e68a85d2ccadce98b2a1a0d6da14a7f8a1a54ada510c",
    "Tests/LabTests/Fixtures/V0002/expected.json":
      "a8fc4f52cfab170416f9e44df909324aaa6d07bd745fb53671e81b8046892628",
    "Tests/LabTests/Fixtures/V0002/data/sea.txt":
      "e5cd2c2eaf43fecddcb8895db629402a45ec3de5d9cc6a98e56a92153327553b",
    "Tests/LabTests/Fixtures/V0002/data/series.csv":
      "16006ed4a825b11bbc06740f8af7468c156280d2241f658b751e675328519ff8",
    "Tests/LabTests/Fixtures/V0002/data/wide.csv":
      "6f53f6da283006814850601745ab924d3f94aacfa42251fdc637c4a3bc04b67e",
  ]

  @Test func `the files of a version are those it was released with`() throws {
    let root = SeedExperimentTests.root
    for (path, hash) in Self.frozen.sorted(by: { $0.key < $1.key }) {
      let bytes = try Data(contentsOf: URL(filePath: "\(root)/\(path)"))
      #expect(SHA256.hash(data: bytes).hexadecimal == hash, "\(path)")
    }
    let fixtures = "Tests/LabTests/Fixtures"
    for folder in ["migrations", "\(fixtures)/V0001/data", "\(fixtures)/V0002/data"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")
        .filter { folder != "migrations" || $0.hasPrefix("V0001") || $0.hasPrefix("V0002") }
      #expect(!names.isEmpty)
      for name in names { #expect(Self.frozen["\(folder)/\(name)"] != nil, "\(folder)/\(name)") }
    }
  }

  /// Whichever version a database began with, it has the same schema once a run was written to it.
  @Test(arguments: StoredVersion.allCases)
  func `once it is written to, its schema is that of a new database`(
    version: StoredVersion
  ) throws {
    let place = try version.workplace()
    let schema =
      "PRAGMA user_version; SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2"
    try place.lab("resume", "1", "--epochs", "101", "-q")
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q", "--db", "new.db")
    let new = try place.sqlite(schema, database: "new.db")
    #expect(new.contains("CREATE"))
    #expect(try place.sqlite(schema) == new)
  }

  // MARK: What is stored

  @Test(arguments: StoredVersion.allCases)
  func `every run is listed with everything that was known of it`(version: StoredVersion) throws {
    let place = try version.workplace()
    let truth = try version.truth()
    #expect(truth.count == (version == .first ? 99 : 18))
    let listed = try JSONDecoder().decode(
      [[String: StoredTruth.Value]].self,
      from: Data(place.lab("runs", "--sort", "run_id", "--json").utf8))
    let viewed = try JSONDecoder().decode(
      [[String: StoredTruth.Value]].self,
      from: Data(place.lab("query", "SELECT * FROM runs ORDER BY run_id", "--json").utf8))
    try #require(listed.count == truth.count && viewed.count == truth.count)
    for (index, truth) in truth.enumerated() {
      for (column, value) in truth.run where column != "message" {
        // JSON has no infinity.
        let expected = value == .text("inf") ? .null : value
        #expect(viewed[index][column] == expected, "run \(truth.id), \(column)")
        if let shown = listed[index][column] {
          #expect(shown == expected, "run \(truth.id), \(column) of the list")
        }
      }
      #expect(listed[index]["run_id"] == truth.run["run_id"])
    }
    let statuses = Set(truth.compactMap { $0.run["status"].map { "\($0)" } })
    #expect(statuses.count == (version == .first ? 5 : 2), "\(statuses)")
  }

  /// The rows of a query, whose fields need no quotes, by their first column.
  private func rows(_ sql: String, in place: Workplace) throws -> [Substring: [[Substring]]] {
    let lines = try place.lab("query", sql, "--csv").split(separator: "\n").dropFirst()
    let rows = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    return Dictionary(grouping: rows) { $0[0] }.mapValues { $0.map { Array($0.dropFirst()) } }
  }

  /// The fields as values; a hash has 64 digits of which none may be a letter.
  private func values(_ fields: [Substring]) -> [StoredTruth.Value] {
    fields.map { $0.count == 64 ? .text(String($0)) : StoredTruth.Value(field: $0) }
  }

  @Test(arguments: StoredVersion.allCases)
  func `every epoch has its hash, learning rate and metrics`(version: StoredVersion) throws {
    let place = try version.workplace()
    let epochs = try rows(
      "SELECT run_id, epoch, learning_rate, weights_hash FROM epochs ORDER BY run_id, epoch",
      in: place)
    let metrics = try rows(
      "SELECT run_id, epoch, split, name, value FROM metrics ORDER BY 1, 2, 3, 4", in: place)
    let truth = try version.truth()
    #expect(epochs.count == truth.count)
    for truth in truth {
      let id = truth.id
      let stored = (epochs[id[...]] ?? []).map(values)
      #expect(stored == truth.epochs, "run \(id)")
      let measured = (metrics[id[...]] ?? []).map(values)
      #expect(measured == truth.metrics, "run \(id)")
    }
  }

  /// A gate as version 1 wrote it, `forward/input`, which now has its direction beside it.
  private static let gate =
    "iif(direction IS NULL OR gate IS NULL, coalesce(direction, gate), direction || '/' || gate)"

  /// The numbers of a view, and what its rows are sorted by, as in `expected.py`.
  static let views = [
    ("weights", "value", "epoch, layer, tensor, row, col"),
    ("predictions", "target, value", "epoch, split, sample, output"),
    ("activations", "value", "epoch, sample, step, layer, \(gate), unit"),
    ("gate_stats", "weight_norm, update_norm, gradient_norm", "epoch, layer, \(gate)"),
    ("features", "shift, scale", "feature"),
  ]

  @Test(arguments: views, StoredVersion.allCases)
  func `every number of a view is the one that was stored`(
    numbers: (view: String, columns: String, order: String), version: StoredVersion
  ) throws {
    let (view, columns, order) = numbers
    let place = try version.workplace()
    let rows = try rows(
      "SELECT run_id, \(columns) FROM \(view) ORDER BY run_id, \(order)", in: place)
    for truth in try version.truth() {
      let id = truth.id
      let digest = try #require(truth.digests[view])
      let rows = rows[id[...]] ?? []
      #expect(rows.count == digest.rows, "run \(id)")
      var hasher = SHA256()
      for field in rows.joined() {
        let number = field.isEmpty ? Double.nan : try #require(Double(field))
        hasher.update(data: Self.bytes(of: number))
      }
      #expect(hasher.finalize().hexadecimal == digest.sha256, "run \(id)")
    }
    #expect(!rows.isEmpty)
  }

  /// The float64, lowest byte first.
  private static func bytes(of number: Double) -> [UInt8] {
    let pattern = number.bitPattern
    return (0..<8).map { UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0)) }
  }

  @Test(arguments: StoredVersion.allCases)
  func `classes have their names`(version: StoredVersion) throws {
    let place = try version.workplace()
    let names = try place.sqlite("SELECT run_id, name FROM classes ORDER BY run_id, class")
    let expected = try version.truth().flatMap { truth in
      let id = truth.id
      return truth.classes.map { "\(id)|\($0.replacing("\n", with: ""))" }
    }
    #expect(expected.count > 9)
    #expect(names.split(separator: "\n").map(String.init) == expected)
  }

  @Test func `gates have their directions beside them`() throws {
    let place = try StoredVersion.first.workplace()
    try place.lab("runs")
    let gates = """
      SELECT group_concat(DISTINCT coalesce(direction, '') || ' ' || coalesce(gate, '')) FROM
      """
    #expect(
      try place.sqlite("\(gates) (SELECT * FROM weights WHERE run_id = 9)")
        == "forward input,forward forget,forward cell,forward output,backward input,backward "
        + "forget,backward cell,backward output, ")
    #expect(
      try place.sqlite("\(gates) (SELECT * FROM gate_stats WHERE run_id = 10 AND epoch = 0)")
        .hasSuffix("forward ,backward , "))
    let slashes = "SELECT count(*) FROM gate_stats WHERE gate GLOB '*/*' OR gate GLOB '*ward'"
    #expect(try place.sqlite(slashes) == "0")
    #expect(
      try place.lab("query", "SELECT * FROM activations WHERE gate GLOB '*/*'", "--csv")
        .split(separator: "\n").count == 1)
  }

  /// Of a run that was neither lengthened nor changed.
  @Test(arguments: [1, 9, 10, 11, 15, 46, 48, 62, 63, 71])
  func `what a run is said to be set to is what a new one is`(run: Int) throws {
    let place = try StoredVersion.first.workplace()
    let config = try place.lab("query", "SELECT config FROM runs WHERE run_id = \(run)", "--csv")
    let json = config.split(separator: "\n", maxSplits: 1)[1].trimmingCharacters(in: .newlines)
      .dropFirst().dropLast().replacing("\"\"", with: "\"")
    try Data(json.utf8).write(to: URL(filePath: place.file("again.json")))
    let new = try place.lab("run", "again.json", "-q").trimmingCharacters(in: .newlines)
    #expect(new == "101")
    for table in [
      "SELECT settings_hash, initial_hash, seed, fold, trainer FROM run WHERE id",
      "SELECT path, value, typeof(value) FROM setting WHERE run_id",
      "SELECT layer, tensor, direction, source, units, trainable, path FROM tensor WHERE run_id",
      "SELECT layer, direction, gate, units, first_vector FROM activation WHERE run_id",
      "SELECT epoch, layer, direction, gate, weight_norm FROM gate_stat WHERE run_id",
    ] {
      let old = try place.sqlite("\(table) = \(run)")
      #expect(!old.isEmpty || table.contains("activation"))
      #expect(try place.sqlite("\(table) = 101") == old, "run \(run): \(table)")
    }
    // What an old run scaled was rounded first; everything else is as it was.
    let scaled = try place.sqlite(
      "SELECT coalesce(group_concat(scaled_from), '') FROM run WHERE id IN (\(run), 101)")
    #expect(scaled == (run == 46 ? "float32,float64" : ""))
    let facts = try place.sqlite(
      "SELECT length(settings_hash), length(initial_hash) FROM runs WHERE run_id = \(run)")
    #expect(facts == ([62, 63].contains(run) ? "64|64" : "64|"))
  }

  @Test func `runs of one configuration have the same settings, forks have first weights`() throws {
    let place = try StoredVersion.first.workplace()
    try place.lab("runs")
    #expect(
      try place.sqlite(
        "SELECT count(DISTINCT settings_hash) FROM runs WHERE run_id BETWEEN 71 AND 73")
        == "1")
    // A run's settings and its first weights are those of its first stored state.
    #expect(
      try place.sqlite(
        "SELECT count(*) FROM runs WHERE parent_epoch IS NOT NULL AND initial_hash IS NULL") == "0")
    #expect(
      try place.sqlite(
        """
        SELECT count(*) FROM runs AS a JOIN runs AS b ON a.parent_run_id = b.parent_run_id
          AND a.run_id < b.run_id
        WHERE (a.parent_epoch = b.parent_epoch) <> (a.initial_hash = b.initial_hash)
        """) == "0")
    #expect(
      try place.sqlite(
        "SELECT count(*) FROM run WHERE parent_run_id IS NOT NULL AND parent_uuid IS NULL") == "0")
  }

  // MARK: What is done with it

  @Test(arguments: StoredVersion.allCases)
  func `every run is shown, and all are compared`(version: StoredVersion) throws {
    let place = try version.workplace()
    let truth = try version.truth()
    for truth in truth {
      let id = truth.id
      let shown = try place.run("show", id)
      #expect(shown.status == 0 && shown.errors.isEmpty, "run \(id): \(shown.errors)")
      if case .text(let message)? = truth.run["message"] {
        #expect(shown.output.contains(message), "run \(id)")
      }
    }
    let compared = try JSONDecoder().decode(
      [[String: StoredTruth.Value]].self, from: Data(place.lab("compare", "--json").utf8))
    #expect(compared.map { $0["run_id"] } == truth.map { $0.run["run_id"] })
  }

  @Test(arguments: StoredVersion.allCases)
  func `training each run again gives every stored bit`(version: StoredVersion) throws {
    let place = try version.workplace()
    for truth in try version.truth() {
      let outcome = try place.run("verify", truth.id)
      #expect(truth.verify == 0)
      #expect(outcome.status == truth.verify, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("Every stored bit is what training gives."))
    }
  }

  @Test(arguments: [false, true], StoredVersion.allCases)
  func `each run goes on, or is forked, to the bits it would have gone on to`(
    forks: Bool, version: StoredVersion
  ) throws {
    let place = try version.workplace()
    var expected: [String] = []
    for truth in try version.truth() {
      let id = truth.id, last = try #require(truth.integer("epochs"))
      let outcome = try place.resume(id, to: last + 1, from: forks ? last : nil)
      guard let hash = forks ? truth.fork : truth.next else {
        #expect(outcome.status == 65, "run \(id): \(outcome.errors)")
        continue
      }
      #expect(outcome.status == 0, "run \(id): \(outcome.errors)")
      let trained = outcome.output.trimmingCharacters(in: .newlines)
      #expect((trained != id) == forks)
      expected.append("\(trained)|\(last + 1)|\(hash)")
    }
    #expect(expected.count == (version == .first ? 96 : 18))
    let hashes = try place.sqlite("SELECT run_id, epoch, weights_hash FROM epochs")
    #expect(Set(expected).subtracting(hashes.split(separator: "\n").map(String.init)) == [])
    #expect(try place.sqlite("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok")
  }
}

extension Workplace {
  /// Resumes a run, or forks it where an epoch to fork from is named.
  fileprivate func resume(
    _ run: String, to epochs: Int, from: Int?
  ) throws -> Program.Outcome {
    let fork = from.map { ["--from", "\($0)"] } ?? []
    return try Program.run(
      Program.path, ["resume", run, "--epochs", "\(epochs)", "-q"] + fork, in: path)
  }
}

extension Sequence<UInt8> {
  fileprivate var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
