/// The questions the lab can be asked, each one SELECT on the public views.
package enum Reports {
  /// Lists runs; parameters `:status`, `:name`, `:tag`, `:sort`, `:descending`, `:limit`.
  package static let runs = String(decoding: PackageResources.runs_sql, as: UTF8.self)

  /// Sets runs side by side; parameters `:runs`, `:tag`, `:last`.
  package static let compare = String(decoding: PackageResources.compare_sql, as: UTF8.self)

  /// Every epoch; parameter `:runs`.
  package static let epochs = String(decoding: PackageResources.epochs_sql, as: UTF8.self)

  /// Every loss and metric, epoch by epoch; parameter `:runs`.
  package static let metrics = String(decoding: PackageResources.metrics_sql, as: UTF8.self)

  /// Norms of each gate, epoch by epoch; parameter `:runs`.
  package static let gateStats = String(decoding: PackageResources.gate_stats_sql, as: UTF8.self)

  /// Every recorded weight; parameter `:runs`.
  package static let weights = String(decoding: PackageResources.weights_sql, as: UTF8.self)
}
