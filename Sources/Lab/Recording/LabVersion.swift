/// The program's version, as `--version` prints it and every run stores it.
package enum LabVersion {
  /// The version, as `--version` tells it and every run stores it.
  package static let current = "0.1.0"
}
