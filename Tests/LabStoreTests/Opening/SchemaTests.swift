import Foundation
import GRDB
import LabSchema
import Testing

@testable import LabStore

/// The file is the API: what is promised about it, asked with the stock shell.
struct SchemaTests {
  /// A new database is made from that file, not by the steps.
  @Test func `schema.sql and the rows of a new database are what all steps come to`() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let path = folder.file("steps.db")
    let connection = try Connection(path, Configuration())
    try connection.write { try SchemaUpdate.apply(Migrations.all[...], to: $0) }
    try connection.close()
    let schema = "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    let steps = try Shell.sqlite(path, schema) + "\n"
    try expectGolden(steps, "../../../migrations/schema.sql")
    let lab = try Laboratory()
    #expect(try lab.ask(schema) + "\n" == steps)
    for question in [
      ".dump", "PRAGMA user_version", "SELECT type, name, tbl_name, sql FROM sqlite_schema",
    ] {
      #expect(try lab.ask(question) == Shell.sqlite(path, question), "\(question)")
    }
  }

  /// What an opened file is compared with.
  @Test(arguments: Migrations.all.map(\.version))
  func `a version's schema has the hash that it says`(version: Int) throws {
    #expect(
      try SchemaCheck.hash(ofVersion: version) == Migrations.all[version - 1].schemaHash)
  }

  @Test(arguments: [
    (
      "runs",
      """
      run_id uuid name status created_at finished_at epochs parameters seed loss accuracy \
      val_loss val_accuracy best_epoch seconds config config_hash data_hash parent_run_id \
      parent_epoch tags notes host version result_epoch test_loss test_accuracy \
      best_loss best_accuracy best_val_loss best_val_accuracy settings_hash initial_hash message \
      sweep fold trainer
      """
    ),
    (
      "epochs",
      """
      run_id epoch loss accuracy val_loss val_accuracy learning_rate seconds recorded_at \
      weights_hash
      """
    ),
    ("metrics", "run_id epoch split name value"),
    ("tensors", "run_id layer tensor rows cols direction trainable path shape"),
    ("weights", "run_id epoch layer tensor row col gate unit source value direction"),
    ("gate_stats", "run_id epoch layer gate weight_norm update_norm gradient_norm direction"),
    ("activations", "run_id epoch sample step layer gate unit value direction"),
    ("data_parts", "run_id part hash filled dropped"),
    ("features", "run_id feature name shift scale category fill"),
    ("targets", "run_id output name shift scale"),
    ("settings", "run_id path value"),
    ("sweeps", "sweep created_at definition"),
    ("predictions", "run_id epoch split sample output target value"),
  ])
  func `a view has the columns it promises, described one by one`(
    view: String, columns: String
  ) throws {
    let lab = try Laboratory()
    let found = try lab.ask("SELECT group_concat(name, ' ') FROM pragma_table_info('\(view)')")
    #expect(found == columns)
    let sql = try lab.ask("SELECT sql FROM sqlite_schema WHERE name = '\(view)'")
    for column in columns.split(separator: " ") {
      #expect(sql.contains(" AS \(column)"), "\(view).\(column)")
    }
  }

  @Test func `the file says what it is`() throws {
    let lab = try Laboratory()
    let answer = try lab.ask(
      """
      PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode; PRAGMA page_size;
      SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
        AND strict = 0 AND name NOT LIKE 'sqlite_%';
      """)
    #expect(answer == "1280529485\n\(Migrations.latest)\nwal\n16384\n0")
    #expect(Migrations.all.map(\.version) == Array(1...Migrations.latest))
  }

  @Test(arguments: [
    "run_id = 1 AND epoch = 5 AND layer = 'lstm' AND tensor = 'kernel' AND row = 0 AND col = 3",
    "run_id = 1 AND layer = 'lstm' AND tensor = 'kernel' AND row = 0 AND col = 3",
  ])
  func `a weight and its history are found by keys`(condition: String) throws {
    let lab = try Laboratory()
    let plan = try lab.ask("EXPLAIN QUERY PLAN SELECT value FROM weights WHERE \(condition)")
    #expect(!plan.contains("SCAN"), "\(plan)")
    #expect(plan.split(separator: "\n").count == 14)
    for key in ["SEARCH s USING PRIMARY KEY (run_id=?", "SEARCH v USING INTEGER PRIMARY KEY"] {
      #expect(plan.contains(key), "\(plan)")
    }
  }

  @Test(arguments: ["run_id = 1 AND epoch = 3", "run_id = 1"])
  func `a run's epochs, metrics and norms are found by keys`(condition: String) throws {
    let lab = try Laboratory()
    for view in ["epochs", "metrics", "gate_stats"] {
      let plan = try lab.ask("EXPLAIN QUERY PLAN SELECT * FROM \(view) WHERE \(condition)")
      #expect(!plan.contains("SCAN epoch") && !plan.contains("SCAN gate"), "\(plan)")
    }
    let plan = try lab.ask("EXPLAIN QUERY PLAN SELECT * FROM runs")
    #expect(plan.contains("SCAN r\n") && !plan.contains("SCAN p"), "\(plan)")
  }
}
