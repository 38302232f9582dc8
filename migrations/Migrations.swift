/// One step of the schema: from version − 1 to version.
package struct Migration: Sendable {
  /// The schema's version once the step is done; SQLite keeps it as `user_version`.
  package let version: Int
  /// The texts to execute, in this order.
  package let scripts: [String]
  /// The texts that show a database of the version before as one of this version, to a connection
  /// that may not change it; none where there is no version before.
  package let reading: [String]

  fileprivate init(version: Int, scripts: [String], reading: [String] = []) {
    self.version = version
    self.scripts = scripts
    self.reading = reading
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
      ]),
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
      ]),
  ]

  /// The version this program writes and understands.
  package static let latest = all.count

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
