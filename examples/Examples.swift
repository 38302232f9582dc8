/// The ready configurations, as the program carries them.
package enum Examples {
  /// `zero-position/config.json`: which half of the numbers holds the zero?
  package static var zeroPosition: String {
    String(decoding: PackageResources.config_json, as: UTF8.self)
  }
}
