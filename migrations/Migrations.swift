/// One step of the schema: from version − 1 to version.
package struct Migration: Sendable {
  /// The schema's version once the step is done; SQLite keeps it as `user_version`.
  package let version: Int
  /// The texts to execute, in this order.
  package let scripts: [String]
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
      ])
  ]

  /// The version this program writes and understands.
  package static let latest = all.count

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
