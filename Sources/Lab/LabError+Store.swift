import LabStore

extension LabError {
  /// Returns the error in the program's one form, or nil where it is none of the program's own.
  package init?(any error: any Error) {
    switch error {
    case let error as LabError: self = error
    case let error as StoreError: self.init(error)
    default: return nil
    }
  }

  private init(_ error: StoreError) {
    self.init(
      Kind(rawValue: error.kind.exitCode) ?? .software, error.what, where: error.location,
      next: error.next)
  }
}
