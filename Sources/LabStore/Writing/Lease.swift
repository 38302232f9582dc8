import Foundation

/// A sign of life in the database, for readers that see nothing else of a process.
enum Lease {
  /// How often a writer renews its lease.
  static let renewal = Duration.seconds(2)
  /// How long a lease lasts, in seconds: longer than a slow disk delays a renewal.
  static let seconds: Int64 = 6

  /// The end of a lease that starts now, in seconds since 1970.
  static var end: Int64 { Int64(Date().timeIntervalSince1970) + seconds }
}
