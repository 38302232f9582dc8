import LabFormats
import Testing

@testable import Lab

/// The settings of runs by short names, which are the titles of columns.
@Suite struct SettingsTests {
  /// Keys that no configuration of ours has: empty ones, and such with points.
  @Test(arguments: [
    [#""b.":%"#, #""c":{"b.":%}"#], [#""":%"#, #""c":{"":%}"#, #""d":{"":{"":%}}"#],
    [#""b":%"#, #"".b":%"#, #""c":{".b":%,"b":%}"#], [#""b..c":%"#, #""a":{"c":%,".c":%}"#],
  ]) func `each setting has a title of its own, whatever its keys`(members: [String]) throws {
    var settings = Settings()
    for run in 1...2 {
      let config = "{" + members.joined(separator: ",").replacing("%", with: "\(run)") + "}"
      try settings.append(config: config, run: Int64(run))
    }
    let titles = settings.table(of: [0, 1], beside: []).columns.map(\.title)
    #expect(titles.count == settings.paths.count)
    #expect(Set(titles).count == titles.count, "\(titles)")
  }
}
