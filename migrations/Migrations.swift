/// One step of the schema: from version − 1 to version.
package struct Migration: Sendable {
  /// The schema's version once the step is done; SQLite keeps it as `user_version`.
  package let version: Int
  /// Returns the texts to execute, in this order.
  package let scripts: @Sendable () -> [String]
  /// Returns the texts that show a database of the version before as one of this version, to a
  /// connection that may not change it; none where there is no version before.
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
      schemaHash: "6a792d9b50fbbf7fc54a0040dee653c23c42f94c99a935294ba3ad3ebbcb323c"),
    Migration(
      version: 2,
      scripts: [
        text(PackageResources.V0002_runs_sql), text(PackageResources.V0002_epochs_sql),
        text(PackageResources.V0002_gates_sql), text(PackageResources.V0002_views_sql),
        text(PackageResources.V0002_weights_sql),
      ],
      reading: [
        text(PackageResources.V0002_reading_sql),
        temporary(text(PackageResources.V0002_views_sql)),
        temporary(text(PackageResources.V0002_weights_sql)),
      ],
      schemaHash: "4615170273c99eca94e030c5196eefab780dd614db166d01974bc8fd33b09966"),
  ]

  /// The version this program writes and understands.
  package static let latest = all.count

  /// Returns the texts that make an empty file a database of the latest version: what all steps come to,
  /// in less time. A test compares the two.
  package static func whole() -> [String] {
    // The rows of the look-up tables stand last in this file, which is frozen.
    let vectors = text(PackageResources.V0001_vectors_sql)
    let rows = vectors.firstRange(of: "INSERT INTO ").map { vectors[$0.lowerBound...] } ?? ""
    return [text(PackageResources.schema_sql), String(rows)]
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The same views, but of one connection.
  private static func temporary(_ views: String) -> String {
    views.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("CREATE VIEW ") ? "CREATE TEMP VIEW \($0.dropFirst(12))" : String($0) }
      .joined(separator: "\n")
  }
}
