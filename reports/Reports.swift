/// The questions the lab can be asked, each one SELECT on the public views.
package enum Reports {
  /// Lists runs; parameters `:status`, `:name`, `:tag`, `:sort`, `:descending`, `:limit`.
  package static let runs = String(decoding: PackageResources.runs_sql, as: UTF8.self)
}
