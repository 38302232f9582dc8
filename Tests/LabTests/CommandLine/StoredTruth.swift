import Foundation
import Testing

/// What the build that wrote a committed database knew about one of its runs.
///
/// `Fixtures/expected.py` printed it; a number has as many digits as tell it from all others.
struct StoredTruth: Decodable {
  /// A value of a column.
  enum Value: Decodable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let integer = try? container.decode(Int64.self) {
        self = .integer(integer)
      } else if let real = try? container.decode(Double.self) {
        self = .real(real)
      } else if let list = try? container.decode([String].self) {
        // JSON has lists where the column has their text.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        self = .text(String(decoding: try encoder.encode(list), as: UTF8.self))
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    /// Reads a field of a CSV line, without quotes.
    init(field: Substring) {
      self =
        field.isEmpty
        ? .null
        : Int64(field).map(Value.integer) ?? Double(field).map(Value.real) ?? .text(String(field))
    }

    /// Compares numbers by value: 1 is 1.0, and infinity is the text that JSON has for it.
    static func == (left: Value, right: Value) -> Bool {
      switch (left, right) {
      case (.null, .null): true
      case (.integer(let left), .integer(let right)): left == right
      case (.text(let left), .text(let right)): left == right
      default: left.number != nil && left.number == right.number
      }
    }

    private var number: Double? {
      switch self {
      case .null: nil
      case .integer(let integer): Double(integer)
      case .real(let real): real
      case .text(let text): ["inf": Double.infinity, "-inf": -Double.infinity][text]
      }
    }
  }

  struct Digest: Decodable {
    let rows: Int
    let sha256: String
  }

  /// The row of the view `runs`, and the message of the run's end.
  let run: [String: Value]
  /// Epoch, learning rate and hash.
  let epochs: [[Value]]
  /// Epoch, split, name and value.
  let metrics: [[Value]]
  let classes: [String]
  /// Of the numbers of a view.
  let digests: [String: Digest]
  /// The exit code of `verify`.
  let verify: Int32
  /// The hash of the epoch after the last, nil where training does not get there.
  let next: String?
  /// The same of a fork of the last epoch.
  let fork: String?

  /// The run's number, as the command line takes it.
  var id: String { integer("run_id").map(String.init) ?? "without a number" }

  /// A column of the view `runs` that has an integer.
  func integer(_ column: String) -> Int? {
    guard case .integer(let value)? = run[column] else { return nil }
    return Int(value)
  }
}

/// The database that the last build of a version of the schema left behind.
enum StoredVersion: Int, CaseIterable {
  case first = 1, second

  private var folder: String {
    "\(SeedExperimentTests.root)/Tests/LabTests/Fixtures/V000\(rawValue)"
  }

  func truth() throws -> [StoredTruth] {
    try JSONDecoder().decode(
      [StoredTruth].self, from: Data(contentsOf: URL(filePath: folder + "/expected.json")))
  }

  /// A folder with a copy of the database and its data, which the runs then look for there.
  func workplace() throws -> Workplace {
    let place = try Workplace()
    for name in ["lab.db", "data"] {
      try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: place.file(name))
    }
    let path = place.path.replacing("'", with: "''")
    _ = try place.sqlite("UPDATE run SET config_directory = '\(path)'")
    return place
  }
}
