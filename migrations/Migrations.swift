/// One step of the schema: from version − 1 to version.
package struct Migration: Sendable {
  /// The schema's version once the step is done; SQLite keeps it as `user_version`.
  package let version: Int
  /// Returns the texts to execute, in this order.
  package let scripts: @Sendable () -> [String]
  /// Returns the texts that show a database of this version as one of the latest, to a connection that
  /// may not change it; none for the latest.
  package let reading: @Sendable () -> [String]
  /// SHA-256 of the schema that this and the steps before make, as `SchemaCheck` takes it; a test keeps
  /// it true.
  package let schemaHash: String

  fileprivate init(
    version: Int, scripts: @autoclosure @escaping @Sendable () -> [String],
    reading: @autoclosure @escaping @Sendable () -> [String] = [], schemaHash: String
  ) {
    self.version = version
    self.scripts = scripts
    self.reading = reading
    self.schemaHash = schemaHash
  }
}

/// The schema's history, oldest first.
package enum Migrations {
  /// Every step, without a gap from version 1 on.
  package static let all = [
    Migration(
      version: 1,
      scripts: [
        text(PackageResources.V0001_runs_sql), text(PackageResources.V0001_vectors_sql),
        text(PackageResources.V0001_views_sql), text(PackageResources.V0001_weights_sql),
        text(PackageResources.V0001_data_sql), text(PackageResources.V0001_activations_sql),
      ],
      reading: [
        text(PackageResources.reading_V0001_sql),
        temporary(text(PackageResources.V0002_views_sql)),
        temporary(text(PackageResources.V0002_weights_sql)),
        "DROP VIEW temp.runs; DROP VIEW temp.weights",
        temporary(text(PackageResources.V0003_decoding_sql)),
        temporary(text(PackageResources.V0003_views_sql)),
      ],
      schemaHash: "6a792d9b50fbbf7fc54a0040dee653c23c42f94c99a935294ba3ad3ebbcb323c"),
    Migration(
      version: 2,
      scripts: [
        text(PackageResources.V0002_runs_sql), text(PackageResources.V0002_epochs_sql),
        text(PackageResources.V0002_gates_sql), text(PackageResources.V0002_views_sql),
        text(PackageResources.V0002_weights_sql),
      ],
      reading: [
        text(PackageResources.reading_V0002_sql),
        temporary(text(PackageResources.V0003_decoding_sql)),
        temporary(text(PackageResources.V0003_views_sql)),
      ],
      schemaHash: "4615170273c99eca94e030c5196eefab780dd614db166d01974bc8fd33b09966"),
    Migration(
      version: 3,
      scripts: [
        text(PackageResources.V0003_progress_sql), text(PackageResources.V0003_vectors_sql),
        text(PackageResources.V0003_decoding_sql), text(PackageResources.V0003_views_sql),
      ],
      schemaHash: "5700a9db7043ec8e4f27d26dbc608ec9823a9bc84d9c4eb95f8c53ab39016445"),
  ]

  /// The version this program writes and understands.
  package static let latest = all.count

  /// Returns the texts that make an empty file a database of the latest version: what all steps come to,
  /// in less time. A test compares the two.
  package static func whole() -> [String] {
    let vectors = text(PackageResources.V0001_vectors_sql)
    let decoding = text(PackageResources.V0003_decoding_sql)
    return [
      text(PackageResources.schema_sql), statement("INSERT INTO number ", of: vectors),
      statement("INSERT INTO float_scale ", of: vectors),
      statement("INSERT INTO byte ", of: decoding),
      statement("INSERT INTO float_place ", of: decoding),
    ]
  }

  /// The statement that begins so, which has no semicolon but its last.
  private static func statement(_ start: String, of script: String) -> String {
    guard let first = script.firstRange(of: start) else { preconditionFailure("no \(start)") }
    return String(script[first.lowerBound...].prefix { $0 != ";" })
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The same views and tables, but of one connection.
  private static func temporary(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        for kind in ["VIEW", "TABLE"] where line.hasPrefix("CREATE \(kind) ") {
          return "CREATE TEMP \(line.dropFirst(7))"
        }
        return String(line)
      }
      .joined(separator: "\n")
  }
}
