/// The two ways in which the same page of runs is shown, and used by the same scripts.
enum ShownPage: CaseIterable {
  /// `report.html`.
  case file
  /// What `lstm-lab serve` gives of these runs.
  case served

  /// Lets an asynchronous script use the page, and returns what it put into `found`.
  ///
  /// - Parameters:
  ///   - name: The file that `report` has written.
  ///   - runs: The runs that are in it.
  func findings<Findings: Decodable>(
    _ type: Findings.Type, _ place: Workplace, _ name: String = "report/report.html",
    runs: String, width: Int, isDark: Bool = false, script: String
  ) throws -> Findings {
    switch self {
    case .file:
      try DrivenPage.findings(type, place, name, width: width, isDark: isDark, script: script)
    case .served:
      try ServedPage(place, "/runs/\(runs)", width: width, isDark: isDark).findings(type, script)
    }
  }
}
