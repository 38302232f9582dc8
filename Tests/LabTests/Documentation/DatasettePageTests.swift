import Foundation
import Testing

/// `docs/datasette.json`, which tells Datasette what is in a database.
@Suite struct DatasettePageTests {
  @Test func `Datasette's file names every view and every private table`() throws {
    struct Metadata: Decodable {
      struct Table: Decodable {
        let description: String?
        let hidden: Bool?
      }
      struct Query: Decodable { let sql: String }
      struct Database: Decodable {
        let tables: [String: Table]
        let queries: [String: Query]
      }
      let databases: [String: Database]
    }
    let place = try Workplace()
    try place.write(Trial(epochs: 1))
    try place.lab("run", "config.json", "-q")
    let file = URL(filePath: SeedExperimentTests.root + "/docs/datasette.json")
    let metadata = try JSONDecoder().decode(Metadata.self, from: Data(contentsOf: file))
    let database = try #require(metadata.databases["lab"])
    func names(_ type: String) throws -> [String] {
      try place.sqlite("SELECT name FROM sqlite_master WHERE type = '\(type)' ORDER BY name")
        .split(separator: "\n").map(String.init)
    }
    let described = database.tables.filter { $0.value.description?.isEmpty == false }.keys.sorted()
    let hidden = database.tables.filter { $0.value.hidden == true }.keys.sorted()
    #expect(try described == names("view"))
    #expect(try hidden == names("table"))
    #expect(database.queries.count >= 3)
    for (name, query) in database.queries {
      let parameters = query.sql.matches(of: #/:[a-z_]+/#).map { String($0.output) }
      let set = Set(parameters).sorted().map { ".parameter set \($0) 1\n" }.joined()
      let answer = try place.sqlite(".parameter init\n" + set + query.sql + ";")
      #expect(!answer.contains("error"), "\(name)")
    }
  }
}
